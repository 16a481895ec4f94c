import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LineEdit, unifiedDiff } from "./unified-diff.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "headgate-diff-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** What git makes of a file by the patch. */
function applied(text: string, edits: LineEdit[]): string {
  writeFileSync(path.join(dir, "a.yml"), text);
  execFileSync("git", ["apply", "-"], { cwd: dir, input: unifiedDiff("a.yml", text, edits) });
  return readFileSync(path.join(dir, "a.yml"), "utf8");
}

const text = (lines: number) => Array.from({ length: lines }, (_, n) => `line ${n + 1}`).join("\n");

test.each([
  ["", "without"],
  ["\n", "with"],
])("git takes edits far apart and near, lines that come, and an end %j (%s a line feed)", (end) => {
  const edits: LineEdit[] = [1, 9, 12, 30].map((line) => ({ line, from: 5, to: 6, text: `${line}!` }));
  edits.push({ line: 20, from: 7, to: 7, text: "\nnew\nand new" }, { line: 9, from: 0, to: 4, text: "LINE" });
  const made = applied(text(30) + end, edits).split("\n");
  expect(made.slice(0, 2)).toEqual(["line 1!", "line 2"]);
  expect(made[8]).toBe("LINE 9!");
  expect(made[11]).toBe("line 12!2");
  expect(made.slice(19, 23)).toEqual(["line 20", "new", "and new", "line 21"]);
  expect(made[31]).toBe("line 30!0");
  expect(made).toHaveLength(end === "" ? 32 : 33);
});

test("what changes nothing is no patch", () => {
  expect(unifiedDiff("a.yml", "a\n", [{ line: 1, from: 0, to: 1, text: "a" }])).toBe("");
  expect(unifiedDiff("a.yml", "a\n", [])).toBe("");
});
