/**
 * `npm run test:all [-- --lane core|real] [--no-skips]`: every test, in two lanes. `core` needs Node only; `real` installs
 * PostgreSQL, Chromium and the OpenLineage client for Python where this process may, and runs the page's tests and
 * whatever `core` had to skip. The last line counts: `N passed, N failed`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { NONE } from "../test/postgres.ts";
import { installPythonClient } from "../test/python-client.ts";
import { installSystemPackages } from "./system-packages.ts";
import { runProjects, type TestResult } from "./test-projects.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const { values } = parseArgs({
  options: { lane: { type: "string" }, "no-skips": { type: "boolean", default: false } },
});

/** One step that is no test file: it counts as one test. */
const step = (script: string, ...args: string[]): TestResult => {
  const { status } = spawnSync("npm", ["run", "--silent", script, "--", ...args], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
  });
  return { file: "package.json", name: script, status: status === 0 ? "passed" : "failed" };
};

/**
 * Whether a test was skipped because the data or tools it looks into, `shared/` beside the checkout, are not there:
 * they are no part of the project, and nothing can install them.
 */
const misses = ({ file }: TestResult): boolean =>
  !existsSync(path.join(ROOT, "../shared")) &&
  /\bshared\/(data|facts|tools)\b|"(\.\.?\/)+spark-warehouse\.ts"/.test(readFileSync(path.join(ROOT, file), "utf8"));

const same = (a: TestResult) => (b: TestResult) => a.file === b.file && a.name === b.name;

/** The test files that play a sample of something, and all of it where they are asked to. */
const sampled = (): string[] =>
  ["src", "fakes", "simulator", "test", "acceptance"].flatMap((tree) =>
    readdirSync(path.join(ROOT, tree), { recursive: true, encoding: "utf8" })
      .map((name) => path.join(tree, name))
      .filter((name) => name.endsWith(".test.ts") && !name.startsWith("test/page/"))
      .filter((name) => /from "(\.\.?\/)+(test\/)?sample\.ts"/.test(readFileSync(path.join(ROOT, name), "utf8"))),
  );

/** Each lane takes what is known so far and gives it with its own results in place of what was skipped. */
const LANES: Record<string, (before: TestResult[]) => TestResult[]> = {
  core: () => {
    const given = process.env.HEADGATE_TEST_POSTGRES;
    // As on a machine that has none: what needs it is played by the other lane, everywhere.
    process.env.HEADGATE_TEST_POSTGRES = NONE;
    const results = [step("check", "--without-tests"), ...runProjects(["unit", "built"])];
    if (given === undefined) delete process.env.HEADGATE_TEST_POSTGRES;
    else process.env.HEADGATE_TEST_POSTGRES = given;
    return results;
  },
  real: (before) => {
    const missing = [...installSystemPackages(), installPythonClient()].filter((name) => name !== undefined);
    if (missing.length > 0) console.log(`not installed: ${missing.join(", ")}; tests that need them are skipped`);
    const skipped = before.filter(({ status }) => status === "skipped");
    // What `core` plays a sample of is played whole here.
    process.env.HEADGATE_CRASH = "all";
    const files = [...new Set([...skipped.map(({ file }) => file), ...sampled()])];
    const again = before.length === 0 ? runProjects(["unit", "built"]) : runProjects(["unit", "built"], files);
    const news = again.filter(
      (result) => result.status === "failed" || skipped.some(same(result)) || !before.some(same(result)),
    );
    // A skip of a file that was played again is over, also where its test has another name when it plays all.
    const over = ({ file, status }: TestResult) => status === "skipped" && files.includes(file);
    const kept = before.filter((result) => !over(result) && !news.some(same(result)));
    return [...kept, step("build"), ...news, ...runProjects(["page"])];
  },
};

const asked = values.lane === undefined ? Object.keys(LANES) : [values.lane];
let results: TestResult[] = [];
for (const name of asked) {
  const lane = LANES[name];
  if (!lane) {
    console.error(`no lane ${name}; there are: ${Object.keys(LANES).join(", ")}`);
    process.exit(64);
  }
  const started = performance.now();
  console.log(`lane ${name}`);
  results = lane(results);
  console.log(`lane ${name} took ${Math.round((performance.now() - started) / 1000)} s`);
}

const of = (status: TestResult["status"]): TestResult[] => results.filter((result) => result.status === status);
for (const result of of("failed")) console.log(`FAIL ${result.file}: ${result.name}`);
for (const result of of("skipped")) console.log(`skip ${result.file}: ${result.name}`);
const missed = of("skipped").filter(misses).length;
const skipped = of("skipped").length - missed;
if (missed > 0) console.log(`${missed} tests were skipped, because there is no ../shared here`);
if (values["no-skips"] && skipped > 0) console.log(`${skipped} tests were skipped, and this run allows none`);
const failed = of("failed").length + (values["no-skips"] ? skipped : 0);
const more = missed + skipped > 0 && !values["no-skips"] ? `, ${missed + skipped} skipped` : "";
console.log(`${of("passed").length} passed, ${failed} failed${more}`);
process.exitCode = failed === 0 ? 0 : 1;
