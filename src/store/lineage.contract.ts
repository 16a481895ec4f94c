/** What every store must do about nodes, edges, sightings, claims and events. */
import { describe, expect, it } from "vitest";
import { onBothStores } from "../../test/stores.ts";
import type { EdgeAt, LineageEvent, Sighting, SourceDayContent } from "./lineage.ts";
import { daysBefore, daysWithin } from "./sql/lineage/edges-at.ts";
import type { Store } from "./transaction.ts";

const sighting = (edgeId: number, more: Partial<Sighting> = {}): Sighting => ({
  edgeId,
  method: "log",
  attribution: "exclusive",
  groupId: "",
  requests: 10,
  files: 2,
  bytes: 9_007_199_254_740_000,
  commits: 1,
  runs: 1,
  firstAt: "2026-11-21T06:00:00.000Z",
  lastAt: "2026-11-21T07:00:00.000Z",
  confidence: 0.98,
  ...more,
});

const day = (on: string, sightings: Sighting[], more: Partial<SourceDayContent> = {}): SourceDayContent => ({
  source: "storage",
  day: on,
  ruleset: "r1",
  sightings,
  units: [],
  ...more,
});

const event = (id: string, body = `{"eventType":"START","id":"${id}"}`): LineageEvent => ({
  id,
  source: "http",
  jobNode: null,
  runId: "0190-run",
  type: "START",
  eventTime: "2026-11-21T06:00:00.000Z",
  body,
});

async function graph(of: Store, date: string, days: number): Promise<EdgeAt[]> {
  const edges: EdgeAt[] = [];
  for await (const edge of of.lineage.edgesAt(date, days)) edges.push(edge);
  return edges;
}

/** A job with edges to so many tables. */
async function edgesTo(of: Store, count: number): Promise<number[]> {
  const [job = 0, ...tables] = await of.lineage.upsertNodes([
    { kind: "job", namespace: "dbx://1", name: "nightly" },
    ...Array.from({ length: count }, (_, n) => ({
      kind: "dataset" as const,
      namespace: "abfss://c@a",
      name: `t/${n}`,
    })),
  ]);
  return of.lineage.upsertEdges(tables.map((to) => ({ from: job, to, relation: "writes" as const })));
}

it("counts days back over months and leap days", () => {
  expect(daysBefore("2028-03-01", 1)).toBe("2028-02-29");
  expect(daysBefore("2026-01-01", 1)).toBe("2025-12-31");
  expect(daysWithin("2026-10", 0b101, "2026-10-02", "2026-10-31")).toEqual({ within: 1, all: 2 });
  expect(daysWithin("2026-10", 1 << 30, "2026-10-31", "2026-10-31")).toEqual({ within: 1, all: 1 });
});

await onBothStores("lineage", (setting, store) => {
  const fresh = async (options?: Parameters<typeof setting.open>[1]) => setting.open(await setting.target(), options);

  describe("nodes and edges", () => {
    it("have one id however often and by however many they are named", async () => {
      const { lineage } = store();
      const key = { kind: "dataset" as const, namespace: "abfss://c@a", name: "sales/o'rders €🌙" };
      const other = { ...key, kind: "job" as const };
      const answers = await Promise.all(Array.from({ length: 20 }, () => lineage.upsertNodes([key, other, key])));
      expect(new Set(answers.map((ids) => JSON.stringify(ids))).size).toBe(1);
      const [id = 0, job = 0, again] = answers[0] ?? [];
      expect(again).toBe(id);
      expect(job).not.toBe(id);
      expect(await lineage.findNode(key)).toEqual({ ...key, id });
      expect(await lineage.nodes([job, job])).toEqual([{ ...other, id: job }]);
      const [edge] = await lineage.upsertEdges([{ from: job, to: id, relation: "reads" }]);
      expect(await lineage.upsertEdges([{ from: job, to: id, relation: "reads" }])).toEqual([edge]);
      expect(await lineage.edgesOf(id)).toEqual([{ edgeId: edge, from: job, to: id, relation: "reads" }]);
    });

    it("are found by words of their name, the shortest first", async () => {
      const own = await fresh();
      const name = (text: string) => ({ kind: "dataset" as const, namespace: "n", name: text });
      await own.lineage.upsertNodes([
        name("Sales.Orders_2026"),
        name("sales.orders"),
        name("hr.100%"),
        name("hr.1000"),
      ]);
      const found = async (text: string) => (await own.lineage.searchNodes(text)).map((node) => node.name);
      expect(await found("ORDERS sales")).toEqual(["sales.orders", "Sales.Orders_2026"]);
      expect(await found("100%")).toEqual(["hr.100%"]);
      expect(await own.lineage.searchNodes("sales", { kind: "job" })).toEqual([]);
    });

    it("have a title for people, by which they are found too", async () => {
      const own = await fresh();
      const [job = 0, other = 0] = await own.lineage.upsertNodes(
        ["481120933371", "481120933372"].map((name) => ({ kind: "job" as const, namespace: "databricks://1", name })),
      );
      await own.lineage.putTitles([{ node: job, title: "Nightly sales" }]);
      await own.lineage.putTitles([
        { node: job, title: "Nightly SALES 2" },
        { node: other, title: "hourly" },
      ]);
      expect((await own.lineage.nodes([job]))[0]?.title).toBe("Nightly SALES 2");
      expect((await own.lineage.searchNodes("sales nightly")).map((node) => node.id)).toEqual([job]);
      expect((await own.lineage.searchNodes("48112")).map((node) => node.title)).toEqual(["Nightly SALES 2", "hourly"]);
    });

    it("come in thousands", async () => {
      const own = await fresh();
      const edges = await edgesTo(own, 5_000);
      expect(new Set(edges).size).toBe(5_000);
      await own.lineage.replaceDay(
        day(
          "2026-11-21",
          edges.map((edge) => sighting(edge)),
        ),
      );
      const all = await graph(own, "2026-11-21", 1);
      expect(all.map((edge) => edge.edgeId)).toEqual([...edges].sort((a, b) => a - b));
    });
  });

  describe("a day of a source", () => {
    it("is replaced as a whole, keeps what it replaced, and does nothing for the same content", async () => {
      let now = Date.parse("2026-11-22T00:00:00.000Z");
      const own = await fresh({ clock: { now: () => now, sleep: async () => {} } });
      const { lineage } = own;
      const [a = 0, b = 0, c = 0] = await edgesTo(own, 3);
      const first = [sighting(a), sighting(b, { attribution: "ambiguous", groupId: "g1" })];
      expect(await lineage.replaceDay(day("2026-11-21", first))).toEqual({ version: 1, changed: true });
      expect(await lineage.replaceDay(day("2026-11-21", [...first].reverse()))).toEqual({ version: 1, changed: false });
      now += 60_000;
      expect(await lineage.replaceDay(day("2026-11-21", [sighting(c)]))).toEqual({ version: 2, changed: true });
      expect(await lineage.sightings("storage", "2026-11-21")).toEqual([sighting(c)]);
      expect(await lineage.previousSightings("storage", "2026-11-21")).toEqual(
        first.map((one) => ({ ...one, version: 1, replacedAt: "2026-11-22T00:01:00.000Z" })),
      );
      expect(await lineage.sightings("other", "2026-11-21")).toEqual([]);
      expect(await lineage.purgePrevious("2026-11-22T00:00:30.000Z")).toBe(0);
      expect(await lineage.purgePrevious("2026-12-23T00:00:00.000Z")).toBe(2);
      await lineage.replaceDay(day("2026-11-21", []));
      expect(await graph(own, "2026-11-21", 30)).toEqual([]);
    });

    it("is whole when writers replace it at the same time", async () => {
      const own = await fresh();
      const edges = await edgesTo(own, 40);
      await Promise.all(
        edges.map((_, n) =>
          own.lineage.replaceDay(
            day(
              "2026-11-21",
              edges.map((edge) => sighting(edge, { requests: n + 1 })),
            ),
          ),
        ),
      );
      const rows = await own.lineage.sightings("storage", "2026-11-21");
      expect(rows).toHaveLength(40);
      expect(new Set(rows.map((row) => row.requests)).size).toBe(1);
      expect(
        new Set((await own.lineage.previousSightings("storage", "2026-11-21")).map((row) => row.version)).size,
      ).toBe(39);
    });

    it("knows what was read for it and which rules it was computed by", async () => {
      const { lineage } = await fresh();
      const unit = { key: "logs/1.json", digest: "etag-1:100", ruleset: "r1", days: ["2026-11-20", "2026-11-21"] };
      await lineage.replaceDay(day("2026-11-21", [], { units: [unit, { ...unit, key: "logs/2.json" }] }));
      await lineage.replaceDay(day("2026-11-22", [], { ruleset: "r2", units: [{ ...unit, digest: "etag-2:120" }] }));
      expect(await lineage.units("storage", ["logs/1.json", "logs/9.json"])).toEqual(
        new Map([["logs/1.json", { ...unit, digest: "etag-2:120" }]]),
      );
      expect((await lineage.units("storage")).size).toBe(2);
      await lineage.putUnits("storage", [
        { ...unit, key: "logs/3.json" },
        { ...unit, digest: "etag-3:120" },
      ]);
      expect((await lineage.units("storage", [unit.key])).get(unit.key)?.digest).toBe("etag-3:120");
      expect((await lineage.units("storage")).size).toBe(3);
      expect(await lineage.outdatedDays("storage", "r2")).toEqual(["2026-11-21"]);
    });

    it("carries what the source could see of it, and is listed with its rules", async () => {
      const now = Date.parse("2026-11-22T00:00:00.000Z");
      const { lineage } = await fresh({ clock: { now: () => now, sleep: async () => {} } });
      await lineage.replaceDay(day("2026-11-21", [], { coverage: { requests: 9_007_199_254_740_993n } }));
      await lineage.replaceDay(day("2026-11-20", [], { source: "other", coverage: { requests: 1 } }));
      await lineage.replaceDay(day("2026-11-21", [], { coverage: { requests: 2 }, ruleset: "r2" }));
      await lineage.replaceDay(day("2026-11-22", []));
      expect(await lineage.coverage()).toEqual([
        { source: "other", day: "2026-11-20", content: { requests: 1 } },
        { source: "storage", day: "2026-11-21", content: { requests: 2 } },
      ]);
      expect(await lineage.coverage({ source: "storage", from: "2026-11-22" })).toEqual([]);
      expect(await lineage.sourceDays("storage")).toEqual([
        { source: "storage", day: "2026-11-21", version: 1, ruleset: "r2", recordedAt: "2026-11-22T00:00:00.000Z" },
        { source: "storage", day: "2026-11-22", version: 1, ruleset: "r1", recordedAt: "2026-11-22T00:00:00.000Z" },
      ]);
    });

    it("carries its column edges with it", async () => {
      const own = await fresh();
      const [from = 0, to = 0] = await own.lineage.upsertNodes(
        ["a", "b"].map((name) => ({ kind: "dataset" as const, namespace: "n", name })),
      );
      const column = { from, to, fromColumn: "id", toColumn: "key", kind: "IDENTITY" };
      await own.lineage.replaceDay(day("2026-11-20", [], { columns: [column] }));
      await own.lineage.replaceDay(day("2026-11-21", [], { columns: [column, { ...column, toColumn: "k2" }] }));
      await own.lineage.replaceDay(day("2026-11-21", [], { columns: [column] }));
      expect(await own.lineage.columnEdges({ to })).toEqual([{ ...column, lastDay: "2026-11-21" }]);
      expect(await own.lineage.columnEdges({ from, since: "2026-11-22" })).toEqual([]);
    });
  });

  describe("the graph at a date", () => {
    it("has the edges seen in its window, all sources together", async () => {
      const own = await fresh();
      const [a = 0, b = 0, c = 0] = await edgesTo(own, 3);
      await own.lineage.replaceDay(day("2026-11-01", [sighting(a)]));
      await own.lineage.replaceDay(day("2026-11-20", [sighting(a, { requests: 5 }), sighting(b)]));
      await own.lineage.replaceDay(
        day(
          "2026-11-21",
          [sighting(a, { attribution: "window", confidence: 0.5, lastAt: "2026-11-21T09:00:00.000Z" })],
          { source: "sql" },
        ),
      );
      await own.lineage.replaceDay(day("2026-11-22", [sighting(c)]));
      const at = await graph(own, "2026-11-21", 7);
      expect(at.map((edge) => edge.edgeId)).toEqual([a, b]);
      expect(at[0]).toMatchObject({
        relation: "writes",
        sources: ["sql", "storage"],
        attributions: ["window", "exclusive"],
        requests: 15,
        bytes: 18_014_398_509_480_000,
        lastAt: "2026-11-21T09:00:00.000Z",
        confidence: 0.98,
        approximate: false,
      });
      expect((await graph(own, "2026-11-21", 21)).find((edge) => edge.edgeId === a)?.requests).toBe(25);
      expect(await graph(own, "2026-11-08", 7)).toEqual([]);
      expect((await graph(own, "2026-11-07", 7)).map((edge) => edge.edgeId)).toEqual([a]);
      // A monthly job's edge stays twice its schedule.
      await own.lineage.setEdgeWindows([{ edgeId: a, days: 62 }]);
      expect((await graph(own, "2026-12-31", 7)).map((edge) => edge.edgeId)).toEqual([a]);
      expect(await graph(own, "2027-02-01", 7)).toEqual([]);
    });

    it("stays the same when whole months are packed", async () => {
      const own = await fresh();
      const [a = 0, b = 0] = await edgesTo(own, 2);
      for (const on of ["2026-08-01", "2026-08-31", "2026-09-15"])
        await own.lineage.replaceDay(day(on, [sighting(a, { bytes: 100 })]));
      await own.lineage.replaceDay(day("2026-08-31", [sighting(a, { bytes: 100 }), sighting(b, { bytes: 7 })]));
      const before = await graph(own, "2026-09-30", 61);
      const alsoBefore = (await graph(own, "2026-09-02", 4)).map((edge) => edge.edgeId);
      expect(await own.lineage.rollUp("2026-09-15")).toEqual([{ source: "storage", month: "2026-08" }]);
      expect(await own.lineage.rollUp("2026-09-15")).toEqual([]);
      expect(await own.lineage.sightings("storage", "2026-08-31")).toEqual([]);
      const packed = await graph(own, "2026-09-30", 61);
      expect(packed).toEqual(before.map((edge) => ({ ...edge, attributions: edge.edgeId === a ? ["exclusive"] : [] })));
      // Part of a month: which edges is exact, how much is in proportion.
      const part = await graph(own, "2026-09-02", 4);
      expect(part.map((edge) => edge.edgeId)).toEqual(alsoBefore);
      expect(part[0]).toMatchObject({ edgeId: a, requests: 10, bytes: 100, approximate: true });
      expect(part[1]).toMatchObject({ edgeId: b, bytes: 7, approximate: false });
      expect(await graph(own, "2026-08-30", 10)).toEqual([]);

      await expect(own.lineage.replaceDay(day("2026-08-05", []))).rejects.toMatchObject({ code: "input_invalid" });
      await own.lineage.replaceMonth("storage", "2026-08", [{ ...day("2026-08-31", [sighting(b)]) }]);
      expect((await graph(own, "2026-08-31", 31)).map((edge) => edge.edgeId)).toEqual([b]);
    });
  });

  describe("days that grow", () => {
    const columns = (from: number, to: number) => [
      { from, to, fromColumn: "a", toColumn: "b", kind: "IDENTITY" },
      { from, to, fromColumn: "a", toColumn: "c", kind: "IDENTITY" },
    ];

    it("sum up what is added, and are replaced as any other day", async () => {
      const own = await fresh();
      const [a = 0, b = 0] = await edgesTo(own, 2);
      const [from = 0, to = 0] = (await own.lineage.nodes([1, 2])).map((node) => node.id);
      const grow = (sightings: Sighting[], some = columns(from, to)) =>
        own.lineage.growDays([{ source: "http", day: "2026-11-21", ruleset: "r1", sightings, columns: some }]);
      await grow([sighting(a, { confidence: 0.5, bytes: 7 })]);
      await grow([
        sighting(a, { requests: 1, firstAt: "2026-11-21T05:00:00.000Z", lastAt: "2026-11-21T05:00:00.000Z", runs: 0 }),
        sighting(b),
      ]);
      const found = await own.lineage.sightings("http", "2026-11-21");
      expect(found.map((one) => [one.edgeId, one.requests, one.files, one.runs])).toEqual([
        [a, 11, 4, 1],
        [b, 10, 2, 1],
      ]);
      expect(found[0]).toMatchObject({
        firstAt: "2026-11-21T05:00:00.000Z",
        lastAt: "2026-11-21T07:00:00.000Z",
        confidence: 0.98,
      });
      expect(await own.lineage.columnEdges({ from })).toHaveLength(2);
      expect(await own.lineage.previousSightings("http", "2026-11-21")).toEqual([]);
      expect(await own.lineage.sourceDays("http")).toMatchObject([{ version: 2, ruleset: "r1" }]);
      const replaced = await own.lineage.replaceDay(day("2026-11-21", [sighting(b)], { source: "http" }));
      expect(replaced).toEqual({ version: 3, changed: true });
      expect(await own.lineage.sightings("http", "2026-11-21")).toEqual([sighting(b)]);
    });

    it("grow on in a month that was rolled up", async () => {
      const own = await fresh();
      const [a = 0] = await edgesTo(own, 1);
      await own.lineage.replaceDay(day("2026-08-01", [sighting(a)]));
      await own.lineage.rollUp("2026-09-15");
      await own.lineage.growDays([
        { source: "storage", day: "2026-08-31", ruleset: "r1", sightings: [sighting(a)], columns: [] },
      ]);
      expect(await graph(own, "2026-08-31", 31)).toMatchObject([{ edgeId: a, requests: 20, runs: 2 }]);
      expect(await graph(own, "2026-08-31", 1)).toMatchObject([{ edgeId: a, requests: 10, approximate: true }]);
    });
  });

  describe("claims", () => {
    it("are renewed by their source until a person decides", async () => {
      const own = await fresh();
      const [a = 0, b = 0] = await own.lineage.upsertNodes(
        ["s3://x/t", "cat.t"].map((name) => ({ kind: "dataset" as const, namespace: "n", name })),
      );
      const claim = {
        id: "c1",
        a,
        b,
        kind: "location",
        evidence: { path: "s3://x/t" },
        confidence: 0.7,
        source: "inventory",
        status: "proposed" as const,
        at: "2026-11-21T06:00:00.000Z",
      };
      await own.lineage.putClaims([claim]);
      await own.lineage.putClaims([{ ...claim, confidence: 0.9 }]);
      expect(await own.lineage.claims({ node: b })).toEqual([{ ...claim, confidence: 0.9, actor: null }]);
      await own.lineage.decideClaim("c1", "rejected", "anna");
      await own.lineage.putClaims([{ ...claim, status: "active" }]);
      expect(await own.lineage.claims({ status: "rejected" })).toMatchObject([
        { id: "c1", actor: "anna", confidence: 0.9 },
      ]);
      expect(await own.lineage.claims({ status: "active" })).toEqual([]);
      await expect(own.lineage.decideClaim("c9", "active", "anna")).rejects.toMatchObject({ code: "not_found" });
    });

    it("lead to epochs of which node stands for which", async () => {
      const own = await fresh();
      expect(await own.lineage.canon()).toEqual({ epoch: 0, canon: new Map() });
      const [a = 0, b = 0] = await own.lineage.upsertNodes(
        ["a", "b"].map((name) => ({ kind: "dataset" as const, namespace: "n", name })),
      );
      expect(await own.lineage.writeCanon([{ node: b, canon: a }])).toBe(1);
      expect(await own.lineage.canon()).toEqual({ epoch: 1, canon: new Map([[b, a]]) });
      await own.lineage.writeCanon([]);
      expect(await own.lineage.canon()).toEqual({ epoch: 2, canon: new Map() });
    });
  });

  describe("OpenLineage events", () => {
    it("are kept once, in commit order, each body once, byte by byte", async () => {
      const own = await fresh();
      const { lineage } = own;
      const body = `{"eventType":"START", "n":1.0, "big":9223372036854775807, "text":"é🌙\\u0000"}`;
      const [first, second] = await Promise.all([
        lineage.appendEvents([event("e1", body), event("e2", body)]),
        lineage.appendEvents([event("e1", body), event("e3")]),
      ]);
      expect(first).toEqual([
        { seq: 1, isNew: true },
        { seq: 2, isNew: true },
      ]);
      expect(second).toEqual([
        { seq: 1, isNew: false },
        { seq: 3, isNew: true },
      ]);
      expect(await lineage.appendEvents([event("e2", "{}")])).toEqual([{ seq: 2, isNew: false }]);
      const kept = await lineage.eventsAfter(0, 10);
      expect(kept.map((one) => [one.seq, one.id])).toEqual([
        [1, "e1"],
        [2, "e2"],
        [3, "e3"],
      ]);
      expect(kept[0]?.bodyHash).toBe(kept[1]?.bodyHash);
      expect(await lineage.body(kept[0]?.bodyHash ?? "")).toBe(body);
      expect(await lineage.eventsAfter(2, 10)).toHaveLength(1);
      expect(await lineage.lastEventSeq()).toBe(3);
      const hash = kept[1]?.bodyHash ?? "";
      expect(await lineage.bodies([hash, hash, "none"])).toEqual(new Map([[hash, body]]));
      expect(await lineage.purgeBodies("2099-01-01T00:00:00.000Z")).toBe(2);
      expect(await lineage.body(kept[0]?.bodyHash ?? "")).toBeUndefined();
      expect(await lineage.eventsAfter(0, 10)).toHaveLength(3);
    });

    it("lead to runs", async () => {
      const own = await fresh();
      const [job = 0] = await own.lineage.upsertNodes([{ kind: "job", namespace: "n", name: "j" }]);
      const run = {
        jobNode: job,
        runId: "r1",
        state: "RUNNING",
        io: { inputs: [1] },
        parent: null,
        updatedAt: "2026-11-21T06:00:00.000Z",
      };
      await own.lineage.putRuns([run]);
      await own.lineage.putRuns([{ ...run, state: "COMPLETE" }]);
      expect(await own.lineage.findRuns("r1")).toEqual([{ ...run, state: "COMPLETE" }]);
      const keys = [
        { jobNode: job, runId: "r1" },
        { jobNode: job, runId: "r2" },
      ];
      expect(await own.lineage.runs(keys)).toEqual([{ ...run, state: "COMPLETE" }]);
    });
  });
});
