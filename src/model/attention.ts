/** Which jobs of the fleet wait for a person, and which are not as declared: one meaning for counts and filters. */
import type { JobRow } from "./view.ts";

/** True for a job that went wrong, is late or stuck, or whose difference nobody but a person can settle. */
export function needsYou(row: JobRow): boolean {
  return (
    row.verdict.state === "failed" ||
    row.verdict.state === "stuck" ||
    row.verdict.state === "late" ||
    row.difference.kind === "conflict" ||
    row.difference.kind === "refused"
  );
}

/** True for a job whose declaration and workspace are not the same. */
export function differs(row: JobRow): boolean {
  return row.difference.kind !== "same";
}

/** The counts of a fleet. */
export function fleetCounts(rows: readonly JobRow[]): { all: number; needYou: number; differ: number } {
  return { all: rows.length, needYou: rows.filter(needsYou).length, differ: rows.filter(differs).length };
}
