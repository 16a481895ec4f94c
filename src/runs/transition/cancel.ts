/** CANCEL: what of a run has not ended fails, with the code CANCELLED. */
import type { CancelAnswer } from "../../model/run-answer.ts";
import type { Command, Step } from "../../model/step.ts";
import type { Decision, Situation } from "../../store/runs.ts";
import { json, refuse } from "./answers.ts";
import { type CancelPayload, payloadOf } from "./payload.ts";
import { between, cutMessage, initiationOf, latestTasks } from "./steps.ts";

/** Decides a CANCEL. */
export function cancel({ now, steps }: Situation, command: Command): Decision {
  if (steps.length === 0) {
    return refuse("unknown_task", { message: `There is no run ${command.executionId}`, hint: "Generate it first." });
  }
  const open = latestTasks(steps).filter((step) => step.phase === "QUEUED" || step.phase === "RUNNING");
  const answer: CancelAnswer = {
    projectCode: command.projectCode,
    processLoad: command.processLoad,
    processingDate: command.processingDate ?? "",
    executionId: command.executionId ?? "",
    cancelled: open.length,
    replayed: open.length === 0,
  };
  if (open.length === 0) return { verdict: "replayed", answer: json(answer) };
  const message = cutMessage(payloadOf<CancelPayload>(command).reason);
  const cancelled = (step: Step): Step => ({
    ...step,
    status: "FAIL",
    phase: "ENDED",
    endTime: now,
    durationMs: step.startTime === null ? null : between(step.startTime, now),
    logMessage: message,
    logType: "WARN",
    logCode: "CANCELLED",
  });
  const initiation = initiationOf(steps);
  return {
    verdict: "accepted",
    answer: json(answer),
    steps: [...(initiation ? [cancelled(initiation)] : []), ...open.map(cancelled)],
    leases: open.filter((step) => step.phase === "RUNNING").map((step) => ({ ...step, holder: null, expiresAt: null })),
  };
}
