import { describe, expect, it } from "vitest";
import type { FieldChange } from "../../src/model/plan.ts";
import { elementNoun, foundOf, groupFields, signOf, valueText } from "./group.ts";
import { shortPath, stepsOf, taskOf } from "./path.ts";

const declared = (path: string, before?: FieldChange["before"], after?: FieldChange["after"]): FieldChange => ({
  path,
  kind: "declared",
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
});

describe("paths", () => {
  it("takes keys, elements and quoted keys apart", () => {
    expect(stepsOf("tasks[task_key=load.x].spark_conf['a.b\\'c'].rules[2]")).toEqual([
      { kind: "key", key: "tasks" },
      { kind: "by", field: "task_key", value: "load.x" },
      { kind: "key", key: "spark_conf" },
      { kind: "key", key: "a.b'c" },
      { kind: "key", key: "rules" },
      { kind: "at", index: 2 },
    ]);
  });

  it("writes them short and finds their task", () => {
    const steps = stepsOf("tasks[task_key=load].max_retries");
    expect(shortPath(steps)).toBe("tasks[load].max_retries");
    expect(taskOf(steps)).toBe("load");
    expect(taskOf(stepsOf("schedule.pause_status"))).toBeUndefined();
  });
});

describe("grouping", () => {
  it("puts fields under their parent, in order", () => {
    const groups = groupFields([
      declared("tasks[task_key=load].max_retries", 0, 2),
      declared("tasks[task_key=load].timeout_seconds", 3600, 9000),
      declared("name", "a", "b"),
    ]);
    expect(groups.map((group) => [group.parent, group.rows.map((row) => row.label)])).toEqual([
      ["tasks[load]", ["max_retries", "timeout_seconds"]],
      ["", ["name"]],
    ]);
  });

  it("folds a new element into one row, with its leaves but without its key", () => {
    const [group] = groupFields([
      declared("tasks[task_key=check]", undefined, {
        task_key: "check",
        depends_on: [{ task_key: "basket" }],
        notebook_task: { notebook_path: "/etl/check", parameters: ["a", "b"] },
      }),
    ]);
    expect(group?.parent).toBe("tasks");
    expect(group?.rows).toMatchObject([{ label: "check", sign: "+", noun: "task" }]);
    expect(group?.rows[0]?.inside).toEqual([
      { label: "depends_on[0].task_key", value: "basket" },
      { label: "notebook_task.notebook_path", value: "/etl/check" },
      { label: "notebook_task.parameters", value: ["a", "b"] },
    ]);
  });

  it("folds an object that goes, and one that somebody added in the workspace", () => {
    const schedule = { quartz_cron_expression: "0 0 2 * * ?", timezone_id: "UTC" };
    const [gone, drift] = groupFields([
      declared("schedule", schedule),
      { path: "job_clusters[job_cluster_key=big].new_cluster", kind: "drift", actual: { num_workers: 9 } },
    ]);
    expect(gone?.rows).toMatchObject([{ label: "schedule", sign: "-", noun: "schedule" }]);
    expect(drift).toMatchObject({ parent: "job_clusters[big]", rows: [{ sign: "!", noun: "new cluster" }] });
    expect(drift?.rows[0]?.inside).toEqual([{ label: "num_workers", value: 9 }]);
  });

  it("knows what was found, however the plan says it", () => {
    expect(foundOf(declared("x", 1, 2))).toBe(1);
    expect(foundOf({ path: "x", kind: "drift", before: 1, actual: 2, after: 1 })).toBe(2);
    expect(foundOf({ path: "x", kind: "conflict", actual: 5, after: 3 })).toBe(5);
    expect(foundOf({ path: "x", kind: "conflict", after: 3 })).toBeUndefined();
  });

  it("marks what others changed", () => {
    expect(signOf({ path: "x", kind: "drift", before: 1, after: 1, actual: 2 })).toBe("!");
  });
});

describe("values", () => {
  it("are exact and not to be mistaken", () => {
    expect(valueText(9000)).toBe("9000");
    expect(valueText("9000")).toBe('"9000"');
    expect(valueText("1125899906842624123")).toBe("1125899906842624123");
    expect(valueText("true")).toBe('"true"');
    expect(valueText(true)).toBe("true");
    expect(valueText("PAUSED")).toBe("PAUSED");
    expect(valueText("")).toBe('""');
    expect(valueText(["a", "b"])).toBe("a, b");
    expect(valueText(1125899906842624123n)).toBe("1125899906842624123");
    expect(valueText({ id: 1125899906842624123n })).toBe('{"id":"1125899906842624123"}');
    expect(valueText(undefined)).toBe("nothing");
  });

  it("names elements of lists", () => {
    expect(elementNoun("tasks")).toBe("task");
    expect(elementNoun("libraries")).toBe("library");
    expect(elementNoun("job_clusters")).toBe("job cluster");
  });
});
