/** `npm run bench [name…]`: builds the program, runs the benchmarks and prints one JSON line a headline. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { buildNode, ROOT } from "../scripts/build-node.ts";
import type { Headline } from "./measure/headline.ts";

const known = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".ts") && name !== "run.ts")
  .map((name) => name.replace(/\.ts$/, ""));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there are: ${known.join(", ")}`);
  process.exit(64);
}

await buildNode(path.join(ROOT, "dist"));
let over = 0;
for (const name of asked.length > 0 ? asked : known) {
  const bench = (await import(path.join(import.meta.dirname, `${name}.ts`))) as { run(): Promise<Headline[]> };
  for (const line of await bench.run()) {
    const broken = line.limit !== undefined && line.value > line.limit;
    if (broken) over += 1;
    console.log(JSON.stringify({ bench: name, ...line, ...(broken ? { over: true } : {}) }));
  }
}
process.exitCode = over === 0 ? 0 : 1;
