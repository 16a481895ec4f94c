import { expect, test } from "vitest";
import { leavesOf } from "./leaves.ts";

test("every leaf with the path that plans use", () => {
  const settings = {
    name: "x",
    tags: { "a.b": "1" },
    tasks: [{ task_key: "load", spark_env: {}, libraries: [{ whl: "/a" }, { whl: "/b" }] }],
    parameters: [],
  };
  expect(leavesOf(settings)).toEqual([
    { path: "name", value: "x" },
    { path: "tags['a.b']", value: "1" },
    { path: "tasks[task_key=load].task_key", value: "load" },
    { path: "tasks[task_key=load].spark_env", value: {} },
    { path: "tasks[task_key=load].libraries[0].whl", value: "/a" },
    { path: "tasks[task_key=load].libraries[1].whl", value: "/b" },
    { path: "parameters", value: [] },
  ]);
});
