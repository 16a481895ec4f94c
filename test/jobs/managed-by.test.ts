/** Plans of jobs that a bundle or Terraform deploys: found by what those keep, explained, never applied. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import type { Plan } from "../../src/model/plan.ts";
import { cli } from "../run-cli.ts";

const STATE = "/Workspace/Users/anna@example.com/.bundle/etl/prod/state";
const METADATA = `${STATE}/metadata.json`;

let fake: FakeDatabricks;
let dir: string;
beforeEach(async () => {
  fake = await startFakeDatabricks({ principals: [{ userName: "anna@example.com", tokens: ["token-anna"] }] });
  dir = mkdtempSync(join(tmpdir(), "headgate-managed-by-"));
  project("{ kind: yaml, path: databricks.yml, profile: bundle }");
});
afterEach(async () => {
  rmSync(dir, { recursive: true, force: true });
  await fake.close();
});

function project(source: string): void {
  write(
    "headgate.yaml",
    `version: 1
project: shop
workspaces: { main: { host: "${fake.url}", auth: { kind: pat, token: "\${env:TOKEN}" } } }
targets: { prod: { default: true, workspace: main } }
jobs: { sources: [ ${source} ] }
`,
  );
}
function write(file: string, text: string): void {
  mkdirSync(dirname(join(dir, file)), { recursive: true });
  writeFileSync(join(dir, file), text);
}
const run = (...args: string[]) => cli(["jobs", ...args], { cwd: dir, env: { TOKEN: "token-anna" } });

const tasks = (path: string) => [{ task_key: "main", notebook_task: { notebook_path: path } }];
/** What the bundle's deployment puts on each job. */
const DEPLOYED = {
  deployment: { kind: "BUNDLE", metadata_file_path: METADATA },
  edit_mode: "UI_LOCKED",
  max_concurrent_runs: 1,
  queue: { enabled: true },
};
const bundleJob = (name: string, more: object = {}) => ({ name, tasks: tasks(`/etl/${name}`), ...DEPLOYED, ...more });
const seed = (...jobs: object[]): string[] =>
  fake.control.seedJobs({ jobs: jobs as never, as: "anna@example.com" }).jobIds as string[];

const BUNDLE = (jobs: Record<string, object>) => `bundle: { name: etl }
targets: { prod: { default: true } }
resources:
  jobs: ${JSON.stringify(jobs)}
`;
const declared = (name: string, more: object = {}) => ({ name, tasks: tasks(`/etl/${name}`), ...more });
const direct = (jobs: Record<string, [id: string, settings: object]>, serial = 3) =>
  JSON.stringify({
    ...{ state_version: 2, lineage: "l", serial },
    state: Object.fromEntries(
      Object.entries(jobs).map(([key, [id, state]]) => [`resources.jobs.${key}`, { __id__: id, state }]),
    ),
  });

async function planned(...args: string[]): Promise<Plan> {
  const ran = await run("plan", "--json", ...args);
  expect(ran.code, ran.stderr).toBe(0);
  return JSON.parse(ran.stdout) as Plan;
}
const rows = (plan: Plan) =>
  Object.fromEntries(
    plan.changes.map((change) => [
      change.resource,
      [change.action, change.jobId, ...change.fields.map(({ kind, path }) => `${kind} ${path}`)],
    ]),
  );
const writes = () => fake.control.requests().filter(({ method }) => method !== "GET");

describe("--managed-by bundle", () => {
  it("tells by the state in the workspace what changed in the files, what in the workspace, and what goes", async () => {
    const [same = "", changed = "", old = "", gone = ""] = seed(
      bundleJob("same"),
      bundleJob("changed", { description: "by hand" }),
      bundleJob("renamed"),
      bundleJob("gone"),
      { name: "somebody's" },
    );
    write(
      "databricks.yml",
      BUNDLE({
        same: declared("same"),
        changed: declared("changed", { timeout_seconds: 60 }),
        new_key: declared("renamed"),
        fresh: declared("fresh"),
        calls: declared("calls", {
          tasks: [{ task_key: "call", run_job_task: { job_id: "${resources.jobs.changed.id}" } }],
        }),
      }),
    );
    fake.control.writeFile({
      path: `${STATE}/resources.json`,
      text: direct({
        same: [same, bundleJob("same")],
        changed: [changed, bundleJob("changed")],
        old_key: [old, bundleJob("renamed")],
        gone: [gone, bundleJob("gone")],
      }),
    });
    fake.control.clearRequests();
    const plan = await planned("--managed-by", "bundle");
    expect(plan).toMatchObject({ managedBy: "bundle", state: null, unmanaged: 1 });
    expect(rows(plan)).toEqual({
      same: ["noop", same],
      changed: ["update", changed, "drift description", "declared timeout_seconds"],
      old_key: ["delete", old],
      new_key: ["create", null],
      fresh: ["create", null],
      calls: ["create", null],
      gone: ["delete", gone],
    });
    const hint = (resource: string) => plan.changes.find((change) => change.resource === resource)?.hint;
    expect(hint("new_key")).toContain(`unbind old_key, then bind new_key ${old}`);
    expect(hint("gone")).toContain("deletes it without a question");
    expect(plan.changes.find((change) => change.resource === "changed")?.impact.calledBy).toMatchObject([
      { resource: "calls" },
    ]);
    expect(writes()).toEqual([]);
  });

  it("prefers the newer of the states here and in the workspace", async () => {
    const [here = "", there = ""] = seed(bundleJob("a"), bundleJob("a"));
    write("databricks.yml", BUNDLE({ a: declared("a") }));
    write(".databricks/bundle/prod/resources.json", direct({ a: [here, bundleJob("a")] }, 4));
    fake.control.writeFile({ path: `${STATE}/resources.json`, text: direct({ a: [there, bundleJob("a")] }, 5) });
    expect(rows(await planned("--managed-by", "bundle"))).toEqual({ a: ["noop", there] });
    write(".databricks/bundle/prod/resources.json", direct({ a: [here, bundleJob("a")] }, 6));
    expect(rows(await planned("--managed-by", "bundle"))).toEqual({ a: ["noop", here] });
    expect(rows(await planned("--managed-by", "bundle", "--state", "."))).toEqual({ a: ["noop", here] });
  });

  it("goes by metadata, by the deployment's mark and the name, and says where the name is not enough", async () => {
    const [a = "", b = "", c1 = "", c2 = ""] = seed(
      bundleJob("a"),
      bundleJob("b"),
      declared("c"),
      declared("c"),
      // Another deployment of the same bundle.
      bundleJob("b", { deployment: { kind: "BUNDLE", metadata_file_path: "/Workspace/Users/ben/metadata.json" } }),
    );
    write("databricks.yml", BUNDLE({ a: declared("a"), b: declared("b"), c: declared("c") }));
    const byName = await planned("--managed-by", "bundle");
    expect(rows(byName)).toEqual({ a: ["noop", a], b: ["noop", b], c: ["conflict", null] });
    expect(byName.changes[2]?.reason).toContain(c1);
    expect(byName.changes[2]?.reason).toContain(c2);
    fake.control.writeFile({
      path: METADATA,
      text: JSON.stringify({ version: 1, config: { resources: { jobs: { a: { id: a }, b: { id: b } } } } }),
    });
    const byMetadata = await planned("--managed-by", "bundle");
    expect(rows(byMetadata)).toEqual({ a: ["noop", a], b: ["noop", b], c: ["create", null] });
    expect(byMetadata.changes[2]?.hint).toContain("there will be two");
  });

  it("names jobs after the user in a bundle's development target, and pauses only what says nothing", async () => {
    const schedule = { quartz_cron_expression: "0 0 5 * * ?", timezone_id: "UTC" };
    const [a = ""] = seed(
      bundleJob("a", {
        name: "[dev anna] a",
        tags: { dev: "anna" },
        max_concurrent_runs: 4,
        schedule: { ...schedule, pause_status: "UNPAUSED" },
      }),
    );
    const bundle = BUNDLE({ a: declared("a", { schedule: { ...schedule, pause_status: "UNPAUSED" } }) });
    write("databricks.yml", bundle.replace("default: true", "default: true, mode: development"));
    const plan = await planned("--managed-by", "bundle");
    expect(rows(plan)).toEqual({ a: ["noop", a] });
    expect(plan.problems.map(({ code }) => code)).not.toContain("other_mode");
    expect((await run("plan")).stdout).toContain("mode is development here, and not in headgate.yaml");
  });

  it("knows the bundle's other resources and built libraries by the last deployment, and says what is known after the next", async () => {
    const built = `${STATE.replace(/state$/, "artifacts")}/.internal/etl-0.1-py3-none-any.whl`;
    const task = (pipeline: string, whl: string) => [
      { task_key: "p", pipeline_task: { pipeline_id: pipeline } },
      { task_key: "w", python_wheel_task: { package_name: "etl", entry_point: "main" }, libraries: [{ whl }] },
    ];
    const remote = bundleJob("a", { tasks: task("p-1", built) });
    const [a = ""] = seed(remote);
    const tasks = task("${resources.pipelines.load.id}", "./dist/*.whl");
    const pipelines = "  pipelines: { load: { name: load }, fresh: { name: fresh } }\n";
    const both = { a: declared("a", { tasks }), b: declared("b", { tags: { p: "${resources.pipelines.fresh.id}" } }) };
    write("databricks.yml", BUNDLE(both) + pipelines);
    const state = JSON.parse(direct({ a: [a, remote] })) as { state: Record<string, unknown> };
    state.state["resources.pipelines.load"] = { __id__: "p-1" };
    write(".databricks/bundle/prod/resources.json", JSON.stringify(state));
    const plan = await planned("--managed-by", "bundle");
    expect(rows(plan)).toEqual({ a: ["noop", a], b: ["create", null] });
    const open = plan.problems.filter(({ code }) => code === "other_resource");
    expect(open).toMatchObject([{ severity: "warning", resource: "b", path: "jobs.b.tags.p" }]);

    const own = await run("plan");
    expect(own.code).toBe(65);
    expect(own.stdout + own.stderr).toContain("is known only when pipeline load is deployed");
  });

  it("is shown in text and Markdown, and no apply takes it", async () => {
    seed(bundleJob("a"));
    write("databricks.yml", BUNDLE({ a: declared("a", { timeout_seconds: 5 }) }));
    const text = await run("plan", "--managed-by", "bundle", "--exit-code", "--out", "plan.json");
    expect(text.code).toBe(2);
    expect(text.stdout).toContain("what databricks bundle deploy would do; headgate explains it and never applies it");
    expect(text.stdout).not.toContain("first deployment");
    expect(text.stderr).not.toContain("carries it out");
    const markdown = await run("plan", "--managed-by", "bundle", "--format", "markdown");
    expect(markdown.stdout).toContain("what databricks bundle deploy would do");
    fake.control.clearRequests();
    const applied = await run("apply", "plan.json", "--yes", "--first-deploy");
    expect(applied.code).toBe(3);
    expect(applied.stderr).toContain("a bundle deploys these jobs");
    expect(applied.stderr).toContain("hint: deploy with databricks bundle deploy");
    expect(writes()).toEqual([]);
  });

  it("wants a source that is a bundle, and --state wants to know whose", async () => {
    project("{ kind: yaml, path: databricks.yml }");
    write("databricks.yml", BUNDLE({ a: declared("a") }));
    const plain = await run("plan", "--managed-by", "bundle");
    expect(plain.code).toBe(65);
    expect(plain.stderr).toContain("profile: bundle");
    expect((await run("plan", "--state", "x")).code).toBe(64);
    expect((await run("plan", "--managed-by", "bundel")).stderr).toContain('did you mean "bundle"?');
  });
});

describe("--managed-by terraform", () => {
  it("finds jobs by the state, else by their names", async () => {
    const [a = "", b = ""] = seed(declared("A"), declared("B"));
    project("{ kind: yaml, path: jobs.yml }");
    write("jobs.yml", `jobs: ${JSON.stringify({ a: declared("A", { timeout_seconds: 5 }), b: declared("B") })}\n`);
    expect(rows(await planned("--managed-by", "terraform"))).toEqual({
      a: ["update", a, "declared timeout_seconds"],
      b: ["noop", b],
    });
    write(
      "state.json",
      JSON.stringify({
        ...{ version: 4, serial: 1, lineage: "l" },
        resources: [
          {
            ...{ mode: "managed", type: "databricks_job", name: "old" },
            instances: [{ attributes: { id: a, name: "A", url: `${fake.url}/#job/${a}` } }],
          },
        ],
      }),
    );
    const plan = await planned("--managed-by", "terraform", "--state", "state.json");
    expect(rows(plan)).toEqual({ a: ["create", null], b: ["create", null], old: ["delete", a] });
    expect(plan.changes.find(({ resource }) => resource === "a")?.hint).toContain(
      "moved { from = databricks_job.old, to = databricks_job.a }",
    );
  });
});
