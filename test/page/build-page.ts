/** Builds the page before its tests, where dist/web is missing or older than what it is built of. */
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";

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

export default function setup(): void {
  if (builtAt() >= newest(path.join(ROOT, "web"))) return;
  // A process of its own: under NODE_ENV=test, which vitest sets, the page would get React's development build.
  const { status, stderr } = spawnSync(
    path.join(ROOT, "node_modules/.bin/vite"),
    ["build", "web", "--logLevel", "warn"],
    {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: "production" },
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(`The page could not be built:\n${stderr}`);
}
