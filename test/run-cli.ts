/** Runs the command line inside a test: streams in memory, a fixed clock, nothing of the machine's environment. */
import { runCli } from "../src/cli/run.ts";

/** What a run left. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Settings of {@link cli}. */
export interface CliOptions {
  env?: Record<string, string>;
  cwd?: string;
  tty?: boolean;
  columns?: number;
  signal?: AbortSignal;
  stdin?: AsyncIterable<Uint8Array>;
  /** UTC text. */
  now?: string;
}

/** A fake workspace takes as many requests a second as come; what our own pace is shows the gate's own test. */
const UNHURRIED = { DATABRICKS_RATE_LIMIT: "1000" };

/** Runs one command line. */
export async function cli(args: string[], options: CliOptions = {}): Promise<Ran> {
  const written = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr") => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTTY: options.tty === true,
    columns: options.tty === true ? (options.columns ?? 100) : undefined,
  });
  const code = await runCli(args, {
    stdout: output("stdout"),
    stderr: output("stderr"),
    stdinIsTTY: false,
    ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
    env: { ...UNHURRIED, ...options.env },
    cwd: options.cwd ?? process.cwd(),
    now: () => Date.parse(options.now ?? "2026-11-20T09:00:00.000Z"),
    signal: options.signal ?? new AbortController().signal,
  });
  return { code, ...written };
}
