/** Builds the program once before the tests that run it. Chunks carry a hash in their name, so a running process keeps its own. */
import path from "node:path";
import { buildNode, ROOT } from "../scripts/build-node.ts";

export default async function setup(): Promise<void> {
  await buildNode(path.join(ROOT, "dist"));
}
