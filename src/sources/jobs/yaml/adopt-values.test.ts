import { expect, test } from "vitest";
import { parse } from "yaml";
import { unifiedDiff } from "../../../util/unified-diff.ts";
import { adoptValues, type FoundValue } from "./adopt-values.ts";

const TEXT = `# nightly jobs
jobs:
  sales: # ours
    name: "Nightly sales"   # keep me
    timeout_seconds: 60
    schedule:
      quartz_cron_expression: 0 0 6 * * ?
      timezone_id: UTC # zone

    max_concurrent_runs: \${var.runs}
    tasks:
      - task_key: load
        max_retries: 1
        notebook_task: { notebook_path: /etl/sales }
      - { task_key: check, timeout_seconds: 5, notebook_task: { notebook_path: /etl/check } }
`;

/** Place of the first occurrence of a text. */
function spot(part: string): { line: number; column: number } {
  const before = TEXT.slice(0, TEXT.indexOf(part)).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

const value = (path: string, at: string, declared: FoundValue["declared"], found: FoundValue["found"]): FoundValue => ({
  resource: "sales",
  path,
  ...spot(at),
  declared,
  found,
});

/** The text with the edits made. */
function edited(text: string, values: FoundValue[]): string {
  const { edits, left } = adoptValues(text, values);
  expect(left).toEqual([]);
  const lines = text.split("\n");
  for (const { line, from, to, text: now } of [...edits].sort((a, b) => b.from - a.from)) {
    const old = lines[line - 1] as string;
    lines[line - 1] = old.slice(0, from) + now + old.slice(to);
  }
  return lines.join("\n");
}

test("scalars are replaced where they stand; comments and everything else stay", () => {
  const made = edited(TEXT, [
    value("name", '"Nightly', "Nightly sales", 'New: "name" #1'),
    value("timeout_seconds", "60", 60, 90),
    value("tasks[task_key=load].max_retries", "1\n", 1, 3),
    value("tasks[task_key=check].timeout_seconds", "5,", 5, 7),
  ]);
  expect(made).toContain('    name: "New: \\"name\\" #1"   # keep me\n    timeout_seconds: 90\n');
  expect(made).toContain("        max_retries: 3\n");
  expect(made).toContain("{ task_key: check, timeout_seconds: 7, ");
  expect(parse(made).jobs.sales.name).toBe('New: "name" #1');
});

test("a member that is not declared comes behind the others of its map", () => {
  const made = edited(TEXT, [
    value("schedule.pause_status", "quartz_cron", "UNPAUSED", "PAUSED"),
    value("tasks[task_key=load].timeout_seconds", "task_key: load", undefined, 9),
    value("tasks[task_key=check].max_retries", "{ task_key: check", undefined, 2),
    value("description", "name:", undefined, "by hand, on Monday"),
  ]);
  expect(made).toContain("      timezone_id: UTC # zone\n      pause_status: PAUSED\n");
  const { sales } = parse(made).jobs;
  expect(sales).toMatchObject({
    description: "by hand, on Monday",
    schedule: { pause_status: "PAUSED" },
    tasks: [
      { task_key: "load", timeout_seconds: 9 },
      { task_key: "check", max_retries: 2 },
    ],
  });
  for (const comment of ["# nightly jobs", "# ours", "# keep me", "# zone"]) expect(made).toContain(comment);
});

test.each<[string, FoundValue]>([
  ["a variable", value("max_concurrent_runs", "${var.runs}", 3, 4)],
  ["taken out", value("timeout_seconds", "60", 60, undefined)],
  ["more than one", value("tasks[task_key=new]", "tasks:", undefined, { task_key: "new" })],
  ["otherwise", value("timeout_seconds", "60", 61, 90)],
  ["elsewhere", value("trigger.pause_status", "quartz_cron", undefined, "PAUSED")],
  ["a secret", value("name", '"Nightly', "x", "(hidden)")],
  ["as a reference", value("name", '"Nightly', "Nightly sales", "${env:HOME}")],
])("%s is left to a person", (why, one) => {
  const { edits, left } = adoptValues(TEXT, [one]);
  expect(edits).toEqual([]);
  expect(left[0]?.why).toContain(why);
});

test("values that YAML would read as something else are quoted", () => {
  for (const found of ["yes, no", "true", "12", "null", "a: b", "- x", "", "0 0 5 * * ?", "ü", "on"]) {
    const made = edited(TEXT, [value("schedule.timezone_id", "UTC #", "UTC", found)]);
    expect(parse(made).jobs.sales.schedule.timezone_id).toBe(found);
  }
});

test("a file with other line ends, or none at its end, keeps them", () => {
  const text = "jobs:\r\n  sales:\r\n    timeout_seconds: 60\r\n    schedule:\r\n      timezone_id: UTC";
  const values: FoundValue[] = [
    { resource: "sales", path: "timeout_seconds", line: 3, column: 22, declared: 60, found: 61 },
    { resource: "sales", path: "schedule.pause_status", line: 5, column: 7, declared: "UNPAUSED", found: "PAUSED" },
  ];
  expect(edited(text, values)).toBe(
    "jobs:\r\n  sales:\r\n    timeout_seconds: 61\r\n    schedule:\r\n      timezone_id: UTC\n      pause_status: PAUSED",
  );
  const patch = unifiedDiff("a.yml", text, adoptValues(text, values).edits);
  expect(patch).toContain("-      timezone_id: UTC\n\\ No newline at end of file\n+      timezone_id: UTC\n");
});
