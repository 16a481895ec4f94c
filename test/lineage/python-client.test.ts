/** The official OpenLineage client for Python posts to the server. */
import { spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pythonClient } from "../python-client.ts";
import { type EventServer, edgesInWords, startEventServer } from "./event-server.ts";

const client = pythonClient();
const python = "python" in client ? client.python : undefined;
if ("skipped" in client) console.log(`skipped: ${client.skipped}`);

/** Runs the program to its end. @returns exit code and what it said */
function emit(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(python ?? "", [path.join(import.meta.dirname, "emit_events.py")], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part) => (said += part));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, said }));
  });
}

describe.skipIf(python === undefined)("the OpenLineage client for Python", () => {
  let running: EventServer;
  beforeAll(async () => {
    running = await startEventServer();
  });
  afterAll(() => running?.close());

  const settings = () => ({
    OPENLINEAGE__TRANSPORT__TYPE: "http",
    OPENLINEAGE__TRANSPORT__URL: running.server.url,
    OPENLINEAGE__TRANSPORT__AUTH__TYPE: "api_key",
    OPENLINEAGE__TRANSPORT__AUTH__API_KEY: running.server.token,
  });

  it("posts runs, jobs and datasets, plain and compressed, and each counts once", async () => {
    const plain = await emit(settings());
    expect(plain).toEqual({ code: 0, said: expect.not.stringContaining("Traceback") });
    const { store } = running;
    const kept = await store.lineage.eventsAfter(0, 100);
    expect(kept.map(({ type }) => type)).toEqual(["START", "COMPLETE", "JOB", "DATASET"]);
    const packed = await emit({ ...settings(), OPENLINEAGE__TRANSPORT__COMPRESSION: "gzip" });
    expect(packed.code).toBe(0);
    expect(await store.lineage.lastEventSeq()).toBe(4);
    await running.fold();
    const edges = await edgesInWords(store, "2026-11-21", 1);
    expect(edges.map((line) => line.slice(0, line.indexOf(" {")))).toEqual([
      "job airflow|orders_daily calls job airflow|orders_daily.load",
      "job airflow|orders_daily.load reads dataset postgres://db:5432|shop.sales.orders",
      "job airflow|orders_daily.load writes dataset s3://lake|bronze/orders",
    ]);
    const [run] = await store.lineage.findRuns("01a1fd91-d866-706a-b6e7-000000000001");
    expect(run).toMatchObject({ state: "COMPLETE" });
  }, 60_000);

  it("is told where its token is not known", async () => {
    const refused = await emit({ ...settings(), OPENLINEAGE__TRANSPORT__AUTH__API_KEY: "unknown" });
    expect(refused.code).not.toBe(0);
    expect(refused.said).toContain("401");
  }, 60_000);
});
