/** `npm run build`: the bundle (esbuild), the types (tsc) and the page (vite) into dist/; what was there stays where the first two fail. */
import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { buildNode, buildTypes, ROOT } from "./build-node.ts";

const DIST = path.join(ROOT, "dist");
const NEXT = path.join(ROOT, "node_modules/.cache/headgate-dist");

rmSync(NEXT, { recursive: true, force: true });
mkdirSync(NEXT, { recursive: true });
await buildNode(NEXT);
await buildTypes(path.join(NEXT, "types"));
rmSync(DIST, { recursive: true, force: true });
renameSync(NEXT, DIST);

const { status } = spawnSync(path.join(ROOT, "node_modules/.bin/vite"), ["build", "web"], {
  cwd: ROOT,
  stdio: "inherit",
});
process.exit(status ?? 1);
