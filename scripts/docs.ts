/**
 * `npm run docs [-- FILTER…] [--update]`: builds, does what the pages of `docs/start` and `docs/guides` tell their
 * reader, and shows where something else comes out than the page says; `--update` writes it into the page.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildNode, ROOT } from "./build-node.ts";
import { withOutputs } from "./docs/page.ts";
import { runnablePages } from "./docs/pages.ts";
import { runPage } from "./docs/session.ts";

const args = process.argv.slice(2);
const update = args.includes("--update");
const filters = args.filter((arg) => !arg.startsWith("--"));
await buildNode(path.join(ROOT, "dist"));
let wrong = 0;
for (const name of runnablePages().filter(
  (page) => filters.length === 0 || filters.some((part) => page.includes(part)),
)) {
  const file = path.join(ROOT, name);
  const text = readFileSync(file, "utf8");
  const { commands, differences } = await runPage(text, path.join(ROOT, "dist/main.js"));
  if (update && differences.length > 0) {
    writeFileSync(
      file,
      withOutputs(
        text,
        differences.map(({ from, to, actual }) => ({ from, to, output: actual })),
      ),
    );
  } else wrong += differences.length;
  for (const { line, command, expected, actual } of differences)
    console.log(`${name}:${line}: $ ${command}\nthe page:\n${expected}\nnow:\n${actual}\n`);
  console.log(`${name}: ${commands} commands, ${differences.length} ${update ? "rewritten" : "differ"}`);
}
process.exitCode = wrong === 0 ? 0 : 1;
