import { expect, test } from "vitest";
import type { FieldChange } from "../model/plan.ts";
import type { JsonObject } from "../util/json.ts";
import { resolveConflicts } from "./resolve-conflicts.ts";
import { change, planOf } from "./testing/plain-jobs.ts";

/** A field's conflict settled for theirs: it stays as found, and nothing else is touched. */
function theirs(desired: JsonObject, field: Omit<FieldChange, "kind">): void {
  const other: FieldChange = { path: "timeout_seconds", kind: "declared", after: 60 };
  const plan = planOf([change("a", { desired, fields: [{ ...field, kind: "conflict" }, other] })]);
  const settled = resolveConflicts(plan, { a: { [field.path]: "theirs" } }).changes[0];
  expect(settled?.fields).toEqual([{ ...field, kind: "conflict", kept: true }, other]);
  expect(settled?.desired).toEqual(desired);
}

test("theirs keeps what was found, or that nothing is there any more", () => {
  const tasks = [{ task_key: "x" }, { task_key: "load", max_retries: 2, conf: { "a.b": "1", "it's": "2" } }];
  for (const path of [
    "tasks[task_key=load].max_retries",
    "tasks[task_key=load].conf['a.b']",
    "tasks[task_key=load].conf['it\\'s']",
    "schedule.pause_status",
  ]) {
    theirs({ tasks }, { path, actual: 5, after: 2 });
  }
  theirs({ health: { rules: [{ op: "a" }, { op: "b" }] } }, { path: "health.rules[1].op", actual: "c" });
  theirs({ name: "a", description: "d" }, { path: "description", after: "d" });
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
