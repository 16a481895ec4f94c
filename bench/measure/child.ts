/** Runs a Node program as a child and tells what it cost: CPU, peak memory, the built-in modules it loaded. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** Cost and outcome of one child process. */
export interface Measured {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** User and system CPU of the whole process, Node's own start included, in milliseconds. */
  cpuMs: number;
  userMs: number;
  /** Peak resident memory in MB (2^20 bytes). */
  peakMb: number;
  /** Built-in modules as Node lists them (`NativeModule http`, …). */
  builtins: string[];
}

const AT_EXIT = path.join(import.meta.dirname, "at-exit.cjs");

/**
 * Runs `node ARGS`.
 *
 * @throws Error where the process ended without leaving its figures (killed by a signal)
 */
export async function measureNode(
  args: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Measured> {
  const folder = await mkdtemp(path.join(tmpdir(), "headgate-measure-"));
  const file = path.join(folder, "cost.json");
  try {
    const child = spawn(process.execPath, ["--require", AT_EXIT, ...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env, HEADGATE_MEASURE: file },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (part) => (stdout += part));
    child.stderr.setEncoding("utf8").on("data", (part) => (stderr += part));
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? -1));
    });
    const cost = JSON.parse(await readFile(file, "utf8")) as Omit<Measured, "exitCode" | "stdout" | "stderr">;
    return { exitCode, stdout, stderr, ...cost };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Middle value; of an even number the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/**
 * CPU of two programs, run in turn so that both see the same machine.
 *
 * @returns medians in milliseconds, and the median of the ratios of the pairs
 */
export async function compareCpu(
  program: string[],
  baseline: string[],
  rounds: number,
): Promise<{ cpuMs: number; baselineMs: number; ratio: number }> {
  const pairs: { mine: number; theirs: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const theirs = (await measureNode(baseline)).cpuMs;
    const mine = (await measureNode(program)).cpuMs;
    pairs.push({ mine, theirs });
  }
  return {
    cpuMs: median(pairs.map(({ mine }) => mine)),
    baselineMs: median(pairs.map(({ theirs }) => theirs)),
    ratio: median(pairs.map(({ mine, theirs }) => mine / theirs)),
  };
}
