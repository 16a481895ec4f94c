/** A source is read once, day by day; what changes is swapped; nobody who lost the lease writes. */
import { describe, expect, it } from "vitest";
import { onBothStores } from "../../../test/stores.ts";
import { HeadgateError } from "../../errors.ts";
import type { EdgeSource, EvidenceUnit, Seen, SeenEdge } from "../../sources/evidence-source.ts";
import type { Store } from "../../store/transaction.ts";
import { systemClock } from "../../util/clock.ts";
import { ingestSource } from "./ingest.ts";
import { holdSource, type IngestHolder } from "./lease.ts";
import { seenEdgeDays } from "./seen-edges.ts";

const holder = (id: string, pid = 7): IngestHolder => ({ host: "here", pid, id, isAlive: (one) => one === 7 });

const edge = (day: string, jobId: string, table: string, more: Partial<SeenEdge> = {}): Seen => ({
  edge: {
    day,
    from: { kind: "job", workspaceId: null, jobId, title: `job ${jobId}` },
    to: { kind: "table", name: table },
    relation: "writes",
    attribution: "exclusive",
    requests: 1,
    runs: 1,
    firstAt: `${day}T01:00:00.000Z`,
    lastAt: `${day}T02:00:00.000Z`,
    confidence: 0.9,
    ...more,
  },
});

/** A source whose units are what a test says they are; it notes which were read. */
function lists(units: Map<string, { digest: string; seen: Seen[]; days?: string[] }>, ruleset = "v1") {
  const read: string[] = [];
  const source: EdgeSource = {
    name: "uc",
    kind: "unity-catalog",
    ruleset,
    evidence: "edges",
    list: async () => ({
      units: [...units].map(([key, { digest, days }]) => ({ key, digest, days })),
      cursor: String(units.size),
      skipped: [],
    }),
    async *read(unit: EvidenceUnit) {
      read.push(unit.key);
      const content = units.get(unit.key);
      if (content === undefined) throw new HeadgateError("not_found", `${unit.key} is gone`, { permanent: true });
      yield content.seen;
    },
  };
  return { source, read };
}

async function ingest(store: Store, { source }: { source: EdgeSource }, id = "a", more = {}) {
  return ingestSource(
    { name: source.name, kind: source.kind, open: () => source },
    async () => seenEdgeDays(source, async () => "42"),
    { store, clock: systemClock, holder: holder(id), since: undefined, until: undefined, ...more },
  );
}

async function graph(store: Store): Promise<string[]> {
  const lines: string[] = [];
  for await (const one of store.lineage.edgesAt("2026-11-30", 30)) {
    const [from, to] = await Promise.all([one.from, one.to].map(async (id) => (await store.lineage.nodes([id]))[0]));
    lines.push(`${from?.title} ${one.relation} ${to?.namespace}/${to?.name} ×${one.requests}`);
  }
  return lines.sort();
}

await onBothStores("ingest", (setting) => {
  const fresh = async () => setting.open(await setting.target());

  describe("ingest of edges", () => {
    it("reads what is new and does nothing the second time", async () => {
      const store = await fresh();
      const units = new Map([
        ["a", { digest: "1", seen: [edge("2026-11-20", "1", "s.t"), edge("2026-11-21", "1", "main.s.U")] }],
        ["b", { digest: "1", days: ["2026-11-21"], seen: [edge("2026-11-21", "1", "main.s.u")] }],
      ]);
      const first = lists(units);
      const report = await ingest(store, first);
      expect(report).toMatchObject({
        units: { listed: 2, known: 0, read: 2 },
        days: [
          { day: "2026-11-20", why: "new", edges: 1, changed: true },
          { day: "2026-11-21", why: "new", edges: 1, changed: true },
        ],
        failed: null,
      });
      const whole = ["job 1 writes databricks://42/hive_metastore.s.t ×1", "job 1 writes databricks://42/main.s.u ×2"];
      expect(await graph(store)).toEqual(whole);
      const again = lists(units);
      expect(await ingest(store, again)).toMatchObject({ units: { listed: 2, known: 2, read: 0 }, days: [] });
      expect(again.read).toEqual([]);
      expect(await graph(store)).toEqual(whole);
      expect((await store.cursors.find("lineage/uc"))?.value).toBe('{"cursor":"2"}');
    });

    it("computes the days a changed unit touches or touched, and keeps what is no longer listed", async () => {
      const store = await fresh();
      const units = new Map([
        ["a", { digest: "1", seen: [edge("2026-11-20", "1", "s.t")] }],
        ["b", { digest: "1", seen: [edge("2026-11-21", "2", "s.u")] }],
      ]);
      await ingest(store, lists(units));
      units.delete("b");
      units.set("a", { digest: "2", seen: [edge("2026-11-22", "1", "s.t")] });
      const report = await ingest(store, lists(units));
      expect(report.days.map(({ day, why, edges }) => [day, why, edges])).toEqual([
        ["2026-11-20", "changed", 0],
        ["2026-11-22", "new", 1],
      ]);
      expect(await graph(store)).toEqual([
        "job 1 writes databricks://42/hive_metastore.s.t ×1",
        "job 2 writes databricks://42/hive_metastore.s.u ×1",
      ]);
      // a day with something that is gone cannot be made anew: it stays
      units.set("c", { digest: "1", seen: [edge("2026-11-21", "3", "s.w")] });
      expect(await ingest(store, lists(units))).toMatchObject({
        days: [],
        held: [{ day: "2026-11-21", why: "1 of the 2 it was read from is gone" }],
      });
      expect(await graph(store)).toHaveLength(2);
    });

    it("reads everything again by other rules", async () => {
      const store = await fresh();
      const units = new Map([["a", { digest: "1", seen: [edge("2026-11-20", "1", "s.t")] }]]);
      await ingest(store, lists(units));
      expect(await ingest(store, lists(units, "v2"))).toMatchObject({
        units: { known: 0, read: 1 },
        days: [{ day: "2026-11-20", changed: false }],
      });
      expect((await store.lineage.sourceDays("uc"))[0]?.ruleset).toBe("v2");
    });

    it("leaves the others alone where one unit cannot be read", async () => {
      const store = await fresh();
      const units = new Map([
        ["a", { digest: "1", seen: [edge("2026-11-20", "1", "s.t")] }],
        ["b", { digest: "1", seen: [edge("2026-11-21", "2", "s.u")] }],
      ]);
      const { source } = lists(units);
      const broken: EdgeSource = {
        ...source,
        async *read(unit) {
          if (unit.key === "a") throw new HeadgateError("input_invalid", "a is torn", { permanent: true });
          yield* source.read(unit);
        },
      };
      const report = await ingest(store, { source: broken });
      expect(report).toMatchObject({ skipped: [{ what: "a", why: "a is torn" }], days: [{ day: "2026-11-21" }] });
      expect((await ingest(store, { source })).days.map(({ day }) => day)).toEqual(["2026-11-20"]);
    });
  });

  describe("the lease of a source", () => {
    it("lets one ingest in, and a new one where the other was killed", async () => {
      const store = await fresh();
      await holdSource(store.cursors, systemClock, "uc", holder("a"));
      const units = lists(new Map());
      expect((await ingest(store, units, "b")).failed).toMatchObject({ code: "retry", retryable: true });
      const killed = await fresh();
      const other = await holdSource(killed.cursors, systemClock, "uc", holder("a", 8));
      expect((await ingest(killed, units, "b")).failed).toBeNull();
      await expect(killed.cursors.move("lineage/uc", "{}", other.lease)).rejects.toMatchObject({ code: "lock_lost" });
    });

    it("keeps who lost it from writing", async () => {
      const store = await fresh();
      const { source } = lists(new Map([["a", { digest: "1", seen: [edge("2026-11-20", "1", "s.t")] }]]));
      const robbed: EdgeSource = {
        ...source,
        async *read(unit) {
          const lease = await store.cursors.findLease("lineage/ingest/uc");
          if (lease) await store.cursors.releaseLease(lease);
          await store.cursors.acquireLease("lineage/ingest/uc", "somebody", 60_000);
          yield* source.read(unit);
        },
      };
      expect((await ingest(store, { source: robbed })).failed).toMatchObject({ code: "lock_lost", retryable: true });
      expect(await graph(store)).toEqual([]);
      expect((await store.lineage.units("uc")).size).toBe(0);
    });
  });
});
