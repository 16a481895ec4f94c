/** `examples/lakeflow-meta`: the original's examples, deployed to a fake workspace. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import { cli } from "../run-cli.ts";

const EXAMPLE = fileURLToPath(new URL("../../examples/lakeflow-meta/", import.meta.url));
let dir: string;
let fake: FakeDatabricks;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "headgate-example-"));
  cpSync(EXAMPLE, dir, { recursive: true });
  fake = await startFakeDatabricks({ validation: "strict" });
});
afterEach(async () => {
  await fake.close();
  rmSync(dir, { recursive: true });
});

const run = (...args: string[]) =>
  cli(args, {
    cwd: dir,
    env: { DATABRICKS_HOST: fake.url, DATABRICKS_TOKEN: fake.token, PATH: process.env.PATH ?? "" },
  });
async function deploy(target: string) {
  const first = await run("jobs", "apply", "-t", target, "--yes", "--first-deploy");
  expect(first.code, first.stdout + first.stderr).toBe(0);
  const again = await run("jobs", "apply", "-t", target, "--yes");
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("Nothing to apply")]);
  return Object.fromEntries(fake.control.jobs().map(({ settings }) => [settings.name, settings]));
}

it("the seven jobs of v0.2 are deployed, and the second apply does nothing", async () => {
  const jobs = await deploy("dev");
  expect(Object.keys(jobs).sort()).toEqual(
    [
      "Daily Reporting Queries",
      "advanced_job_example",
      "daily_etl",
      "data_quality_checks",
      "file_arrival_job",
      "ingestion_and_validation",
      "sales_pipeline",
    ].map((name) => `[Lakeflow Jobs Meta] ${name}`),
  );
  expect(jobs["[Lakeflow Jobs Meta] sales_pipeline"]).toMatchObject({
    timeout_seconds: 7200,
    tasks: [
      {
        task_key: "customers_transformation",
        sql_task: { parameters: { catalog: "dev" }, file: { source: "WORKSPACE" } },
      },
      {},
      { depends_on: [{ task_key: "customers_transformation" }, { task_key: "sales_transformation" }] },
    ],
  });
});

it("the five modules of v0.1 are deployed; their parameters survive in the SQL", async () => {
  const jobs = await deploy("v01");
  expect(Object.keys(jobs).sort()).toEqual(
    [
      "bronze_to_silver",
      "data_freshness_monitoring",
      "data_quality_checks",
      "ingestion_and_validation",
      "reporting_queries",
    ].map((name) => `Metadata_Driven_ETL_${name}`),
  );
  expect(jobs.Metadata_Driven_ETL_bronze_to_silver).toMatchObject({
    tasks: [
      {},
      {},
      {
        task_key: "sales_aggregation",
        depends_on: [{ task_key: "customers_transformation" }, { task_key: "sales_transformation" }],
      },
    ],
  });
  const query = fake.control
    .queries()
    .find(({ name }) => name === "LakeflowJobMeta_data_quality_checks_check_null_rates");
  expect(query?.text.match(/CAST\('\$\{threshold\}' AS DOUBLE\)/g)?.length).toBe(3);
});
