#!/usr/bin/env node
/** Process entry: hands the real process to the command line, turns signals into a wish to stop, and sets the exit code. */
import type { Output } from "./cli/context.ts";
import { runCli } from "./cli/run.ts";
import { ERROR_CODES, HeadgateError } from "./errors.ts";

/**
 * A stream whose reader may go away (`headgate jobs list | head -1`). What is written afterwards is dropped: an apply
 * must not die half-way because nobody reads its talk.
 */
function output(stream: NodeJS.WriteStream): Output {
  let gone = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    gone = true;
    if (error.code !== "EPIPE") process.exitCode = ERROR_CODES.internal;
  });
  return {
    write: (text) => {
      if (!gone) stream.write(text);
    },
    pass: (bytes) => {
      if (!gone) stream.write(bytes);
    },
    drained: async () => {
      if (!gone && stream.writableNeedDrain) {
        await new Promise<void>((resolve) => {
          const ends = ["drain", "close", "error"];
          const done = (): void => {
            for (const name of ends) stream.off(name, done);
            resolve();
          };
          for (const name of ends) stream.on(name, done);
        });
      }
      return !gone;
    },
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
  };
}

const stop = new AbortController();
const stderr = output(process.stderr);
let taken: ((signal: NodeJS.Signals) => void) | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (taken !== undefined) return taken(signal);
    if (stop.signal.aborted) process.exit(ERROR_CODES.interrupted);
    stderr.write("stopping (once more to quit at once)\n");
    stop.abort(new HeadgateError("interrupted", "interrupted", { data: { signal } }));
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: output(process.stdout),
  stderr,
  stdinIsTTY: process.stdin.isTTY === true,
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  now: Date.now,
  signal: stop.signal,
  takeSignals(handler) {
    taken = handler;
    for (const signal of ["SIGHUP", "SIGQUIT", "SIGUSR2"] as const) process.on(signal, () => handler(signal));
  },
});
