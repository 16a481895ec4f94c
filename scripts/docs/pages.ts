/** Which pages are run: all below docs/start and docs/guides. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../build-node.ts";

/** Paths of the pages, relative to the root. */
export function runnablePages(): string[] {
  return ["docs/start", "docs/guides"].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`),
  );
}
