import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { ask, post, until } from "../../src/server/testing/start.ts";
import { type EventServer, edgesInWords, startEventServer } from "./event-server.ts";

const opened: EventServer[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
async function started(): Promise<EventServer> {
  const one = await startEventServer();
  opened.push(one);
  return one;
}

const RUN = "01a1fd91-d866-706a-b6e7-000000000001";
const base = {
  eventTime: "2026-11-21T10:05:46.9Z",
  producer: "https://github.com/OpenLineage/OpenLineage/tree/1.53.0/integration/spark",
  schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
};
const dataset = (name: string, facets = {}) => ({ namespace: "abfss://c@a.dfs.core.windows.net", name, facets });
const runEvent = (more: Record<string, unknown> = {}) => ({
  ...base,
  eventType: "COMPLETE",
  run: { runId: RUN },
  job: { namespace: "lake", name: "nightly" },
  inputs: [dataset("bronze/orders")],
  outputs: [dataset("silver/orders")],
  ...more,
});
const LINEAGE = "/api/v1/lineage";
const BATCH = `${LINEAGE}/batch`;

describe("POST /lineage", () => {
  it("keeps an event byte by byte before it answers, and once", async () => {
    const { server, store } = await started();
    const text = `{"odd" : 1.0, "big": 12345678901234567890, ${JSON.stringify(runEvent()).slice(1)}`;
    const send = (body: string) =>
      ask(server, LINEAGE, {
        method: "POST",
        body,
        headers: { "content-type": "application/json", authorization: `Bearer ${server.token}` },
      });
    const first = await send(text);
    expect(first.status).toBe(201);
    expect(first.json()).toEqual({ id: expect.any(String), seq: 1, isNew: true });
    const [kept] = await store.lineage.eventsAfter(0, 10);
    expect(kept).toMatchObject({ source: "http", runId: RUN, type: "COMPLETE", eventTime: "2026-11-21T10:05:46.900Z" });
    expect(await store.lineage.body(kept?.bodyHash ?? "")).toBe(text);
    // the same event with other blanks and another order of keys
    const again = await send(JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse())));
    expect(again.json()).toEqual({ ...first.json(), isNew: false });
    expect(await store.lineage.lastEventSeq()).toBe(1);
  });

  it("leads to edges", async () => {
    const { server, store, fold } = await started();
    await post(server, LINEAGE, runEvent({ eventType: "START" }));
    await post(server, LINEAGE, runEvent({ inputs: [], outputs: [] }));
    await fold();
    const words = await edgesInWords(store, "2026-11-21", 1);
    expect(words).toHaveLength(2);
    expect(words[0]).toContain("job lake|nightly reads dataset abfss://c@a.dfs.core.windows.net|bronze/orders");
    expect(words[1]).toContain("job lake|nightly writes dataset abfss://c@a.dfs.core.windows.net|silver/orders");
    expect(await store.lineage.findRuns(RUN)).toMatchObject([{ state: "COMPLETE", parent: null }]);
  });

  it("is brought into the graph by the server itself", async () => {
    const { server, store } = await started();
    await post(server, LINEAGE, runEvent());
    const words = await until(
      () => edgesInWords(store, "2026-11-21", 1),
      (found) => found.length > 0,
    );
    expect(words).toHaveLength(2);
  });

  it.each([
    ["run.runId", runEvent({ run: { runId: "7" } })],
    ["run.runId", runEvent({ run: {} })],
    ["job.name", runEvent({ job: { namespace: "lake" } })],
    ["job", { ...base, run: { runId: RUN } }],
    ["eventTime", runEvent({ eventTime: "2026-11-21T10:05Z" })],
    ["eventTime", runEvent({ eventTime: "yesterday" })],
    ["eventType", runEvent({ eventType: "BEGIN" })],
    ["producer", runEvent({ producer: undefined })],
    ["schemaURL", runEvent({ schemaURL: "no uri" })],
    ["inputs.0.name", runEvent({ inputs: [{ namespace: "x" }] })],
    ["outputs", runEvent({ outputs: {} })],
    ["dataset", runEvent({ dataset: dataset("x") })],
    ["dataset.namespace", { ...base, dataset: { name: "x" } }],
  ])("refuses what breaks the specification and names %s", async (field, event) => {
    const { server, store } = await started();
    const answer = await post(server, LINEAGE, event);
    expect(answer.status).toBe(422);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    const problem = answer.json() as { code: string; detail: string; data: { problems: { path: string }[] } };
    expect(problem.code).toBe("input_invalid");
    expect(problem.detail).toContain(`${field}: `);
    expect(problem.data.problems.map(({ path }) => path)).toContain(field);
    expect(await store.lineage.lastEventSeq()).toBe(0);
  });

  it("takes events about jobs and datasets alone", async () => {
    const { server, store, fold } = await started();
    const symlinks = {
      symlinks: { identifiers: [{ namespace: "hive://h:9083", name: "sales.orders", type: "TABLE" }] },
    };
    const about = { ...base, dataset: dataset("/gold/orders/", symlinks) };
    expect((await post(server, LINEAGE, about)).status).toBe(201);
    const job = { ...base, job: { namespace: "lake", name: "weekly" }, inputs: [dataset("gold/orders")] };
    expect((await post(server, LINEAGE, job)).status).toBe(201);
    await fold();
    const [words, ...others] = await edgesInWords(store, "2026-11-21", 1);
    expect(words).toContain("job lake|weekly reads dataset abfss://c@a.dfs.core.windows.net|gold/orders");
    expect(others).toEqual([]);
    const [claim] = await store.lineage.claims();
    expect((await store.lineage.canon()).canon.size).toBe(1);
    expect(claim).toMatchObject({ kind: "symlink", status: "active", evidence: { facet: "symlinks", type: "TABLE" } });
    expect((await store.lineage.nodes([claim?.a ?? 0, claim?.b ?? 0])).map(({ name }) => name).sort()).toEqual([
      "gold/orders",
      "sales.orders",
    ]);
  });

  it("takes gzip, says so of other encodings, and keeps to its limit", async () => {
    const { server } = await started();
    const send = (body: Buffer, encoding: string, chunked = false) =>
      ask(server, LINEAGE, {
        method: "POST",
        body,
        chunked,
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${server.token}`,
          "content-encoding": encoding,
        },
      });
    const text = JSON.stringify(runEvent());
    expect((await send(gzipSync(text), "gzip")).status).toBe(201);
    expect((await send(gzipSync(text), "gzip", true)).json()).toMatchObject({ isNew: false });
    expect((await send(Buffer.from(text), "br")).status).toBe(415);
    expect((await send(Buffer.from(text), "gzip")).json()).toMatchObject({ status: 400, code: "bad_request" });
    const wide = runEvent({ pad: "x".repeat(1 << 20) });
    expect((await post(server, LINEAGE, wide)).status).toBe(201);
    const bomb = gzipSync(JSON.stringify(runEvent({ pad: "x".repeat(40 << 20) })));
    expect((await send(bomb, "gzip")).json()).toMatchObject({ status: 413, code: "body_too_large" });
    // other routes stay as they were
    const plans = await ask(server, "/api/v1/plans", {
      method: "POST",
      body: gzipSync("{}"),
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${server.token}`,
        "content-encoding": "gzip",
      },
    });
    expect(plans.status).toBe(415);
  });

  it("needs a token, and audits a sender at once but not every event", async () => {
    const { server, audits } = await started();
    const refused = await ask(server, LINEAGE, {
      method: "POST",
      body: JSON.stringify(runEvent()),
      headers: { "content-type": "application/json" },
    });
    expect(refused.status).toBe(401);
    for (let n = 0; n < 5; n++) await post(server, LINEAGE, runEvent({ n }));
    expect(audits).toMatchObject([
      { action: "postLineage", actor: "anna", result: "ok", status: 201, subject: "1 events" },
    ]);
    await post(server, LINEAGE, {});
    expect(audits.at(-1)).toMatchObject({ action: "postLineage", result: "input_invalid", status: 422 });
    await server.close();
    expect(audits.at(-1)).toMatchObject({ subject: "4 more requests with 4 events in the minute before" });
    expect(audits).toHaveLength(3);
  });
});

describe("POST /lineage/batch", () => {
  it("keeps the valid ones and names the others", async () => {
    const { server, store } = await started();
    const events = [runEvent({ n: 1 }), { eventTime: "x" }, runEvent({ n: 2, text: 'a "]" , [\\' }), 7];
    const answer = await post(server, BATCH, events);
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      status: "partial_success",
      summary: { received: 4, successful: 2, failed: 2, retriable: 0, non_retriable: 2 },
      failed_events: [
        { index: 1, reason: expect.stringContaining("eventTime: "), retriable: false },
        { index: 3, reason: expect.any(String), retriable: false },
      ],
    });
    const kept = await store.lineage.eventsAfter(0, 10);
    const bodies = await store.lineage.bodies(kept.map(({ bodyHash }) => bodyHash));
    expect(kept.map(({ bodyHash }) => bodies.get(bodyHash))).toEqual(
      [events[0], events[2]].map((one) => JSON.stringify(one)),
    );
    expect((await post(server, BATCH, [runEvent({ n: 1 })])).json()).toMatchObject({ status: "success" });
    expect((await post(server, BATCH, [])).json()).toMatchObject({ status: "success", summary: { received: 0 } });
    expect(await store.lineage.lastEventSeq()).toBe(2);
  });

  it("says so of what is no array and no JSON", async () => {
    const { server } = await started();
    expect((await post(server, BATCH, runEvent())).json()).toMatchObject({ status: 422, code: "input_invalid" });
    const broken = await ask(server, BATCH, {
      method: "POST",
      body: "[{",
      headers: { "content-type": "application/json", authorization: `Bearer ${server.token}` },
    });
    expect(broken.json()).toMatchObject({ status: 422, detail: expect.stringContaining("no JSON") });
  });
});
