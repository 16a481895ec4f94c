/** The answer on top of a run: is it whole, and if not, when. Pure. */
import type { RunTimelineView } from "../../../../src/model/view-runs.ts";
import { healthWord } from "../../../words/run-state.ts";
import { near } from "../../../words/time.ts";

/** `Late: ready at 07:12, due 06:30`. */
export function runTitle(run: RunTimelineView, now: Date, zone: string): string {
  const { word } = healthWord(run.verdict);
  const at = (text: string) => near(text, now, zone);
  const due = run.deadlineAt === null ? "" : `, due ${at(run.deadlineAt)}`;
  if (run.executionId === null) return `${word}: no run on this day${due}`;
  if (run.endedAt !== null) return `${word}: ended ${at(run.endedAt)}${due}`;
  if (run.readyAt !== null) {
    const guess = run.unknown > 0 ? "not before" : "ready at";
    return `${word}: ${guess} ${at(run.readyAt)}${due}`;
  }
  return `${word}: stands still${due}`;
}
