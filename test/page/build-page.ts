/** Builds the page before its tests, where dist/web is missing or older than what it is built of. */
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { build } from "vite";

const ROOT = path.resolve(import.meta.dirname, "../..");

function newest(folder: string): number {
  const times = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(path.join(entry.parentPath, entry.name)).mtimeMs);
  return Math.max(0, ...times);
}

function builtAt(): number {
  return statSync(path.join(ROOT, "dist/web/index.html"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

export default async function setup(): Promise<void> {
  if (builtAt() >= newest(path.join(ROOT, "web"))) return;
  await build({ configFile: path.join(ROOT, "web/vite.config.ts"), logLevel: "warn" });
}
