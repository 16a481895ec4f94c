/**
 * The state machine of runs: what one command leads to, given what was before it. Pure, or a replay would not give the
 * same rows. Its table is `transition-table.ts`, for people docs/explain/runs-state-machine.md.
 */
import type { Command } from "../model/step.ts";
import type { Decide, Reads } from "../store/runs.ts";
import { amend } from "./transition/amend.ts";
import { json, refuse } from "./transition/answers.ts";
import { cancel } from "./transition/cancel.ts";
import { end, lost } from "./transition/end.ts";
import { generate } from "./transition/generate.ts";
import { mode } from "./transition/mode.ts";
import { reset } from "./transition/reset.ts";
import { skip, unskip } from "./transition/skip.ts";
import { progress, start } from "./transition/start.ts";
import { watermark } from "./transition/watermark.ts";

interface Rule {
  decide: Decide;
  reads: Reads;
}

const RULES: Readonly<Record<string, Rule>> = {
  GENERATE: { decide: generate, reads: { steps: "run" } },
  START: { decide: start, reads: { steps: "step" } },
  PROGRESS: { decide: progress, reads: { steps: "step" } },
  END: { decide: end, reads: { steps: "run", parameters: true } },
  FAIL: { decide: end, reads: { steps: "run", parameters: true } },
  LOST: { decide: lost, reads: { steps: "run" } },
  SKIP: { decide: skip, reads: { steps: "run" } },
  UNSKIP: { decide: unskip, reads: { steps: "run" } },
  RESET: { decide: reset, reads: { steps: "run", parameters: true } },
  CANCEL: { decide: cancel, reads: { steps: "run" } },
  AMEND: { decide: amend, reads: { steps: "run" } },
  WATERMARK: { decide: watermark, reads: { steps: "step", parameters: true } },
  MODE: { decide: mode, reads: { steps: "run", parameters: true } },
  // What the catalogue was told, kept for people; the catalogue itself is no part of a run.
  CONFIG: { decide: () => ({ verdict: "accepted", answer: {} }), reads: { steps: "run" } },
  // The run takes no more commands, and may be purged.
  CLOSE: {
    decide: ({ steps }) =>
      steps.length === 0
        ? refuse("unknown_task", { message: "There is no such run" })
        : { verdict: "accepted", answer: {}, closesRun: true },
    reads: { steps: "run" },
  },
};

/** Decides a command. */
export const transition: Decide = (situation, command) => {
  const rule = RULES[command.type];
  if (!rule) return refuse("input_invalid", { message: `There is no command ${command.type}` });
  const closedAt = situation.run?.closedAt ?? null;
  if (closedAt !== null) {
    return command.type === "CLOSE"
      ? { verdict: "replayed", answer: json({}) }
      : refuse("run_closed", {
          message: `The run ${command.executionId} was closed at ${closedAt}`,
          hint: "Generate a new one.",
        });
  }
  return rule.decide(situation, command);
};

/** What {@link transition} must be shown of a command. */
export function readsOf(command: Command): Reads {
  return RULES[command.type]?.reads ?? { steps: "step" };
}
