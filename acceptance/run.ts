/** `npm run acceptance [-- FILTER…] [--update]`: builds, runs the cases two at a time, shows differences or rewrites the expected files. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildNode, ROOT } from "../scripts/build-node.ts";
import { type Case, expectedOf, findCases, writeExpected } from "./harness/case.ts";
import { runCase } from "./harness/run-case.ts";

const PARALLEL = 2;
const args = process.argv.slice(2);
const update = args.includes("--update");
const filters = args.filter((arg) => !arg.startsWith("--"));
const cases = findCases().filter(({ name }) => filters.length === 0 || filters.some((part) => name.includes(part)));

/** Difference of two texts as `diff -u` shows it. */
const differences = (name: string, expected: string, actual: string): string => {
  const folder = mkdtempSync(path.join(tmpdir(), "headgate-diff-"));
  try {
    writeFileSync(path.join(folder, "expected"), expected);
    writeFileSync(path.join(folder, "actual"), actual);
    const { stdout } = spawnSync("diff", ["-u", "expected", "actual"], { cwd: folder, encoding: "utf8" });
    return `${name}\n${stdout}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const counts = { passed: 0, failed: 0, skipped: 0, rewritten: 0 };

const one = async (item: Case): Promise<void> => {
  if (item.settings.skip !== undefined) {
    counts.skipped += 1;
    console.log(`skip ${item.name}: ${item.settings.skip}`);
    return;
  }
  const expected = expectedOf(item);
  const actual = await runCase(item);
  const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
  const changed = names.filter((name) => expected[name] !== actual[name]);
  if (changed.length === 0) {
    counts.passed += 1;
    console.log(`ok   ${item.name}`);
  } else if (update) {
    writeExpected(item, actual);
    counts.rewritten += 1;
    console.log(`new  ${item.name}: ${changed.join(", ")}`);
  } else {
    counts.failed += 1;
    console.log(`FAIL ${item.name}`);
    for (const name of changed) console.log(differences(name, expected[name] ?? "", actual[name] ?? ""));
  }
};

await buildNode(path.join(ROOT, "dist"));
const waiting = [...cases];
const worker = async (): Promise<void> => {
  for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
    const current = item;
    await one(current).catch((error: unknown) => {
      counts.failed += 1;
      console.log(`FAIL ${current.name}\n${error instanceof Error ? error.stack : String(error)}`);
    });
  }
};
await Promise.all(Array.from({ length: PARALLEL }, worker));
console.log(`${counts.rewritten} rewritten, ${counts.skipped} skipped`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;
