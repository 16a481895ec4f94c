import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { DeclaredJob, JobSettings } from "../model/job.ts";
import { placeFinder, settingsFor } from "../sources/jobs/settings.ts";
import { parseJson } from "../util/int64-json.ts";
import { parsePlacedYaml } from "../util/parse-yaml.ts";
import { checkJob } from "./check.ts";
import { applyMode } from "./mode.ts";

function declared(settings: JobSettings, more: Partial<DeclaredJob> = {}): DeclaredJob {
  const place = { file: "a.yml", line: 1, column: 1 };
  const base = { resource: "j", settings, place, placeOf: () => place, source: "yaml", previous: [], protect: false };
  return { ...base, ...more };
}

function fromYaml(text: string): DeclaredJob {
  const { root } = parsePlacedYaml(text, "a.yml");
  if (!root) throw new Error("empty");
  return declared(settingsFor(root) as JobSettings, { placeOf: placeFinder(root, root) });
}

const found = (text: string) =>
  checkJob(fromYaml(text)).map(
    ({ place, path, message, hint }) =>
      `${place?.line}:${place?.column} ${path.slice("jobs.j.".length)} ${message}${hint ? ` — ${hint}` : ""}`,
  );

const TASK = "tasks: [ { task_key: a, notebook_task: { notebook_path: /n } } ]";

describe("check", () => {
  it("finds nothing in a sound job", () => {
    expect(
      found(`
name: Nightly
schedule: { quartz_cron_expression: 0 0 5 * * ?, timezone_id: Europe/London }
job_clusters: [ { job_cluster_key: main, new_cluster: { spark_version: 16.4.x-scala2.12, num_workers: 2 } } ]
parameters: [ { name: day, default: "" } ]
git_source: { git_url: https://x/y, git_provider: GITHUB, git_branch: main }
tasks:
  - { task_key: a, job_cluster_key: main, notebook_task: { notebook_path: /n }, libraries: [ { pypi: { package: x } } ] }
  - { task_key: ok, depends_on: [ { task_key: a } ], condition_task: { left: "{{job.run_id}}", op: EQUAL_TO, right: "1" } }
  - task_key: loop
    depends_on: [ { task_key: ok, outcome: "true" } ]
    for_each_task: { inputs: '["a"]', concurrency: 3, task: { task_key: in, spark_python_task: { python_file: /p.py } } }
`),
    ).toEqual([]);
  });

  it("names everything at once, at its place, in the order of the file", () => {
    expect(
      found(`
name: x
max_concurent_runs: 2
timeout_seconds: abc
tags: [a]
tasks:
  - task_key: a
    run_if: SOMETIMES
    notebook_task: { notebook_path: /n, sorce: GIT }
  - task_key: b
    depends_on: [ { task_key: aa } ]
    job_cluster_key: mian
    notebook_task: { }
job_clusters: [ { job_cluster_key: main, new_cluster: { spark_version: x } } ]
`),
    ).toEqual([
      "3:1 max_concurent_runs the Jobs API has no field 'max_concurent_runs' here — did you mean max_concurrent_runs?",
      "4:1 timeout_seconds expected a whole number, found 'abc'",
      "5:1 tags expected a map, found a list",
      "8:5 tasks[0].run_if 'SOMETIMES' is none of ALL_DONE, ALL_FAILED, ALL_SUCCESS, AT_LEAST_ONE_FAILED, AT_LEAST_ONE_SUCCESS, NONE_FAILED",
      "9:41 tasks[0].notebook_task.sorce the Jobs API has no field 'sorce' here — did you mean source?",
      "11:21 tasks[1].depends_on[0].task_key 'aa' is no task of this job — did you mean a?",
      "12:5 tasks[1].job_cluster_key 'mian' is no job cluster of this job — did you mean main?",
      "13:5 tasks[1].notebook_task notebook_path is missing",
    ]);
  });

  it.each([
    ["no kind of task", "tasks: [ { task_key: a } ]", "a task needs exactly one *_task key"],
    [
      "two kinds",
      "tasks: [ { task_key: a, notebook_task: { notebook_path: /n }, spark_submit_task: {} } ]",
      "exclude each other",
    ],
    ["no task_key", "tasks: [ { notebook_task: { notebook_path: /n } } ]", "task_key is missing"],
    ["a bad task_key", "tasks: [ { task_key: a b, notebook_task: { notebook_path: /n } } ]", "'a b' is no task key"],
    [
      "a task_key twice",
      "tasks: [ { task_key: a, spark_submit_task: {} }, { task_key: a, spark_submit_task: {} } ]",
      "occurs twice",
    ],
    [
      "a task that waits for itself",
      "tasks: [ { task_key: a, spark_submit_task: {}, depends_on: [ { task_key: a } ] } ]",
      "a → a",
    ],
    [
      "a cycle",
      `tasks:
        - { task_key: z, spark_submit_task: {}, depends_on: [ { task_key: a } ] }
        - { task_key: a, spark_submit_task: {}, depends_on: [ { task_key: c } ] }
        - { task_key: b, spark_submit_task: {}, depends_on: [ { task_key: a } ] }
        - { task_key: c, spark_submit_task: {}, depends_on: [ { task_key: b } ] }`,
      "tasks wait for each other: a → c → b → a",
    ],
    [
      "two computes",
      "tasks: [ { task_key: a, spark_submit_task: {}, existing_cluster_id: x, new_cluster: {} } ]",
      "existing_cluster_id and new_cluster exclude each other",
    ],
    [
      "an unknown environment",
      "tasks: [ { task_key: a, spark_submit_task: {}, environment_key: x } ]",
      "'x' is no environment of this job",
    ],
    [
      "two starts",
      `${TASK}\nschedule: { quartz_cron_expression: 0 0 5 * * ?, timezone_id: UTC }\ncontinuous: {}`,
      "schedule and continuous exclude each other",
    ],
    [
      "bad Quartz",
      `${TASK}\nschedule: { quartz_cron_expression: 0 5 * * *, timezone_id: UTC }`,
      "'0 5 * * *', character 10: 6 or 7 fields are needed",
    ],
    [
      "a bad zone",
      `${TASK}\nschedule: { quartz_cron_expression: 0 0 5 * * ?, timezone_id: Europe/Lodnon }`,
      "there is no time zone 'Europe/Lodnon' — did you mean Europe/London?",
    ],
    ["no zone", `${TASK}\nschedule: { quartz_cron_expression: 0 0 5 * * ? }`, "timezone_id is missing"],
    [
      "a short wait",
      `${TASK}\ntrigger: { file_arrival: { url: /Volumes/x, min_time_between_triggers_seconds: 5 } }`,
      "at least 60 seconds, found 5",
    ],
    [
      "two triggers in one",
      `${TASK}\ntrigger: { file_arrival: { url: x }, periodic: { interval: 1, unit: DAYS } }`,
      "a trigger has one kind",
    ],
    [
      "an outcome of no condition",
      "tasks: [ { task_key: a, spark_submit_task: {} }, { task_key: b, spark_submit_task: {}, depends_on: [ { task_key: a, outcome: true } ] } ]",
      "has no outcome",
    ],
    [
      "a condition without a side",
      "tasks: [ { task_key: a, condition_task: { left: x, op: EQUAL_TO } } ]",
      "right is missing",
    ],
    [
      "inputs that are no list",
      "tasks: [ { task_key: a, for_each_task: { inputs: 'a,b', task: { task_key: b, spark_submit_task: {} } } } ]",
      "inputs must be a JSON list as text",
    ],
    [
      "a loop in a loop",
      "tasks: [ { task_key: a, for_each_task: { inputs: '[]', task: { task_key: b, for_each_task: {} } } } ]",
      "a for-each cannot hold a for-each",
    ],
    [
      "sql of two kinds",
      "tasks: [ { task_key: a, sql_task: { warehouse_id: w, query: { query_id: q }, file: { path: f } } } ]",
      "query and file exclude each other",
    ],
    ["a library of no kind", "tasks: [ { task_key: a, spark_submit_task: {}, libraries: [ {} ] } ]", "one of whl, jar"],
    [
      "a parameter twice",
      `${TASK}\nparameters: [ { name: a, default: x }, { name: a, default: y } ]`,
      "name 'a' occurs twice",
    ],
    [
      "two git refs",
      `${TASK}\ngit_source: { git_url: x, git_provider: gitHub, git_branch: a, git_tag: b }`,
      "git_branch and git_tag exclude",
    ],
    ["no git provider", `${TASK}\ngit_source: { git_url: x, git_branch: a }`, "git_provider is missing"],
    [
      "two identities",
      `${TASK}\nrun_as: { user_name: a, service_principal_name: b }`,
      "user_name and service_principal_name exclude",
    ],
    ["a number too large", `${TASK}\ntimeout_seconds: 3000000000`, "does not fit into int32"],
    [
      "a list that is a text",
      `${TASK}\nemail_notifications: { on_failure: a@x }`,
      "expected a list, found 'a@x' — write [a@x]",
    ],
    ["an empty name", `${TASK}\nname: " "`, "a name is not empty"],
    [
      "four webhooks",
      `${TASK}\nwebhook_notifications: { on_failure: [ {id: a}, {id: b}, {id: c}, {id: d} ] }`,
      "at most 3 destinations",
    ],
    ["too many runs", `${TASK}\nmax_concurrent_runs: 1001`, "0 to 1000 runs at a time"],
  ])("refuses %s", (_what, text, message) => {
    const problems = found(text);
    expect(problems.join("\n")).toContain(message);
  });

  it("holds the limits of the service", () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ task_key: `t${i}`, spark_submit_task: {} }));
    expect(checkJob(declared({ tasks: many(1_000) }))).toEqual([]);
    expect(checkJob(declared({ tasks: many(1_001) }))).toMatchObject([{ code: "limit", path: "jobs.j.tasks" }]);
    const tags = Object.fromEntries(Array.from({ length: 26 }, (_, i) => [`k${i}`, "v"]));
    expect(checkJob(declared({ tasks: many(1), tags }))).toMatchObject([{ code: "limit", path: "jobs.j.tags" }]);
    expect(checkJob(declared({ tasks: many(1), name: "ü".repeat(2_049) }))).toMatchObject([
      { message: expect.stringContaining("4098") },
    ]);
    expect(checkJob(declared({ tasks: many(1), description: "x".repeat(27_701) }))).toMatchObject([{ code: "limit" }]);
  });

  it("follows a chain of a thousand tasks", () => {
    const tasks = Array.from({ length: 1_000 }, (_, i) => ({
      task_key: `t${i}`,
      spark_submit_task: {},
      depends_on: i === 999 ? [] : [{ task_key: `t${i + 1}` }],
    }));
    expect(checkJob(declared({ tasks }))).toEqual([]);
  });

  it("leaves values alone that only the platform knows", () => {
    const D = "$";
    expect(
      checkJob(
        declared({
          max_concurrent_runs: `${D}{var.runs}`,
          schedule: { quartz_cron_expression: `${D}{var.cron}`, timezone_id: "{{x}}", pause_status: `${D}{p}` },
          tasks: [{ task_key: "call", run_job_task: { job_id: `${D}{resources.jobs.x.id}` } }],
        } as JobSettings),
      ),
    ).toEqual([]);
  });
});

describe("real jobs", () => {
  const folder = new URL("../../../shared/data/jobs/", import.meta.url);
  const present = existsSync(folder);
  if (!present) console.log("skipped: no shared/data/jobs beside the repository");
  // Fixtures of the Databricks CLI's own tests, which the service itself would refuse.
  const FAULTY: Record<string, string[]> = {
    "040_cli_test_job.json": ["exclusive"],
    "043_cli_test_job.json": ["exclusive"],
    "065_cli_out.json": ["exclusive"],
    "080_cli_my_job.json": ["missing_field"],
    "082_cli_my_job.json": ["missing_field", "missing_field", "missing_field", "missing_field", "missing_field"],
    "084_cli_test_job.json": ["unknown_reference"],
    "109_cli_pipeline_schedule.json": ["missing_field"],
    "110_cli_test_job.json": ["exclusive"],
  };

  it.skipIf(!present)("have no errors, but for fixtures that are wrong on purpose", () => {
    const files = readdirSync(folder).filter((name) => /^\d.*\.json$/.test(name));
    expect(files.length).toBeGreaterThan(100);
    const errors = files.flatMap((file) => {
      const settings = parseJson(readFileSync(new URL(file, folder), "utf8")) as JobSettings;
      const codes = checkJob(declared(settings)).flatMap(({ severity, code }) => (severity === "error" ? [code] : []));
      return codes.length > 0 ? [[file, codes]] : [];
    });
    expect(Object.fromEntries(errors)).toEqual(FAULTY);
  });
});

describe("mode", () => {
  const settings: JobSettings = {
    name: "Load",
    schedule: { quartz_cron_expression: "0 0 5 * * ?", timezone_id: "UTC", pause_status: "UNPAUSED" },
    triggers: [{ periodic: { interval: 1, unit: "DAYS" } }],
  };

  it("development names the user and pauses", () => {
    expect(applyMode(settings, "development", "Anna.Smith@example.com")).toEqual({
      name: "[dev anna_smith] Load",
      schedule: { quartz_cron_expression: "0 0 5 * * ?", timezone_id: "UTC", pause_status: "PAUSED" },
      triggers: [{ periodic: { interval: 1, unit: "DAYS" }, pause_status: "PAUSED" }],
    });
  });

  it("any other changes nothing", () => {
    expect(applyMode(settings, undefined, "anna")).toBe(settings);
    expect(applyMode(settings, "production", "anna")).toBe(settings);
  });
});
