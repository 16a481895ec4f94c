/** Questions to a person, on stderr, so that stdout stays the answer. */
import { HeadgateError } from "../errors.ts";
import type { CliContext } from "./context.ts";

/** Whether a person can be asked: input and talk are a terminal, and no CI runs this. */
export function canAsk(context: Pick<CliContext, "stdinIsTTY" | "stderr" | "env">): boolean {
  return context.stdinIsTTY && context.stderr.isTTY && (context.env.CI ?? "") === "";
}

/**
 * Asks a question that is answered with yes or no; no is preset.
 * @throws HeadgateError `interrupted` when the question is left with Ctrl-C
 */
export async function confirm(context: Pick<CliContext, "signal">, message: string): Promise<boolean> {
  const prompts = await import("@clack/prompts");
  const answer = await prompts.confirm({
    message,
    initialValue: false,
    output: process.stderr,
    signal: context.signal,
  });
  if (prompts.isCancel(answer)) throw new HeadgateError("interrupted", "interrupted; nothing was sent");
  return answer;
}
