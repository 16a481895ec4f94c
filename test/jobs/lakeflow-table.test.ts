/** Control tables of lakeflow_jobs_meta, v0.2 and v0.1, through the command line, against a fake workspace. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import type { JobSettings } from "../../src/model/job.ts";
import { cli } from "../run-cli.ts";

const TABLE = "main.etl.control";
const V2 = ["resource_id", "job_name", "task_key", "depends_on", "task_type", "job_config", "task_config", "disabled"];
const V1 = [
  "source_id",
  "module_name",
  "source_type",
  "execution_order",
  "source_config",
  "target_config",
  "transformation_config",
  "is_active",
];

let dir: string;
let fake: FakeDatabricks;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "headgate-table-"));
  fake = await startFakeDatabricks({
    principals: [{ userName: "anna@example.com", tokens: ["anna-token"], admin: true }],
  });
  project();
});
afterEach(async () => {
  await fake.close();
  rmSync(dir, { recursive: true });
});

function project(more: Record<string, unknown> = {}) {
  const config = {
    version: 1,
    project: "shop",
    workspaces: { w: { host: fake.url, auth: { kind: "pat", token: `\${env:TOKEN}` }, warehouse: "wh-1" } },
    targets: { dev: { default: true, workspace: "w", variables: { env: "dev" } } },
    jobs: { sources: [{ kind: "control-table", table: TABLE, profile: "lakeflow-meta", ...more }] },
  };
  writeFileSync(join(dir, "headgate.yaml"), JSON.stringify(config));
}
const run = (...args: string[]) => cli(args, { cwd: dir, env: { TOKEN: "anna-token", PATH: process.env.PATH ?? "" } });
const apply = async (...more: string[]) => {
  const ran = await run("jobs", "apply", "--yes", "--first-deploy", ...more);
  return { ...ran, text: ran.stdout + ran.stderr };
};
const rows = (columns: string[], ...values: (string | number | boolean | null)[][]) =>
  fake.control.setTable({ name: TABLE, columns, rows: values });
const tracked = () => fake.control.table({ name: `${TABLE}_jobs` });
const jobs = () => fake.control.jobs();
const settings = (name: string) => jobs().find((job) => job.settings.name === name)?.settings as JobSettings;
const notebook = (key: string, dependsOn = "[]", more = "{}") => [
  "sales",
  "Sales",
  key,
  dependsOn,
  "notebook",
  more,
  JSON.stringify({ file_path: `/nb/${key}`, parameters: { big: "x" } }),
  false,
];

describe("rows of v0.2", () => {
  it("become jobs, with typed values, quotes and line breaks as they were; the tracking table follows", async () => {
    const nasty = `it's "quoted" \\ back\n\ttab \u{1F600} \${threshold} {{job.id}}`;
    const config = JSON.stringify({
      timeout_seconds: 60,
      tags: { a: nasty },
      parameters: [{ name: "p", default: nasty }],
      schedule: { quartz_cron_expression: "0 0 2 * * ?", timezone_id: "America/Los_Angeles", pause_status: "PAUSED" },
      description: nasty,
    });
    rows(
      V2,
      notebook("a", "[]", config),
      ["sales", "Sales", "b-b", '["a"]', "sql_query", config, JSON.stringify({ sql_query: nasty }), true],
      [
        "sales",
        "Sales",
        "c",
        null,
        "spark_submit",
        config,
        '{"spark_submit_task":{"parameters":["x"]},"new_cluster":{"spark_version":"15.4.x-scala2.12","num_workers":1}}',
        null,
      ],
      ["calls", null, "t", '["x"]', "run_job", "", '{"job_id": 9007199254740993}', false],
      ["calls", null, "x", null, null, null, `{"file_path": "/nb/\${var.env}"}`, false],
    );
    const first = await apply();
    expect(first.code, first.text).toBe(0);
    expect(settings("[Lakeflow Jobs Meta] Sales")).toMatchObject({
      timeout_seconds: 60,
      tags: { a: nasty },
      parameters: [{ name: "p", default: nasty }],
      description: nasty,
      edit_mode: "UI_LOCKED",
      tasks: [
        { task_key: "a", notebook_task: { notebook_path: "/nb/a", base_parameters: { big: "x" } } },
        { task_key: "b_b", depends_on: [{ task_key: "a" }], disabled: true, sql_task: { warehouse_id: "wh-1" } },
        { task_key: "c", spark_submit_task: { parameters: ["x"] } },
      ],
    });
    expect(settings("[Lakeflow Jobs Meta] calls")).toMatchObject({
      tasks: [
        { task_key: "t", run_job_task: { job_id: 9007199254740993n }, depends_on: [{ task_key: "x" }] },
        { task_key: "x", notebook_task: { notebook_path: "/nb/dev" } },
      ],
    });
    expect(fake.control.queries().map(({ name, text }) => [name, text])).toEqual([
      ["LakeflowJobMeta_Sales_b_b", nasty],
    ]);
    const ids = Object.fromEntries(jobs().map((job) => [job.settings.name, job.jobId]));
    expect(tracked().map(({ resource_id, job_id, job_name }) => [resource_id, String(job_id), job_name])).toEqual([
      ["calls", ids["[Lakeflow Jobs Meta] calls"], "[Lakeflow Jobs Meta] calls"],
      ["sales", ids["[Lakeflow Jobs Meta] Sales"], "[Lakeflow Jobs Meta] Sales"],
    ]);
    const again = await apply();
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("Nothing to apply")]);
  });

  it("faults name table, row and column; a bad job is skipped, and the others go on", async () => {
    rows(
      V2,
      notebook("a"),
      ["bad_json", "B", "t", "[]", "notebook", "{}", '{"file_path": "/a",}', false],
      ["bad_list", "B", "t", '"x"', "notebook", "{}", '{"file_path": "/a"}', false],
      ["bad_type", "B", "t", "[]", "notebok", "{}", '{\n  "file_path": "/a"}', false],
      ["bad_dep", "B", "t", '["nowhere"]', "notebook", "{}", '{"file_path": "/a"}', false],
      ["bad_field", "B", "t", "[]", "notebook", "{}", '{\n  "file_path": "/a", "max_retries": "many"}', false],
      ["twice", "B", "t", "[]", "notebook", "{}", '{"file_path": "/a"}', false],
      ["twice", "B", "t", "[]", "notebook", "{}", '{"file_path": "/b"}', false],
      [null, "B", "t", "[]", "notebook", "{}", '{"file_path": "/b"}', false],
    );
    const ran = await apply();
    expect(ran.code).toBe(1);
    expect(jobs().map(({ settings: { name } }) => name)).toEqual(["[Lakeflow Jobs Meta] Sales"]);
    for (const said of [
      "main.etl.control[bad_json/t].task_config:1:",
      "column task_config of row bad_json/t is no JSON",
      "main.etl.control[bad_list/t].depends_on:1:1",
      "main.etl.control[bad_type/t].task_type:1:1 jobs.bad_type.tasks[0].task_type: task 't' has the unknown type 'notebok' — did you mean notebook?",
      "main.etl.control[bad_dep/t].depends_on:1:2",
      "main.etl.control[bad_field/t].task_config:2:22",
      "main.etl.control[twice/t].task_key:1:1 jobs.twice: the table has more than one row twice/t",
      "row 9/t has no resource_id",
    ]) {
      expect(ran.text).toContain(said);
    }
  });

  it.each([
    ["no table", () => undefined, "there is no table main.etl.control"],
    ["a table of something else", () => rows(["a", "b"]), "main.etl.control is no control table: it has a, b"],
  ])("says so where there is %s", async (_, make, said) => {
    make();
    const ran = await run("jobs", "plan");
    expect(ran.code).not.toBe(0);
    expect(ran.stdout + ran.stderr).toContain(said);
  });

  it("a job whose rows are gone is unmanaged no longer, deleted only when asked for, and leaves the tracking table", async () => {
    rows(V2, notebook("a"), ["other", null, "t", "[]", "notebook", "{}", '{"file_path": "/a"}', false]);
    await apply();
    rows(V2, notebook("a"));
    expect((await apply()).stdout).toContain("held");
    expect([jobs().length, tracked().length]).toEqual([2, 2]);
    expect((await apply("--allow-delete", "1")).code).toBe(0);
    expect([jobs().length, tracked().map(({ resource_id }) => resource_id)]).toEqual([1, ["sales"]]);
  });

  it("a tracking table that could not be written is written by the next apply", async () => {
    rows(V2, notebook("a"));
    fake.control.addStatement({ match: "^MERGE", error: "busy", errorCode: "TEMPORARILY_UNAVAILABLE", times: 1 });
    const first = await apply();
    expect([first.code, first.text]).toEqual([75, expect.stringContaining("control-table could not be told")]);
    expect((await apply()).code).toBe(0);
    expect(tracked().map(({ job_id }) => String(job_id))).toEqual([jobs()[0]?.jobId]);
  });
});

describe("a running deployment of v0.1", () => {
  const sql = (text: string) =>
    JSON.stringify({ task_type: "sql_query", sql_task: { warehouse_id: "abc", sql_query: text } });
  beforeEach(() => {
    rows(
      V1,
      ["load", "my_pipeline", "notebook", 1, "{}", "{}", '{"task_type":"notebook","notebook_path":"/nb/load"}', true],
      ["check", "my_pipeline", "sql", 2, "{}", null, sql("SELECT 1"), true],
      ["old", "my_pipeline", "sql", 1, "{}", null, "not even JSON", false],
    );
  });
  const deployed = () =>
    fake.control.seedJobs({
      jobs: [
        {
          name: "Metadata_Driven_ETL_my_pipeline",
          tasks: [{ task_key: "load", notebook_task: { notebook_path: "/nb/older" } }],
        },
      ],
    }).jobIds[0] ?? "";

  it("is taken over by its tracking table, without a second job or query", async () => {
    const id = deployed();
    const query = fake.control.addQuery({
      name: "LakeflowJobMeta_my_pipeline_check",
      text: "SELECT 0",
      owner: "anna@example.com",
    });
    fake.control.setTable({
      name: `${TABLE}_jobs`,
      columns: ["module_name", "job_id", "job_name", "created_timestamp", "updated_timestamp"],
      rows: [["my_pipeline", id, "Metadata_Driven_ETL_my_pipeline", "2025-01-01", "2025-01-01"]],
    });
    expect((await run("jobs", "plan")).stdout).toContain(`job ${id} of`);
    const ran = await apply();
    expect(ran.code, ran.text).toBe(0);
    expect(jobs().map(({ jobId }) => jobId)).toEqual([id]);
    expect(jobs()[0]?.settings).toMatchObject({
      name: "Metadata_Driven_ETL_my_pipeline",
      timeout_seconds: 7200,
      max_concurrent_runs: 1,
      tasks: [
        {
          task_key: "load",
          timeout_seconds: 3600,
          notebook_task: { notebook_path: "/nb/load", base_parameters: { source_id: "load", control_table: TABLE } },
        },
        {
          task_key: "check",
          depends_on: [{ task_key: "load" }],
          sql_task: { warehouse_id: "abc", query: { query_id: query.id } },
        },
      ],
    });
    expect(fake.control.queries().map(({ text }) => text)).toEqual(["SELECT 1"]);
    expect(tracked()).toMatchObject([{ module_name: "my_pipeline", created_timestamp: "2025-01-01" }]);
    expect((await apply()).stdout).toContain("Nothing to apply");
  });

  it("whose job is gone is made anew, and the tracking table follows", async () => {
    fake.control.setTable({
      name: `${TABLE}_jobs`,
      columns: ["module_name", "job_id", "job_name"],
      rows: [["my_pipeline", "123456789", "Metadata_Driven_ETL_my_pipeline"]],
    });
    expect((await apply()).code).toBe(0);
    expect(tracked().map(({ job_id }) => String(job_id))).toEqual(jobs().map(({ jobId }) => jobId));
  });
});

describe("headgate jobs control-table", () => {
  const file = (name: string, text: string) => writeFileSync(join(dir, name), text);
  const load = (...paths: string[]) => run("jobs", "control-table", "load", ...paths);
  const table = () => fake.control.table({ name: TABLE });
  const two = `
metadata_version: "2.0"
jobs:
  sales:
    name: Daily sales
    description: it's "quoted"
    tasks:
      - { task_key: a, task_type: notebook, file_path: "/nb/\${var.env}" }
      - { task_key: b, task_type: sql_query, depends_on: [a], sql_query: "SELECT '\${x}'\\n", disabled: true }
  other:
    tasks: [ { task_key: t, notebook_task: { notebook_path: /nb/t } } ]
`;

  it("makes the tables, loads files, shows them; the jobs of the table are those of the files", async () => {
    const made = await run("jobs", "control-table", "create");
    expect([made.code, made.stdout]).toEqual([0, "main.etl.control and main.etl.control_jobs are there\n"]);
    file("meta.yml", two);
    const first = await load("meta.yml");
    expect([first.code, first.stdout], first.stderr).toEqual([
      0,
      "2 jobs with 3 tasks in main.etl.control: 3 rows new, 0 changed, 0 deleted\n",
    ]);
    expect((await run("jobs", "control-table", "create")).code).toBe(0);
    expect((await load("meta.yml")).stdout).toContain("0 rows new, 0 changed, 0 deleted");
    expect(table()).toMatchObject([
      { resource_id: "sales", job_name: "Daily sales", task_key: "a", depends_on: "[]", disabled: false },
      { resource_id: "sales", task_key: "b", depends_on: '["a"]', task_type: "sql_query", disabled: true },
      { resource_id: "other", task_type: "notebook", created_by: "anna@example.com" },
    ]);
    const shown = await run("jobs", "control-table", "show");
    expect(shown.stdout).toMatch(/sales +b +sql_query +\["a"\] +true/);
    const json = JSON.parse((await run("jobs", "control-table", "show", "--json")).stdout);
    expect(json).toMatchObject({
      version: "v0.2",
      rows: [{ job_config: JSON.stringify({ description: `it's "quoted"` }) }, {}, {}],
    });
    expect((await apply()).code).toBe(0);
    expect(settings("[Lakeflow Jobs Meta] Daily sales")).toMatchObject({
      description: `it's "quoted"`,
      tasks: [{ notebook_task: { notebook_path: "/nb/dev" } }, { task_key: "b", disabled: true }],
    });
    expect(settings("[Lakeflow Jobs Meta] other")).toMatchObject({
      tasks: [{ notebook_task: { notebook_path: "/nb/t" } }],
    });
  });

  it("tasks that vanish leave the table; jobs that vanish are named and stay", async () => {
    await run("jobs", "control-table", "create");
    file("meta.yml", two);
    await load("meta.yml");
    file("meta.yml", "jobs: { sales: { tasks: [ { task_key: a, task_type: notebook, file_path: /new } ] } }");
    expect((await load("meta.yml")).stdout).toBe(
      "1 job with 1 task in main.etl.control: 0 rows new, 1 changed, 1 deleted\nin the table but in none of these files, left alone: other\n",
    );
    expect(table().map(({ resource_id, task_key }) => [resource_id, task_key])).toEqual([
      ["sales", "a"],
      ["other", "t"],
    ]);
  });

  it.each([
    [
      "a bad task",
      "jobs: { x: { tasks: [ { task_key: a, task_type: notebok } ] } }",
      "b.yml:1:38 jobs.x.tasks[0].task_type",
    ],
    [
      "a resource twice",
      "jobs: { sales: { tasks: [ { task_key: a, task_type: notebook, file_path: /a } ] } }",
      "declared twice, first at a.yml:4:3",
    ],
    ["bad syntax", "jobs: { x: [", "b.yml:1:"],
    [
      "a cycle",
      "jobs: { x: { tasks: [ { task_key: a, task_type: notebook, file_path: /a, depends_on: [a] } ] } }",
      "b.yml:1:",
    ],
    [
      "a missing variable",
      "jobs: { x: { tasks: [ { task_key: a, task_type: notebook, file_path: '${var.nope}' } ] } }",
      "variable 'nope' has no value",
    ],
  ])("one file with %s, and nothing is loaded", async (_, text, said) => {
    await run("jobs", "control-table", "create");
    file("a.yml", two);
    file("b.yml", text);
    const ran = await load("a.yml", "b.yml");
    expect([ran.code, ran.stderr]).toEqual([65, expect.stringContaining(said)]);
    expect(table()).toEqual([]);
  });

  it("loads modules of v0.1 as rows of v0.2", async () => {
    await run("jobs", "control-table", "create");
    file(
      "old.yml",
      `
metadata_version: "1.0"
modules:
  - module_name: ingest
    sources:
      - { source_id: a, source_type: sql, execution_order: 1, transformation_config: { notebook_path: /nb } }
      - { source_id: b, source_type: sql, execution_order: 2, transformation_config: { task_type: sql_file, sql_task: { sql_file_path: /b.sql } } }
`,
    );
    expect((await load("old.yml")).code).toBe(0);
    expect(table()).toMatchObject([
      { resource_id: "ingest", task_key: "a", task_type: "notebook", depends_on: "[]" },
      { resource_id: "ingest", task_key: "b", task_type: "sql_file", depends_on: '["a"]' },
    ]);
    expect(JSON.parse(String(table()[0]?.task_config))).toEqual({
      notebook_path: "/nb",
      parameters: { source_id: "a", control_table: TABLE },
    });
  });

  it("loads modules of v0.1 into a table of v0.1, with what they say of their job; what vanishes goes, a repeat is none", async () => {
    rows(
      [...V1, "created_timestamp", "updated_timestamp"],
      ["gone", "ingest", "sql", 1, "{}", "{}", '{"notebook_path":"/gone"}', true, null, null],
      ["x", "elsewhere", "sql", 1, "{}", "{}", '{"notebook_path":"/x"}', true, null, null],
    );
    const modules = (path: string) => `
metadata_version: "1.0"
modules:
  - module_name: ingest
    job_config: { timeout_seconds: 60 }
    sources:
      - { source_id: a, execution_order: 1, source_config: { from: s }, transformation_config: { notebook_path: ${path} } }
      - { source_id: b, source_type: sql, execution_order: 2, is_active: false, transformation_config: { task_type: notebook, notebook_path: /b } }
`;
    file("old.yml", modules("/a"));
    const first = await load("old.yml");
    expect([first.code, first.stdout], first.stderr).toEqual([
      0,
      expect.stringContaining("1 job with 2 tasks in main.etl.control: 2 rows new, 0 changed, 1 deleted"),
    ]);
    expect(first.stdout).toContain("elsewhere");
    const found = table().filter(({ module_name }) => module_name === "ingest");
    expect(found).toMatchObject([
      { source_id: "a", source_type: "unknown", execution_order: 1, target_config: "{}", is_active: true },
      { source_id: "b", source_type: "sql", execution_order: 2, source_config: "{}", is_active: false },
    ]);
    expect(JSON.parse(String(found[0]?.source_config))).toEqual({ from: "s", _job_config: { timeout_seconds: 60 } });
    expect(found[0]?.created_timestamp).not.toBeNull();
    expect((await load("old.yml")).stdout).toContain("0 rows new, 0 changed, 0 deleted");
    file("old.yml", modules("/a2"));
    expect((await load("old.yml")).stdout).toContain("0 rows new, 1 changed, 0 deleted");
    expect((await apply()).code).toBe(0);
    expect(settings("Metadata_Driven_ETL_ingest")).toMatchObject({
      timeout_seconds: 60,
      tasks: [{ task_key: "a", notebook_task: { notebook_path: "/a2" } }],
    });
    file("new.yml", two);
    const refused = await load("new.yml");
    expect([refused.code, refused.stderr]).toEqual([65, expect.stringContaining("new.yml declares jobs of v0.2")]);
  });
});
