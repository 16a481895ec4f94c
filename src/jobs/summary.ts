/** Counts of a plan's rows. Pure. */
import type { Change, PlanSummary } from "../model/plan.ts";

/** How many rows a plan has of each action, and how many with a field that somebody else moved. */
export function summaryOf(changes: readonly Change[]): PlanSummary {
  const summary: PlanSummary = {
    create: 0,
    update: 0,
    recreate: 0,
    recover: 0,
    delete: 0,
    noop: 0,
    conflict: 0,
    refused: 0,
    drift: 0,
  };
  for (const change of changes) {
    summary[change.action] += 1;
    if (change.fields.some((field) => field.kind === "drift")) summary.drift += 1;
  }
  return summary;
}
