/** A Spark application that ran in a Databricks job is that job in the graph, however its events say so. */
import { describe, expect, it } from "vitest";
import { jobKey, NAMESPACE, seeEdges } from "../../../test/lineage-store.ts";
import { onBothStores } from "../../../test/stores.ts";
import type { Store } from "../../store/transaction.ts";
import { systemClock } from "../../util/clock.ts";
import { openGraphs } from "../graph/read.ts";
import { settleIdentity } from "../ingest/inventory.ts";
import { databricksJobOf } from "./databricks-job.ts";
import { createEventFolder } from "./fold.ts";
import { openEventIntake } from "./intake.ts";

const WORKSPACE = "6472910385530127";
const JOB = { kind: "job", namespace: `databricks://${WORKSPACE}`, name: "481120933371" };
const TAG = "spark.databricks.clusterUsageTags";
const facet = (more: object): object => ({
  _producer: "https://example.com",
  _schemaURL: "https://example.com",
  ...more,
});
const environment = (properties: object): object => ({
  "environment-properties": facet({ "environment-properties": properties }),
});
const spark = (properties: object): object => ({ spark_properties: facet({ properties }) });

describe("the Databricks job of an event", () => {
  it.each<[string, object, boolean]>([
    [
      "environment of a job run",
      environment({ orgId: WORKSPACE, "spark.databricks.job.id": JOB.name, "spark.databricks.job.runId": "9" }),
      true,
    ],
    ["ids as numbers", environment({ orgId: 6472910385530127, "spark.databricks.job.id": 481120933371 }), true],
    [
      "captured properties, by the cluster's name",
      spark({ [`${TAG}.clusterOwnerOrgId`]: WORKSPACE, [`${TAG}.clusterName`]: `job-${JOB.name}-run-42-main` }),
      true,
    ],
    [
      "captured properties, by all tags of the cluster",
      spark({
        "spark.databricks.workspaceUrl": `adb-${WORKSPACE}.7.azuredatabricks.net`,
        [`${TAG}.clusterAllTags`]: JSON.stringify([
          { key: "Vendor", value: "Databricks" },
          { key: "JobId", value: JOB.name },
        ]),
      }),
      true,
    ],
    ["a facet of its own", { databricks: facet({ workspaceId: WORKSPACE, jobId: JOB.name, runId: "1001" }) }, true],
    [
      "tags of the run",
      {
        tags: facet({
          tags: [
            { key: "orgId", value: WORKSPACE },
            { key: "spark.databricks.job.id", value: JOB.name, source: "SPARK" },
          ],
        }),
      },
      true,
    ],
    [
      "its parent, by workspace id",
      {
        parent: facet({
          run: { runId: "1" },
          job: { namespace: `databricks://${WORKSPACE}`, name: `${JOB.name}/load` },
        }),
      },
      true,
    ],
    [
      "its parent, by address",
      {
        parent: facet({
          run: { runId: "1" },
          job: { namespace: `https://adb-${WORKSPACE}.7.azuredatabricks.net/`, name: JOB.name },
        }),
      },
      true,
    ],
    [
      "two sources of which only one knows the job",
      { ...environment({ orgId: WORKSPACE }), ...spark({ "spark.databricks.job.id": JOB.name }) },
      true,
    ],
    [
      "a parent in Airflow",
      { parent: facet({ run: { runId: "1" }, job: { namespace: "prod", name: "481120933371" } }) },
      false,
    ],
    [
      "a notebook on a shared cluster",
      environment({ orgId: WORKSPACE, "spark.databricks.notebook.path": "/a", [`${TAG}.clusterName`]: "shared" }),
      false,
    ],
    ["a job of an unknown workspace", environment({ "spark.databricks.job.id": JOB.name }), false],
    ["words that are no ids", environment({ orgId: "***", "spark.databricks.job.id": "nightly" }), false],
    [
      "tags that were cut",
      spark({ [`${TAG}.clusterOwnerOrgId`]: WORKSPACE, [`${TAG}.clusterAllTags`]: '[{"key":"JobId","val' }),
      false,
    ],
    ["nothing", {}, false],
  ])("%s", (_, facets, found) => {
    expect(databricksJobOf({ run: { runId: "1", facets }, job: { namespace: "n", name: "a" } })).toEqual(
      found ? JOB : undefined,
    );
  });
});

const uuid = (run: number): string => `01a1fd91-d866-706a-b6e7-${String(run).padStart(12, "0")}`;
const event = (run: number, name: string, job: string | undefined, table: string): string =>
  JSON.stringify({
    eventType: "COMPLETE",
    eventTime: "2026-11-20T06:00:00Z",
    producer: "https://example.com",
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    run: {
      runId: uuid(run),
      facets: job === undefined ? {} : environment({ orgId: "1", "spark.databricks.job.id": job }),
    },
    job: { namespace: "spark", name },
    inputs: [],
    outputs: [{ namespace: "s3://lake", name: table }],
  });

async function fold(store: Store, events: readonly string[]): Promise<string[]> {
  const intake = openEventIntake(store.lineage);
  for (const text of events) await intake.one(text, "http");
  const waiting: string[] = [];
  const settle = async (): Promise<void> => {
    waiting.push(...(await settleIdentity(store)).waiting);
  };
  await createEventFolder(store, systemClock, `test-${events.length}`, settle).fold();
  return waiting;
}

/** What each job of the graph writes. */
async function writers(store: Store): Promise<string[]> {
  const graph = await openGraphs(store.lineage).at("2026-11-20", 30);
  const name = (place: number | undefined): string => graph.nodes[place ?? -1]?.name ?? "?";
  return [...graph.edges.from].map((from, edge) => `${name(from)} > ${name(graph.edges.to[edge])}`).sort();
}

await onBothStores("a Spark application in a Databricks job", (setting) => {
  it("is one node with it, however many commands it has", async () => {
    const store = await setting.open();
    await seeEdges(store, [{ job: "42", table: "main.s.seen", relation: "writes" }]);
    const commands = Array.from({ length: 12 }, (_, n) => event(n, `app.command_${n}`, "42", `t${n}`));
    await fold(store, commands.slice(0, 9));
    expect(await fold(store, commands.slice(9))).toEqual([]);
    const all = [...commands.keys()].map((n) => `42 > t${n}`);
    expect(await writers(store)).toEqual(["42 > main.s.seen", ...all].sort());
  });

  it("is none of them where its name was seen in several jobs", async () => {
    const store = await setting.open();
    await fold(store, [event(1, "databricks_shell", "42", "a")]);
    expect(await writers(store)).toEqual(["42 > a"]);
    const waiting = await fold(store, [event(2, "databricks_shell", "43", "b"), event(3, "other", "43", "c")]);
    expect(waiting).toEqual(["databricks_shell: ran in 2 jobs, so it is none of them"]);
    expect(await writers(store)).toEqual(["43 > c", "databricks_shell > a", "databricks_shell > b"]);
    expect(await store.lineage.findNodes([jobKey("42")])).toMatchObject([{ namespace: NAMESPACE }]);
  });
});
