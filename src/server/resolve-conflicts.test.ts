import { expect, test } from "vitest";
import type { FieldChange } from "../model/plan.ts";
import type { JsonObject } from "../util/json.ts";
import { resolveConflicts } from "./resolve-conflicts.ts";
import { change, planOf } from "./testing/plain-jobs.ts";

/** What is sent for a job when one field's conflict is settled for theirs. */
function theirs(desired: JsonObject, field: Omit<FieldChange, "kind">): JsonObject | undefined {
  const other: FieldChange = { path: "timeout_seconds", kind: "declared", after: 60 };
  const plan = planOf([change("a", { desired, fields: [{ ...field, kind: "conflict" }, other] })]);
  const settled = resolveConflicts(plan, { a: { [field.path]: "theirs" } }).changes[0];
  expect(settled?.fields).toEqual([other]);
  return settled?.desired;
}

test("theirs puts what was found where it stands", () => {
  const tasks = [{ task_key: "x" }, { task_key: "load", max_retries: 2, conf: { "a.b": "1", "it's": "2" } }];
  const found = (path: string, actual: number | string) => theirs({ tasks }, { path, actual, after: 2 });
  expect(found("tasks[task_key=load].max_retries", 5)).toEqual({ tasks: [tasks[0], { ...tasks[1], max_retries: 5 }] });
  expect(found("tasks[task_key=load].conf['a.b']", "9")).toMatchObject({
    tasks: [{}, { conf: { "a.b": "9", "it's": "2" } }],
  });
  expect(found("tasks[task_key=load].conf['it\\'s']", "9")).toMatchObject({ tasks: [{}, { conf: { "it's": "9" } }] });
  expect(found("schedule.pause_status", "PAUSED")).toEqual({ tasks, schedule: { pause_status: "PAUSED" } });
  expect(
    theirs({ health: { rules: [{ op: "a" }, { op: "b" }] } }, { path: "health.rules[1].op", actual: "c" }),
  ).toEqual({
    health: { rules: [{ op: "a" }, { op: "c" }] },
  });
});

test("theirs takes away what is not there any more", () => {
  expect(theirs({ name: "a", description: "d" }, { path: "description", after: "d" })).toEqual({ name: "a" });
});

test("what cannot be put anywhere is refused, not guessed", () => {
  const plan = planOf([
    change("a", {
      desired: { tasks: [] },
      fields: [{ path: "tasks[task_key=gone].max_retries", kind: "conflict", actual: 5 }],
    }),
  ]);
  expect(() => resolveConflicts(plan, { a: { "tasks[task_key=gone].max_retries": "theirs" } })).toThrow(
    expect.objectContaining({ code: "conflict_unresolved" }),
  );
});

test("a job that is left, or has nothing else to change, is not sent", () => {
  const conflict: FieldChange = { path: "description", kind: "conflict", actual: "theirs", after: "ours" };
  const plan = planOf([change("a", { fields: [conflict] }), change("b")]);
  expect(resolveConflicts(plan, { a: "leave" }).changes.map((one) => one.resource)).toEqual(["b"]);
  expect(resolveConflicts(plan, { a: { description: "theirs" } }).changes.map((one) => one.resource)).toEqual(["b"]);
});

test("every field of a job needs its own choice", () => {
  const fields: FieldChange[] = ["one", "two"].map((path) => ({ path, kind: "conflict", after: 1 }));
  const plan = planOf([change("a", { fields })]);
  expect(() => resolveConflicts(plan, { a: { one: "ours" } })).toThrow(/a two/);
  expect(resolveConflicts(plan, { a: { one: "ours", two: "ours" } }).changes[0]?.fields.map((one) => one.kind)).toEqual(
    ["declared", "declared"],
  );
});
