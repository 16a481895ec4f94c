/** The control table on a real engine: Spark with Delta takes the statements, and jobs follow the rows. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import { cli } from "../run-cli.ts";
import { WHOLE } from "../sample.ts";
import { openFront, type SparkWarehouse, startSpark, whyNoSpark } from "../spark-warehouse.ts";

const reason = whyNoSpark();
if (reason !== undefined) console.log(`skipped: ${reason}${WHOLE ? "" : "; all in the lane real"}`);

const TABLE = "main.etl.control";
const TEXT = `it's "quoted" \\ back\n\ttab ü \u{1F600} \${threshold}`;
const META = {
  metadata_version: "2.0",
  jobs: {
    sales: {
      name: `Sales "Groß"`,
      tags: { team: "o'neil" },
      schedule: { quartz_cron_expression: "0 0 2 * * ?", timezone_id: "America/Los_Angeles" },
      tasks: [
        { task_key: "load", task_type: "notebook", file_path: "/Shared/load", parameters: { a: 1, q: TEXT } },
        { task_key: "q", task_type: "sql_query", depends_on: ["load"], warehouse_id: "w", sql_query: TEXT },
      ],
    },
    dq: { tasks: [{ task_key: "a", task_type: "notebook", file_path: "/Shared/dq" }] },
  },
};

describe.skipIf(reason !== undefined)("the control table on Spark", () => {
  let spark: SparkWarehouse;
  let fake: FakeDatabricks;
  let front: Awaited<ReturnType<typeof openFront>>;
  let dir: string;
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await cli(args, { cwd: dir, env: { TOKEN: fake.token } });
    return { code, stdout, text: stdout + stderr };
  };
  const job = (name: string) => fake.control.jobs().find(({ settings }) => String(settings.name).includes(name));

  beforeAll(async () => {
    spark = await startSpark();
    fake = await startFakeDatabricks({});
    front = await openFront(spark, fake.url);
    dir = mkdtempSync(join(tmpdir(), "headgate-spark-"));
    const config = {
      version: 1,
      project: "shop",
      workspaces: {
        w: { host: front.url, auth: { kind: "pat", token: `\${env:TOKEN}` }, warehouse: spark.warehouse },
      },
      targets: { prod: { default: true, workspace: "w" } },
      jobs: { sources: [{ kind: "control-table", table: TABLE, profile: "lakeflow-meta" }] },
    };
    writeFileSync(join(dir, "headgate.yaml"), JSON.stringify(config));
    writeFileSync(join(dir, "meta.yml"), JSON.stringify(META));
    await spark.sql("CREATE SCHEMA IF NOT EXISTS main.etl");
  }, 600_000);
  afterAll(async () => {
    await front?.close();
    await fake?.close();
    await spark?.close();
    if (dir !== undefined) rmSync(dir, { recursive: true });
  });

  it("is made once, loaded from files, and shown", async () => {
    for (let time = 0; time < 2; time++) {
      const made = await run("jobs", "control-table", "create");
      expect(made.text).toBe(`${TABLE} and ${TABLE}_jobs are there\n`);
    }
    const loaded = await run("jobs", "control-table", "load", "meta.yml");
    expect(loaded.text).toContain("2 jobs with 3 tasks in main.etl.control: 3 rows new, 0 changed, 0 deleted");
    const again = await run("jobs", "control-table", "load", "meta.yml");
    expect(again.text).toContain("0 rows new, 0 changed, 0 deleted");
    const shown = await run("jobs", "control-table", "show");
    expect(shown.text).toMatch(/sales\s+q\s+sql_query\s+\["load"\]\s+false/);
  }, 300_000);

  it("becomes jobs with every text as it was, and keeps who they are in its tracking table", async () => {
    const applied = await run("jobs", "apply", "--yes", "--first-deploy");
    expect(applied.code, applied.text).toBe(0);
    expect(job("Sales")?.settings).toMatchObject({
      name: `[Lakeflow Jobs Meta] Sales "Groß"`,
      tags: { team: "o'neil" },
      tasks: [
        { task_key: "load", notebook_task: { base_parameters: { a: "1", q: TEXT } } },
        { task_key: "q", depends_on: [{ task_key: "load" }] },
      ],
    });
    const ids = await spark.sql(`SELECT resource_id, job_id FROM ${TABLE}_jobs ORDER BY resource_id`);
    expect(ids).toEqual([
      ["dq", job("dq")?.jobId],
      ["sales", job("Sales")?.jobId],
    ]);
    const plan = await run("jobs", "plan", "--exit-code");
    expect(plan.code, plan.text).toBe(0);
  }, 300_000);

  it("loads nothing of files with a fault", async () => {
    const before = await spark.sql(`SELECT * FROM ${TABLE} ORDER BY resource_id, task_key`);
    const bad = {
      metadata_version: "2.0",
      jobs: { ...META.jobs, worse: { tasks: [{ task_key: "a", task_type: "no" }] } },
    };
    writeFileSync(join(dir, "bad.yml"), JSON.stringify(bad));
    const loaded = await run("jobs", "control-table", "load", "bad.yml");
    expect(loaded.code).toBe(65);
    expect(loaded.text).toContain("task 'a' has the unknown type 'no'; nothing was loaded");
    expect(await spark.sql(`SELECT * FROM ${TABLE} ORDER BY resource_id, task_key`)).toEqual(before);
  }, 300_000);

  it("is watched: a row that somebody changes or adds by SQL reaches its job with the next pass", async () => {
    const id = job("Sales")?.jobId;
    await spark.sql(
      `UPDATE ${TABLE} SET task_config = '{"file_path":"/Shared/load2"}' WHERE resource_id = 'sales' AND task_key = 'load'`,
    );
    await spark.sql(
      `INSERT INTO ${TABLE} (resource_id, job_name, task_key, depends_on, task_type, task_config, disabled)
       VALUES ('added', 'Added', 'x', '[]', 'notebook', '{"file_path":"/Shared/x"}', false)`,
    );
    const watched = await run("jobs", "watch", "--max-iterations", "2", "--interval", "1s", "--json");
    expect(watched.code, watched.text).toBe(0);
    const events = watched.stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
    const changed = events.flatMap((event) =>
      event.kind === "job" ? [[event.resource, event.action, event.state]] : [],
    );
    expect(changed.sort()).toEqual([
      ["added", "create", "done"],
      ["sales", "update", "done"],
    ]);
    expect(job("Sales")?.jobId).toBe(id);
    expect(job("Sales")?.settings).toMatchObject({
      tasks: [{ notebook_task: { notebook_path: "/Shared/load2" } }, { task_key: "q" }],
    });
    const tracked = await spark.sql(`SELECT resource_id FROM ${TABLE}_jobs ORDER BY resource_id`);
    expect(tracked.flat()).toEqual(["added", "dq", "sales"]);
  }, 300_000);
});
