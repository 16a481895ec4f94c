/** How an error is told: as text on stderr, or as one JSON object on stdout; never with a secret. */
import { ERROR_CODES, HeadgateError } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import { formatJson } from "../util/int64-json.ts";
import { problemCount, problemLines } from "./print/problems.ts";
import { safe } from "./print/safe.ts";
import { PLAIN, paint } from "./print/style.ts";

/** An error as it is told. */
export interface Failure {
  code: string;
  message: string;
  hint: string | undefined;
  data: Record<string, unknown> | undefined;
  exitCode: number;
  /** The whole trace with its causes, for `--verbose`. */
  trace: string;
}

function traceOf(thrown: unknown): string {
  const lines: string[] = [];
  let current: unknown = thrown;
  for (let depth = 0; current !== undefined && depth < 8; depth++) {
    const prefix = depth === 0 ? "" : "caused by: ";
    lines.push(prefix + (current instanceof Error ? (current.stack ?? current.message) : String(current)));
    current = current instanceof Error ? current.cause : undefined;
  }
  return lines.join("\n");
}

/**
 * What to tell about anything that was thrown. An interruption is one whatever it broke; what is no
 * {@link HeadgateError} is a bug and says so.
 */
export function failureOf(thrown: unknown, interrupted: boolean): Failure {
  const trace = traceOf(thrown);
  if (interrupted) {
    const own = thrown instanceof HeadgateError && thrown.code !== "interrupted" ? thrown : undefined;
    const message = own === undefined ? "interrupted" : `interrupted: ${own.message}`;
    return { code: "interrupted", message, hint: own?.hint, data: own?.data, exitCode: ERROR_CODES.interrupted, trace };
  }
  if (thrown instanceof HeadgateError) {
    const { code, message, hint, data, exitCode } = thrown;
    return { code, message, hint, data, exitCode, trace };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: "internal",
    message: `internal error: ${message}`,
    hint: "this is a fault of headgate; --verbose shows where it happened",
    data: undefined,
    exitCode: ERROR_CODES.internal,
    trace,
  };
}

/** Faults of a config or declaration that came with an error; empty where there are none. */
function problemsOf(data: Failure["data"]): Problem[] {
  return Array.isArray(data?.problems) ? (data.problems as Problem[]) : [];
}

/** The lines for stderr. Of several faults in a file each is shown at its place. */
export function failureText(failure: Failure, options: { color: boolean; trace: boolean }): string {
  const problems = problemsOf(failure.data);
  const several = problems.length > 1;
  const lines = several ? problemLines({ ...PLAIN, color: options.color }, problems) : [];
  lines.push(`${paint(options, "bad", "error:")} ${several ? problemCount(problems) : safe(failure.message)}`);
  if (failure.hint !== undefined && !several) lines.push(`${paint(options, "change", "hint:")} ${safe(failure.hint)}`);
  if (options.trace) lines.push(paint(options, "faint", failure.trace.split("\n").map(safe).join("\n")));
  return `${lines.join("\n")}\n`;
}

/** The one object for stdout. */
export function failureJson({ code, message, hint, data }: Failure): string {
  return `${formatJson({ error: { code, message, hint: hint ?? null, data: data ?? {} } }, 2)}\n`;
}
