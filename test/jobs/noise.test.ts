/** Every row of the noise table: a case that it suppresses, and one that it must not. */
import { describe, expect, it } from "vitest";
import { diffJob } from "../../src/jobs/diff.ts";
import { baseOf, fingerprint } from "../../src/jobs/fingerprint.ts";
import { flatten } from "../../src/jobs/leaves.ts";
import type { JobSettings } from "../../src/model/job.ts";
import { isObject, type Json, type JsonObject } from "../../src/util/json.ts";
import { defaultOf, FIELD_RULES, type FieldRule } from "../../src/workspace/fields.ts";

const KEY = Buffer.from("key");

/** Concrete places of a row: a task, a for-each's task, a task's cluster, a job cluster. */
function placesOf(rule: FieldRule): string[] {
  const tasks = ["tasks.0", "tasks.0.for_each_task.task"];
  if (rule.path.startsWith("T.")) return tasks.map((task) => task + rule.path.slice(1));
  if (rule.path.startsWith("C."))
    return ["job_clusters.0.new_cluster", ...tasks.map((task) => `${task}.new_cluster`)].map(
      (cluster) => cluster + rule.path.slice(1),
    );
  return [rule.path.replace("[*]", ".0")];
}

/** A job in which every object that a row may stand in is there. */
function job(): JobSettings {
  const task = (key: string): JsonObject => ({
    task_key: key,
    notebook_task: { notebook_path: "/n" },
    spark_python_task: { python_file: "/p.py" },
    sql_task: { warehouse_id: "w", file: { path: "/q.sql" } },
    dbt_task: { commands: ["dbt run"] },
    gen_ai_compute_task: { dl_runtime_image: "i" },
    new_cluster: { spark_version: "15.4" },
  });
  return {
    name: "J",
    schedule: { quartz_cron_expression: "0 0 2 * * ?", timezone_id: "UTC" },
    trigger: { periodic: { interval: 1, unit: "DAYS" } },
    triggers: [{ periodic: { interval: 1, unit: "DAYS" } }],
    continuous: {},
    run_as: {},
    deployment: { kind: "BUNDLE" },
    tasks: [{ ...task("a"), for_each_task: { inputs: "[1]", task: task("b") } }],
    job_clusters: [{ job_cluster_key: "c", new_cluster: { spark_version: "15.4" } }],
  } as JobSettings;
}

/** A copy of the job with a value at a place. */
function having(place: string, value: Json | undefined): JobSettings {
  const settings = job();
  const steps = place.split(".");
  let at = settings as Record<string, Json>;
  for (const step of steps.slice(0, -1)) {
    at[step] ??= {};
    at = at[step] as Record<string, Json>;
  }
  if (value !== undefined) at[steps.at(-1) ?? ""] = value;
  return settings;
}

function diff(desired: JobSettings, actual: JobSettings, sent?: JobSettings, found?: JobSettings) {
  const base =
    sent && baseOf(KEY, { ...fingerprint(KEY, flatten(sent).leaves, flatten(found ?? sent).leaves), secret: [] });
  return diffJob({ desired, actual, base }).map((change) => `${change.kind} ${change.path.replace(/\[[^\]]*\]/g, "")}`);
}

const other = (value: Json | undefined): Json =>
  typeof value === "boolean" ? !value : typeof value === "number" ? value + 7 : "SOMETHING_ELSE";
const flat = (place: string) => place.replace(/\.0(?=\.|$)/g, "");

describe.each(FIELD_RULES.map((rule) => [`${rule.kind} ${rule.path}`, rule] as const))("%s", (_name, rule) => {
  it("says why", () => expect(rule.reason.length).toBeGreaterThan(10));

  it.each(placesOf(rule))("%s", (place) => {
    const bare = having(place, undefined);
    const said = flat(place);
    if (rule.kind === "default") {
      const value = defaultOf(rule, bare) as Json;
      // What the service fills in, and what we write out although it is the default, are both nothing.
      expect(diff(bare, having(place, value), bare)).toEqual([]);
      expect(diff(having(place, value), bare, bare)).toEqual([]);
      expect(diff(bare, having(place, other(value)), bare)).toEqual([`drift ${said}`]);
      expect(diff(having(place, other(value)), having(place, value), bare, having(place, value))).toEqual([
        `declared ${said}`,
      ]);
    } else if (rule.kind === "computed") {
      const object = /_attributes$/.test(place);
      const value: Json = object ? { availability: "X" } : "X";
      const at = object ? `${said}.availability` : said;
      expect(diff(bare, having(place, value), bare)).toEqual([]);
      expect(diff(having(place, value), bare, bare)).toEqual([`declared ${at}`]);
      const mine = having(place, value);
      expect(diff(mine, having(place, object ? { availability: "Y" } : "Y"), mine)).toEqual([`drift ${at}`]);
      expect(diff(bare, mine, mine)).toEqual([`declared ${at}`]);
    } else if (rule.kind === "write_only") {
      const mine = having(place, true);
      expect(diff(mine, bare, mine, bare)).toEqual([]);
      expect(diff(having(place, false), bare, mine, bare)).toEqual([`declared ${said}`]);
    } else if (rule.kind === "volatile") {
      expect(diff(having(place, "1"), having(place, "2"), having(place, "1"))).toEqual([]);
      expect(diff(bare, isObject(bare.deployment) ? having("deployment.kind", "SYSTEM_MANAGED") : bare, bare)).toEqual([
        "drift deployment.kind",
      ]);
    } else {
      expect(diff(having(place, "gitHub"), having(place, "GITHUB"), having(place, "gitHub"))).toEqual([]);
      expect(diff(having(place, "gitLab"), having(place, "gitHub"), having(place, "gitHub"))).toEqual([
        `declared ${said}`,
      ]);
    }
  });
});

it("holds each pattern once", () => {
  const paths = FIELD_RULES.map((rule) => rule.path);
  expect(new Set(paths).size).toBe(paths.length);
});
