import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Plan } from "../../model/plan.ts";
import { readPlanFile, writePlanFile } from "./plan-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "headgate-plan-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PLAN: Plan = {
  formatVersion: 1,
  project: "retail",
  workspace: "prod",
  target: "prod",
  workspaceId: "2",
  headgate: "0.1.0",
  madeAt: "2026-11-20T09:00:00.000Z",
  declaredDigest: "d",
  state: null,
  git: null,
  behind: null,
  changes: [
    {
      resource: "a",
      action: "create",
      jobId: null,
      name: "a",
      reason: "new",
      fields: [{ path: "tasks[task_key=x].run_job_task.job_id", kind: "declared", after: 9007199254740993n }],
      impact: { liveRuns: 0, nextStart: null, calledBy: [], downstream: [] },
      desired: { tasks: [{ task_key: "x", run_job_task: { job_id: 9007199254740993n } }] },
    },
  ],
  problems: [],
  unmanaged: 0,
  summary: { create: 1, update: 0, recreate: 0, recover: 0, delete: 0, noop: 0, conflict: 0, refused: 0, drift: 0 },
};

test("what is written is read again, settings and 64-bit ids included, by its owner only", () => {
  const file = path.join(folder, "plan.json");
  writePlanFile(file, PLAN);
  expect(readPlanFile(file)).toEqual(PLAN);
  expect(readFileSync(file, "utf8")).toContain('"job_id":9007199254740993');
  if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a file that is no plan says what it lacks", () => {
  const file = path.join(folder, "plan.json");
  const refusal = (text: string) => {
    writeFileSync(file, text);
    try {
      readPlanFile(file);
    } catch (error) {
      return (error as Error).message;
    }
    return "read";
  };
  expect(refusal("not json")).toBe(`${file}: this is no plan file`);
  expect(refusal("[]")).toBe(`${file}: this is no plan file`);
  expect(refusal('{"formatVersion":2}')).toBe(`${file}: the plan has format version 2, this headgate reads 1`);
  const { madeAt: _, ...printed } = PLAN;
  expect(refusal(JSON.stringify({ ...printed, changes: [] }))).toBe(`${file}: the plan has no valid madeAt`);
  expect(refusal(JSON.stringify({ ...PLAN, changes: [{}] }))).toBe(`${file}: the plan has no valid changes[0]`);
});

test("a missing file and a folder that cannot be written are invalid input", () => {
  expect(() => readPlanFile(path.join(folder, "none"))).toThrow(expect.objectContaining({ code: "input_invalid" }));
  expect(() => writePlanFile(path.join(folder, "none", "p"), PLAN)).toThrow(
    expect.objectContaining({ code: "input_invalid" }),
  );
});
