import { describe, expect, it } from "vitest";
import { resourceOf, tidySettings } from "./adopt.ts";

describe("resourceOf", () => {
  it.each([
    ["Nightly sales", "nightly_sales"],
    ["[dev anna] Load / orders!", "dev_anna_load_orders"],
    ["  __x__  ", "x"],
    ["Übergröße", "ubergro_e"],
    ["Café Zürich", "cafe_zurich"],
    ["2nd run", "job_2nd_run"],
    ["売上", "job"],
    ["", "job"],
  ])("%s: %s", (name, resource) => expect(resourceOf(name, new Set())).toBe(resource));

  it("adds a number where the name is taken", () => {
    expect(resourceOf("A", new Set(["a", "a_2"]))).toBe("a_3");
  });
});

describe("tidySettings", () => {
  it("leaves out the marker, defaults, and what changes by itself; keeps what says something by being there", () => {
    expect(
      tidySettings(
        {
          name: "J",
          format: "MULTI_TASK",
          max_concurrent_runs: 1,
          timeout_seconds: 0,
          email_notifications: {},
          tags: { headgate: "abc", team: "x" },
          continuous: { pause_status: "UNPAUSED" },
          deployment: { kind: "BUNDLE", version_id: "7" },
          tasks: [
            {
              task_key: "a",
              run_if: "ALL_SUCCESS",
              max_retries: 0,
              notebook_task: { notebook_path: "/n", source: "WORKSPACE" },
              new_cluster: { node_type_id: "m", num_workers: 2 },
            },
            {
              task_key: "b",
              timeout_seconds: 5,
              condition_task: { left: "1", op: "EQUAL_TO", right: "1" },
              pipeline_task: {},
            },
          ],
        },
        "headgate",
      ),
    ).toEqual({
      name: "J",
      tags: { team: "x" },
      continuous: {},
      deployment: { kind: "BUNDLE" },
      tasks: [
        { task_key: "a", notebook_task: { notebook_path: "/n" }, new_cluster: { node_type_id: "m", num_workers: 2 } },
        {
          task_key: "b",
          timeout_seconds: 5,
          condition_task: { left: "1", op: "EQUAL_TO", right: "1" },
          pipeline_task: {},
        },
      ],
    });
  });

  it("changes nothing in place, and leaves out tags where the marker was the only one", () => {
    const settings = { name: "J", tags: { headgate: "abc" }, timeout_seconds: 0 };
    expect(tidySettings(settings, "headgate")).toEqual({ name: "J" });
    expect(settings).toEqual({ name: "J", tags: { headgate: "abc" }, timeout_seconds: 0 });
  });
});
