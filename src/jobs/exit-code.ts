/** The exit code of an apply, by what became of its changes. Pure. */

/** What {@link applyExitCode} looks at. */
export interface Ending {
  /** Number of changes that were made. */
  done: number;
  /** Codes of rows that were left out and should not have been (conflicts, refusals). */
  refused: readonly string[];
  /** What went wrong on the way. */
  failures: readonly { code: string; permanent?: boolean | undefined }[];
  interrupted: boolean;
}

/** Refusals of a safety rule: where nothing was sent, they are exit 3. */
const SAFETY = new Set([
  "owner_conflict",
  "plan_stale",
  "field_conflict",
  "conflict",
  "lock_lost",
  "announced",
  "drift_policy",
  "entangled",
]);

/**
 * 130 interrupted · 0 all done · 77 something is not allowed · 3 refused by a safety rule, nothing done · 65 nothing but
 * invalid declarations · 75 all that is left can be repeated · 1 what is left cannot.
 */
export function applyExitCode({ done, refused, failures, interrupted }: Ending): number {
  const codes = [...failures.map((failure) => failure.code), ...refused];
  if (interrupted) return 130;
  if (codes.length === 0) return 0;
  if (codes.some((code) => code === "forbidden" || code === "unauthorized")) return 77;
  if (done === 0 && codes.every((code) => SAFETY.has(code))) return 3;
  if (codes.every((code) => code === "invalid")) return done === 0 ? 65 : 1;
  return refused.length === 0 && failures.every((failure) => failure.permanent === false) ? 75 : 1;
}
