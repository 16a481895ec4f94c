/** Builds the program and the library: bundle by esbuild (lazily imported verbs become chunks), types by tsc. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { type BuildResult, build } from "esbuild";

/** Root of the repository. */
export const ROOT = path.resolve(import.meta.dirname, "..");

/** Bundle name → source file; the names are those of `bin` and `exports` in package.json. */
export const ENTRIES: Readonly<Record<string, string>> = {
  main: "src/main.ts",
  index: "src/index.ts",
  client: "src/client/index.ts",
  model: "src/model/index.ts",
  testing: "fakes/index.ts",
};

/**
 * Packages that are copied into the bundle because commands start faster with them in it (figures:
 * docs/decisions/0002-bundled-packages.md). All other dependencies are loaded from node_modules when they are needed.
 */
export const BUNDLED = [
  "@stricli/core",
  "zod",
  "yaml",
  "js-yaml",
  "lossless-json",
  "p-queue",
  "kysely",
  "hono",
  "@hono/node-server",
];

/** `yaml` is CommonJS inside and asks for built-in modules with `require`, which a module does not have. */
const BANNER =
  'import { createRequire as requireFrom } from "node:module";\nconst require = requireFrom(import.meta.url);';

const dependencies = (): string[] => {
  const text = readFileSync(path.join(ROOT, "package.json"), "utf8");
  return Object.keys((JSON.parse(text) as { dependencies: Record<string, string> }).dependencies);
};

/**
 * Writes the bundle.
 *
 * @param outdir folder for the result, absolute
 * @param options.bundled instead of {@link BUNDLED}
 * @param options.entries instead of {@link ENTRIES}
 * @returns esbuild's result with its metafile
 */
export function buildNode(
  outdir: string,
  {
    bundled = BUNDLED,
    entries = ENTRIES,
  }: { bundled?: readonly string[]; entries?: Readonly<Record<string, string>> } = {},
): Promise<BuildResult<{ metafile: true }>> {
  return build({
    absWorkingDir: ROOT,
    entryPoints: { ...entries },
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.18",
    chunkNames: "chunks/[name]-[hash]",
    banner: { js: BANNER },
    external: dependencies().filter((name) => !bundled.includes(name)),
    legalComments: "linked",
    metafile: true,
    logLevel: "warning",
  });
}

/**
 * Writes the declarations.
 *
 * @param outdir folder for the result, absolute
 * @param options.checked the types are known to be right: only declarations are written, in less than half the time
 * @throws Error with what tsc says where a type is wrong
 */
export async function buildTypes(outdir: string, { checked = false } = {}): Promise<void> {
  const tsc = path.join(ROOT, "node_modules/.bin/tsc");
  const args = ["-p", "tsconfig.build.json", "--outDir", outdir, ...(checked ? ["--noCheck"] : [])];
  await promisify(execFile)(tsc, args, { cwd: ROOT }).catch((error: Error & { stdout?: string }) => {
    throw new Error(`types: ${error.stdout || error.message}`);
  });
}
