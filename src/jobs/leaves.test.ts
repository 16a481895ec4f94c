import { describe, expect, it } from "vitest";
import type { JsonObject } from "../util/json.ts";
import { flatten, mapTexts } from "./leaves.ts";
import { memberPath } from "./pattern.ts";

const leavesOf = (settings: JsonObject) =>
  Object.fromEntries([...flatten(settings).leaves.values()].map((leaf) => [leaf.path, leaf.value]));

describe("flatten", () => {
  it("names leaves by keys of lists, not by position", () => {
    expect(leavesOf({ tasks: [{ task_key: "a", max_retries: 1 }], parameters: [{ name: "p", default: "" }] })).toEqual({
      "tasks[task_key=a].task_key": "a",
      "tasks[task_key=a].max_retries": 1,
      "parameters[name=p].name": "p",
      "parameters[name=p].default": "",
    });
  });

  it("goes by position where keys are missing or doubled, and where there are none", () => {
    expect(leavesOf({ tasks: [{ task_key: "a" }, { task_key: "a" }] })).toEqual({
      "tasks[0].task_key": "a",
      "tasks[1].task_key": "a",
    });
    expect(leavesOf({ health: { rules: [{ metric: "m", value: 1 }] } })).toEqual({
      "health.rules[0].metric": "m",
      "health.rules[0].value": 1,
    });
  });

  it("takes sets as one sorted leaf, and lists in which order counts as they are", () => {
    const task = {
      task_key: "a",
      libraries: [{ whl: "b" }, { jar: "a" }],
      spark_python_task: { parameters: ["z", "a"] },
    };
    expect(leavesOf({ tasks: [task] })).toMatchObject({
      "tasks[task_key=a].libraries": [{ jar: "a" }, { whl: "b" }],
      "tasks[task_key=a].spark_python_task.parameters": ["z", "a"],
    });
  });

  it("leaves out what the service does not tell from absence, but for what says something by being there", () => {
    expect(leavesOf({ tags: {}, tasks: [], description: null, email_notifications: { on_start: [] } })).toEqual({});
    expect(leavesOf({ continuous: {} })).toEqual({ continuous: {} });
  });

  it("quotes keys that are no plain words", () => {
    expect(leavesOf({ tags: { "a.b": "1", "it's": "2", plain: "3" } })).toEqual({
      "tags['a.b']": "1",
      "tags['it\\'s']": "2",
      "tags.plain": "3",
    });
    expect(memberPath("", "a b")).toBe("['a b']");
  });

  it("knows which fields the Jobs API has, also under keys that people choose", () => {
    const { leaves } = flatten({
      name: "J",
      beta: 1,
      tags: { "a.b": "x" },
      tasks: [
        {
          task_key: "a",
          new_cluster: { spark_conf: { "x.y": "1" }, turbo: true },
          for_each_task: { task: { novel: 1 } },
        },
      ],
    });
    const unknown = [...leaves.values()].filter((leaf) => !leaf.known).map((leaf) => leaf.path);
    expect(unknown).toEqual([
      "beta",
      "tasks[task_key=a].new_cluster.turbo",
      "tasks[task_key=a].for_each_task.task.novel",
    ]);
  });

  it("compares elements of a set without members it does not know", () => {
    const with_ = leavesOf({ tasks: [{ task_key: "a", libraries: [{ whl: "b", checked: true }] }] });
    expect(with_["tasks[task_key=a].libraries"]).toEqual([{ whl: "b" }]);
  });
});

describe("mapTexts", () => {
  it("gives each text with its leaf's path and member, and shares what did not change", () => {
    const settings = {
      name: "J",
      tasks: [
        { task_key: "a", run_job_task: { job_id: "x" } },
        { task_key: "b", spark_python_task: { parameters: ["x"] } },
      ],
    };
    const seen: string[] = [];
    const mapped = mapTexts(settings, (text, path, member) => {
      seen.push(`${path} ${member}`);
      return member === "job_id" ? 5 : text;
    });
    expect(seen).toEqual([
      "name name",
      "tasks[task_key=a].task_key task_key",
      "tasks[task_key=a].run_job_task.job_id job_id",
      "tasks[task_key=b].task_key task_key",
      "tasks[task_key=b].spark_python_task.parameters parameters",
    ]);
    expect(mapped).toEqual({ ...settings, tasks: [{ task_key: "a", run_job_task: { job_id: 5 } }, settings.tasks[1]] });
    expect((mapped.tasks as unknown[])[1]).toBe(settings.tasks[1]);
    expect(mapTexts(settings, (text) => text)).toBe(settings);
  });
});
