import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type FakeWorkspace, startFakeWorkspace } from "../../test/fake-workspace.ts";
import type { DeclaredJob, JobSettings } from "../model/job.ts";
import { openDatabricksFolders } from "../workspace/folders.ts";
import { lazyInventory } from "../workspace/inventory.ts";
import { checkWorkspace, type Lookup } from "./check-workspace.ts";

let world: FakeWorkspace;
let lookup: Lookup;
beforeAll(async () => {
  world = await startFakeWorkspace();
  const { client, fake } = world;
  lookup = { inventory: lazyInventory(async () => client), folders: openDatabricksFolders({ client }) };
  fake.control.addThings({
    warehouses: { w1: "BI" },
    clusters: Object.fromEntries(Array.from({ length: 130 }, (_, n) => [`c${n}`, `Cluster ${n}`])),
    policies: { p1: "Small" },
    pools: { pool1: "Warm" },
    pipelines: { "pipe-1": "Ingest" },
  });
  fake.control.addPrincipal({ userName: "11111111-2222-3333-4444-555555555555", kind: "service_principal" });
  fake.control.writeFile({ path: "/Workspace/Shared/etl/load", text: "# notebook" });
  fake.control.writeFile({ path: "/Workspace/Shared/sql/a.sql", text: "select 1" });
  fake.control.writeFile({ path: "/Volumes/main/etl/code/job.py", text: "" });
});
beforeEach(() => {
  world.fake.control.removeFaults();
  world.fake.control.clearRequests();
});
afterAll(() => world.fake.close());

function declared(settings: JobSettings, resource = "nightly"): DeclaredJob {
  const place = { file: "jobs/a.yml", line: 2, column: 3 };
  const placeOf = (path: string) => ({ ...place, line: path.startsWith("tasks[1]") ? 20 : 10 });
  return { resource, settings, place, placeOf, source: "files", previous: [], protect: false };
}

const notebook = (notebook_path: string, more: object = {}) => ({
  task_key: "n",
  notebook_task: { notebook_path },
  ...more,
});
const check = async (settings: JobSettings) =>
  (await checkWorkspace([declared(settings)], lookup)).map(
    ({ severity, code, path, message }) => `${severity} ${code} ${path}: ${message}`,
  );

const WHOLE: JobSettings = {
  run_as: { service_principal_name: "11111111-2222-3333-4444-555555555555" },
  job_clusters: [{ job_cluster_key: "j", new_cluster: { policy_id: "p1", instance_pool_id: "pool1" } }],
  tasks: [
    notebook("/Shared/etl/load", { existing_cluster_id: "c129" }),
    { task_key: "s", sql_task: { warehouse_id: "w1", file: { path: "/Workspace/Shared/sql/a.sql" } } },
    { task_key: "p", pipeline_task: { pipeline_id: "pipe-1" } },
    { task_key: "y", spark_python_task: { python_file: "/Volumes/main/etl/code/job.py" } },
  ],
};

test("a job whose things are all there has no problem, with a call a kind and folder", async () => {
  expect(await check(WHOLE)).toEqual([]);
  const asked = world.fake.control.requests().map(({ path }) => path.replace(/^.*\/api\/2\.\d\//, ""));
  // Clusters come in two pages.
  expect(asked.sort()).toEqual([
    "clusters/list",
    "clusters/list",
    "fs/directories/Volumes/main/etl/code",
    "instance-pools/list",
    "pipelines",
    "policies/clusters/list",
    "preview/scim/v2/ServicePrincipals",
    "sql/warehouses",
    "workspace/list",
    "workspace/list",
  ]);
});

test("what is not there is named at its place", async () => {
  const [problem] = await checkWorkspace(
    [declared({ tasks: [notebook("/Shared/etl/load"), { task_key: "s", sql_task: { warehouse_id: "w2" } }] })],
    lookup,
  );
  expect(problem).toMatchObject({
    severity: "error",
    code: "not_in_workspace",
    place: { file: "jobs/a.yml", line: 20 },
    path: "jobs.nightly.tasks[1].sql_task.warehouse_id",
    resource: "nightly",
  });
});

test.each<[string, JobSettings]>([
  ["SQL warehouse 'x'", { tasks: [{ task_key: "d", dbt_task: { warehouse_id: "x", commands: ["dbt run"] } }] }],
  ["cluster 'x'", { tasks: [notebook("/Shared/etl/load", { existing_cluster_id: "x" })] }],
  ["cluster policy 'x'", { tasks: [notebook("/Shared/etl/load", { new_cluster: { policy_id: "x" } })] }],
  ["instance pool 'x'", { job_clusters: [{ job_cluster_key: "j", new_cluster: { driver_instance_pool_id: "x" } }] }],
  ["pipeline 'x'", { tasks: [{ task_key: "p", pipeline_task: { pipeline_id: "x" } }] }],
  ["saved query 'x'", { tasks: [{ task_key: "q", sql_task: { query: { query_id: "x" }, warehouse_id: "w1" } }] }],
  ["service principal 'x'", { run_as: { service_principal_name: "x" } }],
  ["notebook or file '/Shared/etl/lod'", { tasks: [notebook("/Shared/etl/lod")] }],
  ["notebook or file '/Workspace/none/x'", { tasks: [notebook("/Workspace/none/x")] }],
  [
    "notebook or file '/Shared/etl/lod'",
    { tasks: [{ task_key: "f", for_each_task: { inputs: "[]", task: notebook("/Shared/etl/lod") } }] } as JobSettings,
  ],
])("%s is missed", async (what, settings) => {
  const problems = await check(settings);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`there is no ${what}`);
  expect(problems[0]).toMatch(/^error not_in_workspace jobs\.nightly\./);
});

test.each<[string, JobSettings]>([
  ["of a Git repository", { git_source: { git_url: "x" }, tasks: [notebook("/etl/load")] }],
  ["that is relative", { tasks: [notebook("etl/load")] }],
  ["with a source of its own", { tasks: [{ task_key: "n", notebook_task: { notebook_path: "/x", source: "GIT" } }] }],
  ["that is known when it runs", { tasks: [notebook("/Shared/{{job.parameters.path}}")] }],
  ["that is known when it is sent", { tasks: [notebook("${resources.notebooks.a.path}")] }],
])("a path %s is not looked up", async (_, settings) => {
  expect(await check(settings)).toEqual([]);
  expect(world.fake.control.requests()).toEqual([]);
});

test("what we may not list is not known: a warning with the grant, and the rest is checked", async () => {
  const refuse = { kind: "status" as const, status: 403, errorCode: "PERMISSION_DENIED" };
  world.fake.control.addFault({ path: "/sql/warehouses", fault: refuse });
  world.fake.control.addFault({ path: "/workspace/list", fault: refuse });
  const problems = await check({
    tasks: [
      notebook("/Shared/etl/load"),
      { task_key: "s", sql_task: { warehouse_id: "w1", query: { query_id: "x" } } },
    ],
  });
  expect(problems.map((one) => one.split(":")[0]).sort()).toEqual([
    "error not_in_workspace jobs.nightly.tasks[1].sql_task.query.query_id",
    "warning not_visible jobs.nightly.tasks[0].notebook_task.notebook_path",
    "warning not_visible jobs.nightly.tasks[1].sql_task.warehouse_id",
  ]);
  expect(problems.join()).toContain("Ask for CAN_VIEW on the warehouse");
});
