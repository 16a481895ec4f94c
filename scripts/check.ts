/**
 * `npm run check [-- --without-tests]`: types, lint and format, import layers, unused code. Runs all of them and says
 * which failed; without tests it leaves the layers to who runs all the tests anyway.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";

const ROOT = path.resolve(import.meta.dirname, "..");

const { values } = parseArgs({ options: { "without-tests": { type: "boolean", default: false } } });
const LAYERS = ["vitest", "run", "--project", "unit", "test/layers.test.ts", "--reporter", "dot"] as const;

const STEPS: [name: string, command: string, ...args: string[]][] = [
  ["types", "tsc", "-p", "."],
  ["types of the page", "tsc", "-p", "web"],
  ["lint and format", "biome", "check", "--error-on-warnings", "."],
  ...(values["without-tests"] ? [] : [["layers", ...LAYERS] satisfies [string, string, ...string[]]]),
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

/** At once: what one waits for the disk or has no second thread for, another one uses. */
const AT_ONCE = 2;
const left = STEPS.values();
const outcomes = new Map<string, Awaited<ReturnType<typeof run>>>();
const work = async (): Promise<void> => {
  for (const [name, command, ...args] of left) outcomes.set(name, await run(command, args));
};
await Promise.all(Array.from({ length: AT_ONCE }, work));

let failed = 0;
for (const [name] of STEPS) {
  const { code, output } = outcomes.get(name) ?? { code: 1, output: "it was not run" };
  if (code !== 0) failed += 1;
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${name}`);
  if (code !== 0) console.log(output.trimEnd());
}
process.exit(failed === 0 ? 0 : 1);
