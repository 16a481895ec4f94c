/** Progress of work in many parts: a live line on a terminal, a line for each part where there is none. */
import type { CliContext } from "./context.ts";
import { cutTo } from "./print/width.ts";

/** Shows progress until it is ended. */
export interface Progress {
  /** A part is over: its line stays. */
  line(text: string): void;
  /** What goes on now; only a terminal shows it. */
  live(text: string): void;
  /** Takes the live line away. */
  end(): void;
}

/** Progress on stderr; silent with `--quiet`. */
export function createProgress(context: Pick<CliContext, "stderr" | "globals">): Progress {
  const { stderr } = context;
  if (context.globals.quiet) return { line: () => undefined, live: () => undefined, end: () => undefined };
  if (!stderr.isTTY) return { line: (text) => stderr.write(`${text}\n`), live: () => undefined, end: () => undefined };
  const wipe = "\r\u001b[K";
  let shown = "";
  return {
    line: (text) => stderr.write(`${shown === "" ? "" : wipe}${text}\n${shown}`),
    live: (text) => {
      // one column is left free: a full line would wrap and could not be wiped
      shown = cutTo(text, (stderr.columns ?? 80) - 1);
      stderr.write(wipe + shown);
    },
    end: () => {
      if (shown !== "") stderr.write(wipe);
      shown = "";
    },
  };
}
