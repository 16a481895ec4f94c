/** Runs a command with its output and signals passed through, and keeps the end of what it said. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import type { CliContext, Output } from "../context.ts";

/** How a command ended. */
export interface Ended {
  /** Its own code; 128 + n for signal n, 127 where it was not found, 126 where it may not be run. */
  code: number;
  /** Name of the signal that ended it. */
  signal: string | null;
  /** Why it could not be run at all. */
  notRun: string | null;
  /** The end of what it wrote, both streams in the order of their arrival. */
  tail: string;
}

const TAIL_BYTES = 16_384;

/** Keeps the last bytes of what goes by. */
function createTail(most: number) {
  let kept = Buffer.alloc(0);
  return {
    add(bytes: Uint8Array) {
      kept = Buffer.concat([kept, bytes]).subarray(-most);
    },
    text: () => kept.toString("utf8"),
  };
}

/** Passes a stream on; ends it at its source when nobody reads it any more, as without us. */
async function passOn(from: Readable, to: Output, seen: (bytes: Uint8Array) => void): Promise<void> {
  for await (const chunk of from) {
    const bytes = chunk as Buffer;
    seen(bytes);
    if (to.pass) to.pass(bytes);
    else to.write(bytes.toString("utf8"));
    if (to.drained && !(await to.drained())) return;
  }
}

/**
 * Runs a command to its end. Signals that reach us go to it; a Ctrl-C of the terminal reaches it by itself.
 * @param env all variables it gets
 */
export async function runCommand(
  context: CliContext,
  [program = "", ...args]: readonly string[],
  env: Record<string, string | undefined>,
): Promise<Ended> {
  const tail = createTail(TAIL_BYTES);
  const child = spawn(program, args, { cwd: context.cwd, env, stdio: ["inherit", "pipe", "pipe"] });
  context.takeSignals?.((signal) => {
    const fromTerminal = signal === "SIGINT" || signal === "SIGQUIT" || signal === "SIGHUP";
    if (!(fromTerminal && context.stdinIsTTY)) child.kill(signal);
  });
  const stop = () => child.kill("SIGTERM");
  context.signal.addEventListener("abort", stop, { once: true });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null; error: Error | null }>((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, error }));
    child.once("close", (code, signal) => resolve({ code, signal, error: null }));
  });
  const passed = Promise.all([
    passOn(child.stdout, context.stdout, tail.add),
    passOn(child.stderr, context.stderr, tail.add),
  ]);
  const { code, signal, error } = await ended;
  context.signal.removeEventListener("abort", stop);
  if (error !== null) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return { code: missing ? 127 : 126, signal: null, notRun: error.message, tail: "" };
  }
  await passed;
  const number = signal === null ? 0 : (constants.signals[signal] ?? 0);
  return { code: code ?? 128 + number, signal, notRun: null, tail: tail.text() };
}
