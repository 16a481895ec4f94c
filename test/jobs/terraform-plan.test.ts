/** What a plan of Terraform does to jobs, explained from `terraform show -json`; fixtures after the provider's documented schema. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import type { Plan } from "../../src/model/plan.ts";
import { cli } from "../run-cli.ts";

let fake: FakeDatabricks;
let dir: string;
beforeEach(async () => {
  fake = await startFakeDatabricks({ principals: [{ userName: "anna@example.com", tokens: ["token-anna"] }] });
  dir = mkdtempSync(join(tmpdir(), "headgate-terraform-plan-"));
  const config = {
    project: "shop",
    workspaces: { main: { host: fake.url, auth: { kind: "pat", token: "${env:TOKEN}" } } },
    targets: { prod: { default: true, workspace: "main" } },
  };
  writeFileSync(join(dir, "headgate.yaml"), JSON.stringify(config));
});
afterEach(async () => {
  rmSync(dir, { recursive: true, force: true });
  await fake.close();
});
const run = (...args: string[]) => cli(["jobs", ...args], { cwd: dir, env: { TOKEN: "token-anna" } });

/** A job as the service has it. */
const remote = (name: string, more: object = {}) => ({
  name,
  tasks: [
    { task_key: "load", job_cluster_key: "main", notebook_task: { notebook_path: "/etl/load" }, max_retries: 1 },
    {
      task_key: "report",
      depends_on: [{ task_key: "load" }],
      sql_task: { warehouse_id: "w", query: { query_id: "q" } },
    },
  ],
  job_clusters: [
    {
      job_cluster_key: "main",
      new_cluster: { spark_version: "15.4.x-scala2.12", num_workers: 2, spark_conf: { a: "1" } },
    },
  ],
  schedule: { quartz_cron_expression: "0 0 5 * * ?", timezone_id: "UTC", pause_status: "UNPAUSED" },
  parameters: [{ name: "day", default: "" }],
  git_source: { git_url: "https://x/y", git_provider: "gitHub", git_branch: "main" },
  email_notifications: { on_failure: ["ops@x"] },
  ...more,
});
/** The same job as the provider keeps it: blocks as lists, what is not given as the type's zero. */
const attributes = (id: string | undefined, name: string, more: object = {}) => ({
  id,
  url: `https://h/#job/${id}`,
  name,
  always_running: false,
  control_run_state: false,
  timeouts: null,
  description: "",
  format: "MULTI_TASK",
  max_concurrent_runs: 1,
  timeout_seconds: 0,
  tags: null,
  task: [
    {
      task_key: "load",
      job_cluster_key: "main",
      description: "",
      max_retries: 1,
      run_if: "",
      timeout_seconds: 0,
      depends_on: [],
      library: [],
      new_cluster: [],
      notebook_task: [{ notebook_path: "/etl/load", base_parameters: null, source: "", warehouse_id: "" }],
      sql_task: [],
    },
    {
      task_key: "report",
      depends_on: [{ task_key: "load", outcome: "" }],
      notebook_task: [],
      sql_task: [
        { warehouse_id: "w", parameters: null, alert: [], dashboard: [], file: [], query: [{ query_id: "q" }] },
      ],
    },
  ],
  job_cluster: [
    {
      job_cluster_key: "main",
      new_cluster: [
        {
          spark_version: "15.4.x-scala2.12",
          num_workers: 2,
          spark_conf: { a: "1" },
          autoscale: [],
          library: [],
          policy_id: "",
        },
      ],
    },
  ],
  schedule: [{ quartz_cron_expression: "0 0 5 * * ?", timezone_id: "UTC", pause_status: "UNPAUSED" }],
  parameter: [{ name: "day", default: "" }],
  git_source: [{ url: "https://x/y", provider: "gitHub", branch: "main", tag: "", commit: "", job_source: [] }],
  email_notifications: [{ on_failure: ["ops@x"], on_start: [], no_alert_for_skipped_runs: false }],
  ...more,
});
const change = (name: string, actions: string[], before: object | null, after: object | null, more: object = {}) => ({
  address: `databricks_job.${name}`,
  mode: "managed",
  type: "databricks_job",
  name,
  change: { actions, before, after, after_unknown: {}, before_sensitive: {}, after_sensitive: {}, ...more },
});
const seed = (...jobs: object[]): string[] =>
  fake.control.seedJobs({ jobs: jobs as never, as: "anna@example.com" }).jobIds;

async function explained(plan: object, ...args: string[]) {
  writeFileSync(join(dir, "plan.json"), JSON.stringify({ format_version: "1.2", ...plan }));
  fake.control.clearRequests();
  const ran = await run("plan", "--terraform-plan", "plan.json", "--json", ...args);
  expect(ran.code, ran.stderr).toBe(0);
  expect(fake.control.requests().filter(({ method }) => method !== "GET")).toEqual([]);
  return { plan: JSON.parse(ran.stdout) as Plan, text: ran.stdout + ran.stderr };
}
const rows = (plan: Plan) =>
  Object.fromEntries(
    plan.changes.map((row) => [
      row.resource,
      [row.action, row.jobId, ...row.fields.map(({ kind, path }) => `${kind} ${path}`)],
    ]),
  );

describe("--terraform-plan", () => {
  it("tells field by field what Terraform changes, and what somebody changed before it", async () => {
    const [same = "", load = "", gone = "", anew = ""] = seed(
      remote("Same"),
      remote("Load", { description: "by hand" }),
      remote("Gone"),
      remote("Anew"),
    );
    const now = attributes(load, "Load", { description: "by hand" });
    const retried = attributes(load, "Load").task.map((task, index) =>
      index === 0 ? { ...task, max_retries: 3 } : task,
    );
    const { plan } = await explained({
      resource_drift: [change("load", ["update"], attributes(load, "Load"), now)],
      resource_changes: [
        change("same", ["no-op"], attributes(same, "Same"), attributes(same, "Same")),
        change("load", ["update"], now, attributes(load, "Load", { task: retried })),
        change("gone", ["delete"], attributes(gone, "Gone"), null),
        change("anew", ["delete", "create"], attributes(anew, "Anew"), attributes(undefined, "Anew")),
        change("fresh", ["create"], null, attributes(undefined, "Fresh")),
        { ...change("other", ["create"], null, { name: "x" }), type: "databricks_cluster" },
      ],
    });
    expect(plan).toMatchObject({ managedBy: "terraform", state: null });
    expect(rows(plan)).toEqual({
      same: ["noop", same],
      load: ["update", load, "drift description", "declared tasks[task_key=load].max_retries"],
      gone: ["delete", gone],
      anew: ["recreate", anew],
      fresh: ["create", null],
    });
    expect(plan.changes.find(({ resource }) => resource === "load")?.fields[1]).toMatchObject({ before: 1, after: 3 });
    expect(plan.summary).toMatchObject({ create: 1, update: 1, recreate: 1, delete: 1, noop: 1 });
    expect(plan.changes.find(({ resource }) => resource === "gone")?.hint).toContain("terraform apply deletes it");
  });

  it("leaves out what only the provider keeps, and never tells a sensitive value", async () => {
    const [a = ""] = seed(remote("A", { tags: { key: "old-secret" } }));
    const after = attributes(a, "A", { tags: { key: "new-secret" }, always_running: true });
    const sensitive = { tags: { key: true } };
    const marks = { before_sensitive: sensitive, after_sensitive: sensitive };
    const before = attributes(a, "A", { tags: { key: "old-secret" } });
    const { plan, text } = await explained({ resource_changes: [change("a", ["update"], before, after, marks)] });
    expect(rows(plan)).toEqual({ a: ["update", a, "declared tags.key"] });
    expect(text).not.toContain('secret"');
    expect(text).not.toContain("new-secret");
    expect(text).not.toContain("old-secret");
    const running = attributes(a, "A", { tags: { key: "old-secret" }, always_running: true });
    const only = await explained({ resource_changes: [change("a", ["update"], before, running, marks)] });
    expect(rows(only.plan)).toEqual({ a: ["update", a] });
    expect(only.plan.changes[0]?.reason).toBe("only what the provider keeps to itself changes");
  });

  it("says what is known only after the apply, and leaves what the service computes alone", async () => {
    const cluster = { num_workers: 1, spark_version: "v", node_type_id: "n" };
    const [f = ""] = seed({
      name: "F",
      tasks: [{ task_key: "p", pipeline_task: { pipeline_id: "old" }, new_cluster: cluster }],
    });
    const task = (more: object, own: object) => [
      { task_key: "p", pipeline_task: [more], new_cluster: [{ ...cluster, ...own }] },
    ];
    const before = { id: f, name: "F", task: task({ pipeline_id: "old", full_refresh: false }, {}) };
    const after = { id: f, name: "F", task: task({ full_refresh: false }, { node_type_id: undefined }) };
    const unknown = {
      url: true,
      task: [{ pipeline_task: [{ pipeline_id: true }], new_cluster: [{ node_type_id: true }] }],
    };
    const changes = [change("f", ["update"], before, after, { after_unknown: unknown })];
    const { plan } = await explained({ resource_changes: changes });
    expect(plan.changes[0]?.fields).toMatchObject([
      {
        path: "tasks[task_key=p].pipeline_task.pipeline_id",
        kind: "declared",
        before: "old",
        after: "(known after apply)",
      },
    ]);
    expect(plan.changes[0]?.fields[0]?.place).toMatchObject({ file: "plan.json" });
  });

  it("reads a state too: what Terraform last set against what is there, modules and indexes included", async () => {
    const [a = "", b = "", c = ""] = seed(remote("A"), remote("B", { timeout_seconds: 9 }), remote("C"));
    const resource = (module: string, key: string | undefined, values: object) => ({
      address: `${module}databricks_job.load${key === undefined ? "" : `["${key}"]`}`,
      ...{ mode: "managed", type: "databricks_job", name: "load", index: key, values, sensitive_values: {} },
    });
    const { plan } = await explained({
      values: {
        root_module: {
          resources: [resource("", undefined, attributes(a, "A"))],
          child_modules: [
            { resources: [resource("module.eu.", undefined, attributes(b, "B"))] },
            { resources: [resource("module.eu.", "x", attributes(c, "C"))] },
          ],
        },
      },
    });
    expect(rows(plan)).toEqual({
      load: ["noop", a],
      eu_load: ["update", b, "drift timeout_seconds"],
      load_x: ["noop", c],
    });
  });

  it("is refused where it is no such file, and is never applied", async () => {
    writeFileSync(join(dir, "state.json"), JSON.stringify({ format_version: "2.0", values: {} }));
    const newer = await run("plan", "--terraform-plan", "state.json");
    expect(newer.code).toBe(65);
    expect(newer.stderr).toContain("terraform show -json tf.plan");
    expect((await run("plan", "--terraform-plan", "a", "--state", "b")).code).toBe(64);
    const [a = ""] = seed(remote("A"));
    const before = attributes(a, "A");
    writeFileSync(
      join(dir, "plan.json"),
      JSON.stringify({
        format_version: "1.2",
        resource_changes: [change("a", ["update"], before, { ...before, timeout_seconds: 5 })],
      }),
    );
    const text = await run("plan", "--terraform-plan", "plan.json", "--out", "mine.json");
    expect(text.stdout).toContain("what terraform apply would do");
    expect(text.stderr).not.toContain("carries it out");
    expect((await run("apply", "mine.json", "--yes")).stderr).toContain("Terraform deploys these jobs");
  });

  it("that cannot be read is told before anybody is asked", async () => {
    writeFileSync(join(dir, "broken.json"), '{"format_version": "1.2", "resource_changes": 3');
    fake.control.clearRequests();
    for (const file of ["broken.json", "nowhere.json"]) {
      const { code, stderr } = await run("plan", "--terraform-plan", file);
      expect(code, stderr).toBe(65);
      expect(stderr).toContain(file);
    }
    expect(fake.control.requests()).toEqual([]);
  });
});
