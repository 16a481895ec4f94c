/** Faults in what a user wrote: one line each, errors before warnings, then their number. */
import { formatProblem, type Problem } from "../../model/problem.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { count } from "./value.ts";

function before(a: Problem, b: Problem): number {
  const rank = (problem: Problem) => (problem.severity === "error" ? 0 : 1);
  const file = (problem: Problem) => problem.place?.file ?? "";
  return (
    rank(a) - rank(b) ||
    (file(a) < file(b) ? -1 : file(a) > file(b) ? 1 : 0) ||
    (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
    (a.place?.column ?? 0) - (b.place?.column ?? 0)
  );
}

/** Problems in the order in which they are shown and written as JSON: errors first, then by place. */
export function sortedProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(before);
}

/** `error jobs/a.yml:3:5 path: what — hint`, one line each. */
export function problemLines(style: Style, problems: readonly Problem[]): string[] {
  return sortedProblems(problems).map((problem) => {
    const word = problem.severity === "error" ? paint(style, "bad", "error") : paint(style, "warn", "warning");
    return `${word} ${safe(formatProblem(problem))}`;
  });
}

/** `2 errors, 1 warning`, or "" when there is none. */
export function problemCount(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const warnings = problems.length - errors;
  return [errors > 0 ? count(errors, "error") : "", warnings > 0 ? count(warnings, "warning") : ""]
    .filter((part) => part !== "")
    .join(", ");
}

/** The result of `jobs validate` as text. */
export function validateText(style: Style, result: { jobs: number; problems: readonly Problem[] }): string {
  const lines = problemLines(style, result.problems);
  const number = problemCount(result.problems);
  const sum = number === "" ? `${count(result.jobs, "job")}, no problems` : `${count(result.jobs, "job")}, ${number}`;
  return `${[...lines, paint(style, number === "" ? "good" : "strong", sum)].join("\n")}\n`;
}
