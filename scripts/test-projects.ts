/** Runs projects of the test configuration and gives the result of each test. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");

/** What became of one test. */
export interface TestResult {
  /** Relative to the root. */
  file: string;
  name: string;
  status: "passed" | "failed" | "skipped";
}

interface Report {
  testResults: { name: string; status: string; assertionResults: { fullName: string; status: string }[] }[];
}

const read = (report: Report): TestResult[] =>
  report.testResults.flatMap(({ name, status, assertionResults }) => {
    const file = path.relative(ROOT, name);
    const tests = assertionResults.map((test): TestResult => {
      const known = test.status === "passed" || test.status === "failed";
      return { file, name: test.fullName, status: known ? (test.status as "passed" | "failed") : "skipped" };
    });
    // a file that broke before or around its tests
    const broke = status === "failed" && !tests.some((test) => test.status === "failed");
    return broke ? [...tests, { file, name: "(the file itself)", status: "failed" as const }] : tests;
  });

const MEMORY = "/dev/shm";
const ENOUGH = 4 * 2 ** 30;

/** Where temporary files go: into memory where there is room, for stores and journals wait for the disk at each step. */
function placeForFiles(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= ENOUGH ? MEMORY : tmpdir();
}

/**
 * Runs the tests of these projects; what they print goes to our own output.
 *
 * @param files only these test files
 * @returns one result a test; a run that broke as a whole (an unhandled error, no report) counts as one failure
 */
export function runProjects(projects: string[], files: string[] = []): TestResult[] {
  const folder = mkdtempSync(path.join(placeForFiles(), "headgate-tests-"));
  // the account of a test's database goes through it
  chmodSync(folder, 0o755);
  const file = path.join(folder, "report.json");
  try {
    const args = [...projects.flatMap((name) => ["--project", name]), "--reporter=default", "--reporter=json"];
    const vitest = path.join(ROOT, "node_modules/.bin/vitest");
    const { status } = spawnSync(vitest, ["run", ...files, ...args, `--outputFile.json=${file}`], {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, TMPDIR: folder },
    });
    const results = existsSync(file) ? read(JSON.parse(readFileSync(file, "utf8")) as Report) : [];
    const explained = status === 0 || results.some((result) => result.status === "failed");
    return explained ? results : [...results, { file: projects.join("+"), name: "(the run)", status: "failed" }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
