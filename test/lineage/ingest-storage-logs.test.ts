/** A lake with known truth, brought into the store day by day, has the edges that a single attribution of all days has. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDuckdb } from "../../src/engines/duckdb/open.ts";
import type { Engine } from "../../src/engines/engine.ts";
import { attributeLogs } from "../../src/lineage/attribute/room.ts";
import { accessLogDays } from "../../src/lineage/ingest/access-logs.ts";
import { ingestSource } from "../../src/lineage/ingest/ingest.ts";
import type { IngestedSource } from "../../src/model/ingest-report.ts";
import { type Dumps, readDumps } from "../../src/sources/dumps.ts";
import { findStorageLogs } from "../../src/sources/lineage/storage-logs/find.ts";
import { openStorageLogFiles } from "../../src/sources/lineage/storage-logs/read.ts";
import type { Store } from "../../src/store/transaction.ts";
import { systemClock } from "../../src/util/clock.ts";
import { onBothStores } from "../stores.ts";

const WORLD = path.resolve(import.meta.dirname, "../../../shared/data/storage-logs");
const there = existsSync(WORLD);
if (!there) console.log(`skipped: ${WORLD} is not there`);

let engine: Engine;
let dumps: Dumps;
let folder = "";

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "headgate-ingest-"));
  if (!there) return;
  engine = await openDuckdb();
  dumps = await readDumps([path.join(WORLD, "api"), path.join(WORLD, "inventory")]);
});
afterAll(() => {
  engine?.close();
  rmSync(folder, { recursive: true, force: true });
});

const HOME = "6472910385530127";

async function ingest(store: Store, dir: string, cache: string): Promise<IngestedSource> {
  const source = openStorageLogFiles("storage-logs", { kind: "storage-logs", path: "insights-logs-*" }, dir);
  const reader = accessLogDays(source, {
    engine,
    cache,
    facts: { inventory: dumps.inventory, uses: dumps.uses, runsFrom: undefined },
    home: async () => HOME,
  });
  return ingestSource({ name: source.name, kind: source.kind, open: () => source }, async () => reader, {
    store,
    clock: systemClock,
    holder: { host: "here", pid: process.pid, id: "test", isAlive: () => true },
    since: undefined,
    until: undefined,
  });
}

/** `job reads dataset`, all that several jobs explain as a set. */
async function storedEdges(store: Store): Promise<{ sure: string[]; open: string[] }> {
  const [sure, open] = [new Set<string>(), new Set<string>()];
  for await (const edge of store.lineage.edgesAt("2026-09-30", 60)) {
    const nodes = await store.lineage.nodes([edge.from, edge.to]);
    const [from, to] = [edge.from, edge.to].map((id) => nodes.find((node) => node.id === id));
    const line = `${from?.namespace}/${from?.name} ${edge.relation} ${to?.namespace}/${to?.name}`;
    if (edge.attributions.some((one) => one !== "ambiguous")) sure.add(line);
    if (edge.attributions.includes("ambiguous")) open.add(line);
  }
  return { sure: [...sure].sort(), open: [...open].sort() };
}

/** The same of an attribution of all logs at once. */
async function attributedEdges(): Promise<{ sure: string[]; open: string[] }> {
  const { files } = await findStorageLogs([WORLD]);
  const { edges } = await attributeLogs(engine, { files }, dumps);
  const [sure, open] = [new Set<string>(), new Set<string>()];
  for (const { relation, jobId, candidates, dataset, workspaceId } of edges) {
    if (!["reads", "writes", "maintains"].includes(relation)) continue;
    const shown = (job: string) =>
      `databricks://${workspaceId ?? HOME}/${job} ${relation} ${dataset.namespace}/${dataset.name}`;
    if (jobId !== null) sure.add(shown(jobId));
    else for (const one of candidates) open.add(shown(one.jobId));
  }
  return { sure: [...sure].sort(), open: [...open].sort() };
}

await onBothStores("storage logs in the store", (setting) => {
  // 232 logs, each a statement of its own: seconds on a quiet machine, a minute on a busy one
  it.skipIf(!there)(
    "are the edges of lineage attribute, and a second pass does nothing",
    { timeout: 180_000 },
    async () => {
      const store = await setting.open(await setting.target());
      const cache = path.join(folder, `cache-${setting.kind}`);
      const first = await ingest(store, WORLD, cache);
      expect(first).toMatchObject({ failed: null, held: [], skipped: [] });
      expect(first.units.read).toBe(first.units.listed);
      const stored = await storedEdges(store);
      const attributed = await attributedEdges();
      console.log(
        `${setting.kind}: ${stored.sure.length} sure edges and ${stored.open.length} that several jobs explain, of ${first.units.listed} logs in ${first.milliseconds} ms`,
      );
      expect(stored.sure).toEqual(attributed.sure);
      expect(stored.open).toEqual(attributed.open);
      const again = await ingest(store, WORLD, cache);
      expect(again).toMatchObject({ units: { known: first.units.listed, read: 0 }, days: [], held: [] });
      expect(await storedEdges(store)).toEqual(stored);
    },
  );
});
