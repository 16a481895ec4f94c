/** Builds a program of a test, so that many child processes start fast. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { buildNode, ROOT } from "../scripts/build-node.ts";

/**
 * @param entry path below the root
 * @returns the program, below node_modules, where it finds the packages it leaves out; and its removal
 */
export async function buildProgram(entry: string): Promise<{ program: string; remove: () => Promise<void> }> {
  const name = path.basename(entry, ".ts");
  const folder = path.join(ROOT, "node_modules/.cache", `${name}-${process.pid}-${Date.now().toString(36)}`);
  await buildNode(folder, { entries: { [name]: entry } });
  return { program: path.join(folder, `${name}.js`), remove: () => rm(folder, { recursive: true, force: true }) };
}
