/** `headgate --help` starts fast because it loads nothing but the command line. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compareCpu, measureNode } from "../../bench/measure/child.ts";
import { ROOT } from "../tree/files.ts";

const MAIN = path.join(ROOT, "dist/main.js");
const MOST_TIMES_OF_BARE_NODE = 2.5;
/** What the help of the command line may be made of. */
const ALLOWED = [
  /^src\/cli\//,
  /^src\/main\.ts$/,
  /^src\/errors\.ts$/,
  /^src\/util\//,
  /^node_modules\/@stricli\/core\//,
];
const HEAVY_BUILTINS = ["http", "https", "http2", "net", "tls", "dns", "child_process", "worker_threads", "zlib"];

/** Scripts a run loaded, from the coverage that V8 writes: every module, however it was imported. */
const scriptsOf = async (...args: string[]): Promise<string[]> => {
  const folder = await mkdtemp(path.join(tmpdir(), "headgate-scripts-"));
  try {
    const run = await measureNode([MAIN, ...args], { env: { NODE_V8_COVERAGE: folder } });
    expect(run.exitCode).toBe(0);
    const reports = await Promise.all((await readdir(folder)).map((name) => readFile(path.join(folder, name), "utf8")));
    return reports
      .flatMap((text) => (JSON.parse(text) as { result: { url: string }[] }).result)
      .filter(({ url }) => url.startsWith("file:"))
      .map(({ url }) => fileURLToPath(url))
      .filter((file) => !file.startsWith(path.join(ROOT, "bench/measure/")));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Source files inside a chunk: esbuild writes a comment with the path before each. */
const sourcesOf = async (chunk: string): Promise<string[]> => {
  const text = await readFile(chunk, "utf8");
  return [...text.matchAll(/^\/\/ ((?:src|fakes|node_modules)\/\S+)$/gm)].map((match) => match[1] as string);
};

describe("headgate --help", () => {
  it("loads the command line and nothing else", async () => {
    const scripts = await scriptsOf("--help");
    expect(scripts).toContain(MAIN);
    expect(scripts.filter((file) => !file.startsWith(path.join(ROOT, "dist/")))).toEqual([]);
    const sources = (await Promise.all(scripts.map(sourcesOf))).flat();
    expect(sources).toContain("src/main.ts");
    expect(sources).toContain("src/cli/run.ts");
    expect(sources.filter((file) => !ALLOWED.some((pattern) => pattern.test(file)))).toEqual([]);
  });

  it("loads no network module of Node", async () => {
    const { builtins } = await measureNode([MAIN, "--help"]);
    const bare = await measureNode(["-e", "process.stdout.write('')"]);
    const more = builtins
      .filter((name) => !bare.builtins.includes(name))
      .map((name) => name.replace("NativeModule ", ""));
    expect(more.filter((name) => HEAVY_BUILTINS.includes(name))).toEqual([]);
  });

  it(`takes at most ${MOST_TIMES_OF_BARE_NODE} times the CPU of bare Node`, async () => {
    const { ratio } = await compareCpu([MAIN, "--help"], ["-e", "0"], 7);
    expect(ratio).toBeLessThanOrEqual(MOST_TIMES_OF_BARE_NODE);
  });
});
