/** What an end does to watermarks and to the mode of the process. */
import type { ProcessMode, WatermarkChange } from "../../model/process.ts";
import type { Command, Step } from "../../model/step.ts";
import type { Situation } from "../../store/runs.ts";
import { endsWithRun, modeAt } from "../mode.ts";
import { isForward } from "../watermark.ts";
import { latestWith } from "./initiation.ts";
import { factsOf, initiationOf } from "./steps.ts";

/** A change of a watermark with the value it had. */
export interface Move extends WatermarkChange {
  before: string | null;
}

/** Changes as an answer tells them. */
export const told = (moves: readonly Move[]) =>
  moves.map(({ name, before, value }) => ({ name, before, after: value }));

/** Changes as the store takes them. */
export const kept = (moves: readonly Move[]): WatermarkChange[] =>
  moves.map(({ before: _before, ...change }) => change);

/**
 * The watermark of a task that is done moves to when the task started, so that rows which changed meanwhile are read
 * again. Only forwards; never for a historic run, nor from a start that was guessed. Where several tasks of the run
 * share it, when the last of them is done: to the earliest of their starts. A value the task gave itself wins.
 *
 * @param changed rows that the command changes, the done one among them
 * @param explicit a value that came with the end
 */
export function advanceOnDone(
  situation: Situation,
  changed: readonly Step[],
  done: Step,
  explicit: string | undefined,
): Move[] {
  const { steps } = situation;
  const name = done.sourceSystemCode;
  const parameter = situation.parameters.find((one) => one.name === name);
  if (name === null || !parameter) return [];
  const facts = factsOf(initiationOf(changed) ? changed : steps);
  if (!facts.watermarks.includes(name)) return [];
  const move = (value: string, reason: string | null): Move[] =>
    isForward(parameter.type, parameter.value, value)
      ? [{ name, value, before: parameter.value, cause: "auto", reason }]
      : [];
  if (explicit !== undefined) return move(explicit, "told by the task");
  if (parameter.type !== "DELTA_DATE" || done.startInferred) return [];
  if (facts.mode === "historic" || modeAt(situation.mode, situation.now) === "historic") return [];
  const sharing = latestWith(steps, changed).filter(
    (step) => step.sourceSystemCode === name && step.phase !== "SKIPPED",
  );
  if (sharing.some((step) => step.status !== "DONE" || step.startInferred)) return [];
  // The task moved it while it ran.
  if (sharing.some((step) => step.metrics?.watermark !== undefined)) return [];
  const earliest = sharing.map((step) => step.startTime ?? "").sort()[0];
  return earliest ? move(earliest, null) : [];
}

/** A historic run that completed: its process is live again, unless it was told to stay. */
export function returnToLive(
  situation: Situation,
  initiation: readonly Step[],
  command: Command,
): { mode: ProcessMode | undefined; moves: Move[] } {
  const { mode, now, parameters } = situation;
  const completed = initiation.some((step) => step.status === "DONE");
  if (!completed || !mode || !endsWithRun(mode) || mode.historicDate !== command.processingDate) {
    return { mode: undefined, moves: [] };
  }
  const date = parameters.find((one) => one.name === "SYSDT");
  return {
    mode: { ...mode, mode: "live", historicDate: null, since: now, until: null, actor: command.actor },
    moves: date?.value
      ? [{ name: "SYSDT", value: null, before: date.value, cause: "mode", reason: "the historic run is complete" }]
      : [],
  };
}
