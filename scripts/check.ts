/** `npm run check`: types, lint and format, import layers, unused code. Runs all of them and says which failed. */
import { spawn } from "node:child_process";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");

const STEPS: [name: string, command: string, ...args: string[]][] = [
  ["types", "tsc", "-p", "."],
  ["types of the page", "tsc", "-p", "web"],
  ["lint and format", "biome", "check", "--error-on-warnings", "."],
  ["layers", "vitest", "run", "--project", "unit", "test/layers.test.ts", "--reporter", "dot"],
  ["unused", "knip"],
];

const run = (command: string, args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(path.join(ROOT, "node_modules/.bin", command), args, { cwd: ROOT });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (output += part));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });

let failed = 0;
for (const [name, command, ...args] of STEPS) {
  const { code, output } = await run(command, args);
  if (code !== 0) failed += 1;
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${name}`);
  if (code !== 0) console.log(output.trimEnd());
}
process.exit(failed === 0 ? 0 : 1);
