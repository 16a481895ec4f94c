/** The checks of `headgate doctor`: one line each, and what to ask for where one fails. */
import { ERROR_CODES, type ErrorCode } from "../../errors.ts";
import { formatJson } from "../../util/int64-json.ts";
import { safe } from "./safe.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { count } from "./value.ts";
import { pad } from "./width.ts";

/** One thing that was checked. */
export interface Check {
  /** `config`, `credentials`, `jobs`, `state folder`, `clock`, `store`. */
  name: string;
  state: "ok" | "warn" | "fail";
  message: string;
  hint?: string | undefined;
  /** The grant to ask for. */
  grant?: string | undefined;
  /** Code of the error that made it fail. */
  code?: ErrorCode | undefined;
}

const TONE: Record<Check["state"], Tone> = { ok: "good", warn: "warn", fail: "bad" };

/** 0 when nothing fails, 77 when a right is missing, 65 when config or input is wrong, else 1. */
export function doctorExitCode(checks: readonly Check[]): number {
  const codes = checks.filter(({ state }) => state === "fail").map(({ code }) => ERROR_CODES[code ?? "internal"]);
  if (codes.length === 0) return 0;
  return codes.includes(77) ? 77 : codes.includes(65) ? 65 : 1;
}

/** The checks as text. */
export function doctorText(style: Style, checks: readonly Check[]): string {
  const width = Math.max(0, ...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, state, message, hint, grant }) => {
    const indent = " ".repeat(width + 8);
    const more: string[] = [];
    if (grant !== undefined) more.push(`${indent}${paint(style, "strong", "grant:")} ${safe(grant)}`);
    if (hint !== undefined) more.push(`${indent}${paint(style, "change", "hint:")} ${safe(hint)}`);
    return [`${paint(style, TONE[state], pad(state, 4))}  ${pad(name, width)}  ${safe(message)}`, ...more];
  });
  const failed = checks.filter(({ state }) => state === "fail").length;
  const warned = checks.filter(({ state }) => state === "warn").length;
  const sum =
    failed > 0
      ? `${count(failed, "check")} failed`
      : warned > 0
        ? `all well but for ${count(warned, "warning")}`
        : "all well";
  return `${[...lines, "", paint(style, failed > 0 ? "bad" : "good", sum)].join("\n")}\n`;
}

/** The checks for machines, in the order in which they were made. */
export function doctorJson(checks: readonly Check[]): string {
  const list = checks.map(({ name, state, message, hint, grant, code }) => ({
    name,
    state,
    message,
    hint,
    grant,
    code,
  }));
  return formatJson({ checks: list, ok: doctorExitCode(checks) === 0 }, 2);
}
