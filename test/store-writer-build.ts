/** Builds `store-writer.ts` into one file, so that many child processes start fast. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

const ROOT = path.resolve(import.meta.dirname, "..");

/** @returns the program, below node_modules, where it finds the packages it leaves out; and its removal */
export async function buildStoreWriter(): Promise<{ program: string; remove: () => Promise<void> }> {
  const program = path.join(ROOT, "node_modules/.cache", `store-writer-${process.pid}.mjs`);
  await build({
    entryPoints: [path.join(ROOT, "test/store-writer.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
  });
  return { program, remove: () => rm(program, { force: true }) };
}
