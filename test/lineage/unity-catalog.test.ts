/** Unity Catalog's lineage through the fake workspace's Statement Execution, into a store. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import { patCredentials } from "../../src/clients/databricks/auth/pat.ts";
import { openDatabricks } from "../../src/clients/databricks/client.ts";
import { ingestSource } from "../../src/lineage/ingest/ingest.ts";
import { seenEdgeDays } from "../../src/lineage/ingest/seen-edges.ts";
import type { EdgeSource, Seen } from "../../src/sources/evidence-source.ts";
import { openUnityCatalog } from "../../src/sources/lineage/unity-catalog/read.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/transaction.ts";
import { systemClock } from "../../src/util/clock.ts";
import { edgesInWords } from "./event-server.ts";

const NOW = Date.parse("2026-11-21T12:00:00.000Z");
const clock = { ...systemClock, now: () => NOW };
const WORKSPACE = "7405610922468161";
const JOB = "9007199254740993123";

const folder = mkdtempSync(path.join(tmpdir(), "headgate-uc-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let fake: FakeDatabricks;
let store: Store;
let stores = 0;
beforeEach(async () => {
  fake = await startFakeDatabricks();
  store = await openStore({ kind: "sqlite", path: path.join(folder, `${stores++}.db`) });
});
afterEach(async () => {
  await Promise.all([fake.close(), store.close()]);
});

function source(since = "30d"): EdgeSource {
  const client = openDatabricks({
    host: fake.url,
    credentials: patCredentials(fake.token),
    clock,
    userAgent: "test",
    rateLimit: 1_000,
  });
  const config = { kind: "unity-catalog" as const, since };
  return openUnityCatalog("unity-catalog", config, {
    statements: async () => client.statements,
    warehouse: "w1",
    clock,
  });
}

async function ingest(since?: string) {
  const one = source(since);
  const holder = { host: "here", pid: process.pid, id: "test", isAlive: () => true };
  const setting = { store, clock, holder, since: undefined, until: undefined };
  const named = { name: one.name, kind: one.kind, open: () => one };
  return ingestSource(named, async () => seenEdgeDays(one, async () => WORKSPACE), setting);
}

/** A row as a job's run leaves it. */
const row = (more: Record<string, unknown> = {}) => ({
  workspace_id: WORKSPACE,
  entity_type: "JOB",
  entity_id: JOB,
  entity_run_id: "1001",
  created_by: "anna@example.com",
  entity_metadata: { job_info: { job_id: JOB, job_run_id: "5001" } },
  source_type: "TABLE",
  source_table_full_name: "main.raw.orders",
  source_path: "abfss://c@a.dfs.core.windows.net/raw/orders",
  target_type: "TABLE",
  target_table_full_name: "main.sales.orders",
  target_path: "abfss://c@a.dfs.core.windows.net/sales/orders",
  event_time: "2026-11-20T02:00:00.000Z",
  ...more,
});
const column = (more: Record<string, unknown> = {}) => ({
  ...row(),
  source_column_name: "amount",
  target_column_name: "total",
  ...more,
});
const readOnly = { target_type: null, target_table_full_name: null, target_path: null };

describe("Unity Catalog's lineage", () => {
  it("comes as edges of jobs, with runs and times, job ids whole", async () => {
    fake.control.addLineage({
      table_lineage: [
        row(),
        row({ source_table_full_name: "main.raw.customers", event_time: "2026-11-20T02:05:00.000Z" }),
        row({
          entity_metadata: { job_info: { job_id: JOB, job_run_id: "5002" } },
          event_time: "2026-11-20T14:00:00.000Z",
        }),
        row({ event_time: "2026-11-21T02:00:00.000Z" }),
        row({ event_time: "2026-09-01T02:00:00.000Z" }),
      ],
      column_lineage: [column(), column(), column({ source_column_name: null }), column({ target_column_name: null })],
    });
    const report = await ingest();
    expect(report).toMatchObject({ failed: null, units: { listed: 3, known: 0, read: 3 }, held: [] });
    expect(report.days.map(({ day, edges }) => [day, edges])).toEqual([
      ["2026-11-20", 3],
      ["2026-11-21", 2],
    ]);
    const words = await edgesInWords(store, "2026-11-20", 1);
    const names = words.map((line) => line.slice(0, line.indexOf(" {")));
    const job = `job databricks://${WORKSPACE}|${JOB}`;
    const dataset = `dataset databricks://${WORKSPACE}`;
    expect(names).toEqual([
      `${job} reads ${dataset}|main.raw.customers`,
      `${job} reads ${dataset}|main.raw.orders`,
      `${job} writes ${dataset}|main.sales.orders`,
    ]);
    expect(JSON.parse(words[2]?.slice(words[2].indexOf("{")) ?? "")).toMatchObject({
      sources: ["unity-catalog"],
      attributions: ["exclusive"],
      requests: 3,
      // five rows of two runs: a run that reads two tables writes once
      runs: 2,
      firstAt: "2026-11-20T02:00:00.000Z",
      lastAt: "2026-11-20T14:00:00.000Z",
      confidence: 0.98,
    });
    expect(await store.lineage.columnEdges({})).toMatchObject([
      { fromColumn: "amount", toColumn: "total", kind: "UNSPECIFIED", lastDay: "2026-11-20" },
    ]);
  });

  it("reads a day again that has grown, however late, and no other", async () => {
    fake.control.addLineage({ table_lineage: [row(), row({ event_time: "2026-11-21T01:00:00.000Z" })] });
    await ingest();
    const again = await ingest();
    expect(again).toMatchObject({ units: { listed: 2, known: 2, read: 0 }, days: [] });
    fake.control.clearStatements();
    fake.control.addLineage({
      table_lineage: [row({ source_table_full_name: "main.raw.late", event_time: "2026-11-20T01:59:00.000Z" })],
    });
    const grown = await ingest();
    expect(grown.days).toMatchObject([{ day: "2026-11-20", why: "changed", edges: 3, changed: true }]);
    const asked = fake.control.statements();
    // from the cursor on, with some days before it; nothing is spliced into the text
    expect(asked[0]?.parameters).toEqual({ from: "2026-11-18", to: "2026-11-22" });
    expect(asked.every(({ statement }) => !/2026/.test(statement))).toBe(true);
  });

  it("goes as far back as it is told", async () => {
    fake.control.addLineage({ table_lineage: [row(), row({ event_time: "2026-09-01T02:00:00.000Z" })] });
    expect((await ingest("90d")).days.map(({ day }) => day)).toEqual(["2026-09-01", "2026-11-20"]);
    expect(fake.control.statements()[0]?.parameters).toEqual({ from: "2026-08-23", to: "2026-11-22" });
  });

  it("names everybody: notebooks, queries, dashboards, pipelines, alerts, people", async () => {
    const by = (entity: Record<string, unknown>) =>
      row({ entity_type: null, entity_id: null, entity_metadata: null, ...readOnly, ...entity });
    fake.control.addLineage({
      table_lineage: [
        by({ entity_type: "NOTEBOOK", entity_id: "77" }),
        by({ entity_type: "DBSQL_QUERY", entity_metadata: { sql_query_id: "q-1" } }),
        by({ entity_type: "DASHBOARD_V3", entity_metadata: { dashboard_id: "d-1", sql_query_id: "q-2" } }),
        by({ entity_type: "PIPELINE", entity_metadata: { dlt_pipeline_info: { dlt_pipeline_id: "p-1" } } }),
        by({ entity_metadata: { alert_id: "a-1", job_info: { job_id: "1" } } }),
        by({
          entity_type: "NOTEBOOK",
          entity_id: "77",
          entity_metadata: { notebook_id: "77", job_info: { job_id: "5" } },
        }),
        by({ entity_type: "JOB", entity_id: "6" }),
        by({}),
        by({ created_by: null }),
      ],
    });
    await ingest();
    const words = await edgesInWords(store, "2026-11-20", 1);
    const home = `databricks://${WORKSPACE}`;
    expect(words.map((line) => line.slice(0, line.indexOf(" reads ")))).toEqual([
      `job ${home}|5`,
      `job ${home}|6`,
      `job ${home}|alert:a-1`,
      `job ${home}|dashboard:d-1`,
      `job ${home}|notebook:77`,
      `job ${home}|pipeline:p-1`,
      `job ${home}|query:q-1`,
      `principal ${home}|anna@example.com`,
    ]);
  });

  it("takes paths where there is no table, views as definitions", async () => {
    const path = { source_type: "PATH", source_table_full_name: null };
    fake.control.addLineage({
      table_lineage: [row({ ...path, target_type: "VIEW", target_table_full_name: "main.sales.v" })],
    });
    await ingest();
    const words = await edgesInWords(store, "2026-11-20", 1);
    expect(words[0]).toContain(`defines dataset databricks://${WORKSPACE}|main.sales.v `);
    expect(words[1]).toContain("reads dataset abfss://c@a.dfs.core.windows.net|raw/orders ");
  });

  it("pages through a day that is too much for one answer, in chunks and in statements", async () => {
    const many = Array.from({ length: 25_000 }, (_, n) =>
      row({ source_table_full_name: `main.raw.t${n}`, ...readOnly }),
    );
    fake.control.addLineage({ table_lineage: many });
    const one = source();
    const { units } = await one.list({ from: undefined, to: undefined, cursor: undefined });
    const seen: Seen[] = [];
    for await (const batch of one.read(units[0] ?? { key: "", digest: "" })) seen.push(...batch);
    const names = seen.map((found) => ("edge" in found && found.edge.to.kind === "table" ? found.edge.to.name : ""));
    expect(new Set(names).size).toBe(25_000);
    expect(names).toHaveLength(25_000);
    const offsets = fake.control.statements().map(({ parameters }) => parameters.offset);
    expect(offsets.filter((offset) => offset !== undefined)).toEqual(["0", "20000"]);
  });
});

describe("what keeps it from being read", () => {
  it("is a missing right, named", async () => {
    fake.control.addLineage({ table_lineage: [row()] });
    fake.control.limitLineage({ principals: ["admin@example.com"] });
    const { failed } = await ingest();
    expect(failed).toMatchObject({ code: "forbidden", retryable: false });
    expect(failed?.message).toContain("system.access.table_lineage may not be read");
    expect(failed?.hint).toContain("SELECT on system.access");
  });

  it("is a missing column, named, with the grant", async () => {
    fake.control.addLineage({ table_lineage: [row()] });
    fake.control.limitLineage({ columns: ["entity_metadata"] });
    const { failed } = await ingest();
    expect(failed).toMatchObject({ code: "remote_error", retryable: false });
    expect(failed?.message).toContain("system.access.table_lineage lacks a column");
    expect(failed?.message).toContain("entity_metadata");
    expect(failed?.hint).toContain("SELECT on system.access");
  });

  it("is an answer without what was asked for", async () => {
    fake.control.addStatement({ match: "table_lineage", columns: [{ name: "day" }, { name: "events" }], rows: [] });
    const { failed } = await ingest();
    expect(failed?.message).toBe("system.access.table_lineage answered without last_ms");
  });

  it("is a service that is away: what was read stays, and the rest comes with the next pass", async () => {
    fake.control.addLineage({ table_lineage: [row(), row({ event_time: "2026-11-21T01:00:00.000Z" })] });
    fake.control.addStatement({
      match: "relation.*table_lineage",
      times: 1,
      error: "too busy",
      errorCode: "TEMPORARILY_UNAVAILABLE",
    });
    expect((await ingest()).failed).toMatchObject({ code: "unavailable", retryable: true });
    const report = await ingest();
    expect(report.failed).toBeNull();
    expect(await edgesInWords(store, "2026-11-21", 2)).toHaveLength(2);
  });
});
