/** A fault in something a user wrote, with its place. */

/** Where in a file: line and column count from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** One fault in a config, declaration or input file. All faults are gathered and shown at once. */
export interface Problem {
  severity: "error" | "warning";
  /** Stable, for machines: `unknown_key`, `wrong_type`, `bad_reference`, … */
  code: string;
  place: Place | undefined;
  /** Dotted path inside the document (`jobs.nightly.tasks[0].max_retrys`), or "". */
  path: string;
  /** What is wrong, without the place. */
  message: string;
  /** What to do about it. */
  hint?: string | undefined;
  /** The resource it makes unusable; the other resources go on. */
  resource?: string | undefined;
}

/** One line: `file:line:column path: message — hint`. */
export function formatProblem(problem: Problem): string {
  const place = problem.place ? `${problem.place.file}:${problem.place.line}:${problem.place.column} ` : "";
  const path = problem.path === "" ? "" : `${problem.path}: `;
  return `${place}${path}${problem.message}${problem.hint ? ` — ${problem.hint}` : ""}`;
}
