/** What every command is given: global flags, streams, the talk, and the wish to stop. */
import type { Log } from "../util/log.ts";
import type { Globals } from "./globals.ts";
import type { Style } from "./print/style.ts";

/** A stream to write text to. */
export interface Output {
  write(text: string): void;
  /** Writes bytes as they are, nothing masked: of a command whose output is passed through. Absent: as text. */
  pass?(bytes: Uint8Array): void;
  readonly isTTY: boolean;
  /** Width of the terminal in columns, where it is one. */
  readonly columns: number | undefined;
  /** Waits until what was written is taken. @returns false when nobody reads any more; absent: written at once */
  drained?(): Promise<boolean>;
}

/** The process as the command line sees it; only `main.ts` makes one of the real process. */
export interface CliProcess {
  stdout: Output;
  stderr: Output;
  /** Whether a person may be asked: the input is a terminal. */
  stdinIsTTY: boolean;
  /** The bytes of the input; absent where there is none. */
  stdin?: AsyncIterable<Uint8Array>;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  /** Aborted when the user interrupts. */
  signal: AbortSignal;
  /** Hands signals of the process to a command that forwards them, instead of aborting. Absent where there are none. */
  takeSignals?(handler: (signal: NodeJS.Signals) => void): void;
}

/** How an answer may be written. */
export type Format = "text" | "json" | "markdown";

/** The surroundings of one command. Both streams mask known secrets. */
export interface CliContext extends CliProcess {
  globals: Globals;
  format: Format;
  log: Log;
  /** How text on stdout looks. */
  style: Style;
}

/** Writes the answer in the format that was asked for, ended by a line feed; JSON as the model has it. */
export function answer(
  context: CliContext,
  forms: { text: () => string; json: () => string; markdown?: () => string },
) {
  const form = context.format === "json" ? forms.json : context.format === "markdown" ? forms.markdown : forms.text;
  const text = (form ?? forms.text)();
  if (text !== "") context.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}
