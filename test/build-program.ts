/** Builds a program of a test into one file, so that many child processes start fast. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

const ROOT = path.resolve(import.meta.dirname, "..");

/**
 * @param entry path below the root
 * @returns the program, below node_modules, where it finds the packages it leaves out; and its removal
 */
export async function buildProgram(entry: string): Promise<{ program: string; remove: () => Promise<void> }> {
  const name = path.basename(entry, ".ts");
  const program = path.join(ROOT, "node_modules/.cache", `${name}-${process.pid}-${Date.now().toString(36)}.mjs`);
  await build({
    entryPoints: [path.join(ROOT, entry)],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
  });
  return { program, remove: () => rm(program, { force: true }) };
}
