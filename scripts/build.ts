/** `npm run build`: an empty dist/, then the bundle (esbuild), the types (tsc) and the page (vite). */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { buildNode, buildTypes, ROOT } from "./build-node.ts";

const run = (command: string, ...args: string[]): void => {
  const { status } = spawnSync(path.join(ROOT, "node_modules/.bin", command), args, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
};

rmSync(path.join(ROOT, "dist"), { recursive: true, force: true });
await buildNode(path.join(ROOT, "dist"));
await buildTypes(path.join(ROOT, "dist/types"));
if (existsSync(path.join(ROOT, "web/index.html")))
  run("vite", "build", "web", "--outDir", "../dist/web", "--emptyOutDir");
