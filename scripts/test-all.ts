/**
 * `npm run test:all [-- --lane core|real] [--no-skips]`: every test, in two lanes. `core` needs Node only; `real` needs
 * PostgreSQL and Chromium, which are installed where this process may. The last line counts: `N passed, N failed`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { installSystemPackages } from "./system-packages.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const { values } = parseArgs({
  options: { lane: { type: "string" }, "no-skips": { type: "boolean", default: false } },
});

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const npm = (...args: string[]): boolean =>
  spawnSync("npm", ["run", "--silent", ...args], { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] }).status === 0;

/** One step that is no test file: it counts as one test. */
const step = (name: string, passed: boolean): Counts => {
  console.log(`${passed ? "ok  " : "FAIL"} ${name}`);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
};

/** Runs test projects; a run that broke without a failed test (an unhandled error, no tests found) counts as one failure. */
const projects = (...names: string[]): Counts => {
  const folder = mkdtempSync(path.join(tmpdir(), "headgate-tests-"));
  const report = path.join(folder, "report.json");
  try {
    const args = ["run", ...names.flatMap((name) => ["--project", name]), "--reporter=default", "--reporter=json"];
    const vitest = path.join(ROOT, "node_modules/.bin/vitest");
    const { status } = spawnSync(vitest, [...args, `--outputFile.json=${report}`], {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const seen = JSON.parse(readFileSync(report, "utf8")) as Record<string, number>;
    const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = seen;
    const failed = numFailedTests === 0 && status !== 0 ? 1 : numFailedTests;
    return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const LANES: Record<string, () => Counts[]> = {
  core: () => [step("check", npm("check")), projects("unit", "built")],
  real: () => {
    const missing = installSystemPackages();
    if (missing.length > 0) console.log(`not installed: ${missing.join(", ")}; tests that need them are skipped`);
    return [step("build", npm("build")), projects("postgres", "page")];
  },
};

const asked = values.lane === undefined ? Object.keys(LANES) : [values.lane];
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const name of asked) {
  const lane = LANES[name];
  if (!lane) {
    console.error(`no lane ${name}; there are: ${Object.keys(LANES).join(", ")}`);
    process.exit(64);
  }
  const started = performance.now();
  console.log(`lane ${name}`);
  for (const counts of lane()) {
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  console.log(`lane ${name} took ${Math.round((performance.now() - started) / 1000)} s`);
}

if (values["no-skips"] && total.skipped > 0) {
  console.log(`FAIL ${total.skipped} tests were skipped, and this run allows none`);
  total.failed += total.skipped;
}
const skipped = total.skipped > 0 && !values["no-skips"] ? `, ${total.skipped} skipped` : "";
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed === 0 ? 0 : 1;
