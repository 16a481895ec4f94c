/** Logs of real producers, ingested: every event of the truth is in the store, none is invented, and the graph is theirs. */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { ioOf, linkedNodes } from "../../src/lineage/events/run-state.ts";
import { ingestEvents } from "../../src/lineage/ingest/events.ts";
import type { IngestedSource } from "../../src/model/ingest-report.ts";
import { openEventFiles } from "../../src/sources/lineage/openlineage/read.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/transaction.ts";
import { systemClock } from "../../src/util/clock.ts";
import { harvestBytes } from "../openlineage-events.ts";
import { edgesInWords } from "./event-server.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../../shared/data/openlineage");
const present = existsSync(path.join(FOLDER, "index.json"));
if (!present) console.log("skipped: no shared/data/openlineage beside the repository");

interface Expected {
  events: number;
  distinctRuns_jobPlusRunId: number;
  jobs: string[];
  datasets: string[];
  datasetEdges: [string, string][];
  symlinks: [string, string][];
  columnEdges: number;
  columnEdgesSha256: string;
  runIds: string[];
}
interface Corpus {
  name: string;
  truth: string | string[];
  logs?: (string | { file: string })[];
  file?: string;
  expected?: Expected;
  recoverableVerbatim?: number;
}

const { corpora } = present
  ? (JSON.parse(readFileSync(path.join(FOLDER, "index.json"), "utf8")) as { corpora: Corpus[] })
  : { corpora: [] as Corpus[] };
const linesOf = (file: string): string[] => readFileSync(path.join(FOLDER, file), "utf8").split("\n").filter(Boolean);
const truthOf = ({ truth }: Corpus): string[] =>
  [truth].flat().flatMap((one) => linesOf(`truth/${one.replace(/^truth\/|\.ndjson$/g, "")}.ndjson`));
const filesOf = ({ logs = [], file }: Corpus): string[] =>
  file === undefined ? logs.map((log) => (typeof log === "string" ? log : log.file)) : [file];

const temporary = mkdtempSync(path.join(tmpdir(), "headgate-truth-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));
let stores = 0;

/** Ingests files into a new store. */
async function ingested(files: readonly string[]): Promise<{ store: Store; reports: IngestedSource[] }> {
  const store = await openStore({ kind: "sqlite", path: path.join(temporary, `${stores++}.db`) });
  const holder = { host: "here", pid: process.pid, id: "test", isAlive: () => true };
  const setting = { store, clock: systemClock, holder, since: undefined, until: undefined };
  const reports = [];
  for (const file of files) {
    const source = openEventFiles("logs", { kind: "openlineage", path: file }, FOLDER);
    reports.push(await ingestEvents({ name: "logs", kind: "openlineage", open: () => source }, setting));
  }
  return { store, reports };
}

async function bodiesOf(store: Store): Promise<string[]> {
  const kept = await store.lineage.eventsAfter(0, 10_000);
  const bodies = await store.lineage.bodies(kept.map(({ bodyHash }) => bodyHash));
  return kept.map(({ bodyHash }) => bodies.get(bodyHash) ?? "");
}

/** What the graph says, in the terms of the corpus. */
async function graphOf(store: Store, { runIds }: Expected) {
  const nodes = await store.lineage.nodes(Array.from({ length: 1_000 }, (_, id) => id + 1));
  const nameOf = new Map(nodes.map(({ id, namespace, name }) => [id, `${namespace}|${name}`]));
  const runs = [];
  for (const runId of runIds) runs.push(...(await store.lineage.findRuns(runId)));
  const pairs = new Set<string>();
  const datasets = new Set<number>();
  for (const run of runs) {
    const links = ioOf(run.io)?.links ?? {};
    const [reads, writes] = [linkedNodes(links, "reads"), linkedNodes(links, "writes")];
    for (const id of [...reads, ...writes]) datasets.add(id);
    for (const from of reads) for (const to of writes) pairs.add(`${nameOf.get(from)} → ${nameOf.get(to)}`);
  }
  const claims = (await store.lineage.claims()).map(({ a, b }) => [nameOf.get(a), nameOf.get(b)].sort().join(" = "));
  const columns = (await store.lineage.columnEdges({})).map((edge) => ({
    from: `${nameOf.get(edge.from)}|${edge.fromColumn}`,
    table: nameOf.get(edge.to) ?? "",
    column: edge.toColumn,
  }));
  return {
    runs,
    datasets: [...datasets].map((id) => nameOf.get(id) ?? "").sort(),
    jobs: [...new Set(runs.map(({ jobNode }) => nameOf.get(jobNode) ?? ""))].sort(),
    pairs: [...pairs].sort(),
    claims: claims.sort(),
    columns,
  };
}

/** What the truth says of single columns, and of whole tables. */
function columnsOfTruth(texts: readonly string[]): { single: Set<string>; whole: Set<string> } {
  interface Field {
    namespace: string;
    name: string;
    field: string;
  }
  interface Output extends Field {
    facets?: { columnLineage?: { fields?: Record<string, { inputFields: Field[] }>; dataset?: Field[] } };
  }
  const single = new Set<string>();
  const whole = new Set<string>();
  for (const text of texts) {
    const { outputs = [] } = JSON.parse(text) as { outputs?: Output[] };
    for (const { namespace, name, facets } of outputs) {
      const { fields = {}, dataset = [] } = facets?.columnLineage ?? {};
      const nameOf = (input: Field) => `${input.namespace}|${input.name}|${input.field} -> ${namespace}|${name}`;
      for (const [column, { inputFields }] of Object.entries(fields)) {
        for (const input of inputFields) single.add(`${nameOf(input)}|${column}`);
      }
      for (const input of dataset) whole.add(nameOf(input));
    }
  }
  return { single, whole };
}

describe.skipIf(!present)("logs of real producers, ingested", () => {
  it.each(corpora)("$name: every event, none invented", async (corpus) => {
    const truth = new Set(truthOf(corpus));
    const expected = corpus.expected?.events ?? corpus.recoverableVerbatim ?? 0;
    const { store, reports } = await ingested(filesOf(corpus));
    const bodies = await bodiesOf(store);
    const found = bodies.filter((body) => truth.has(body)).length;
    console.log(`${corpus.name}: ${found} of ${expected} events in the store, ${bodies.length - found} invented`);
    expect(expected).toBeGreaterThan(0);
    expect({ found, invented: bodies.length - found }).toEqual({ found: expected, invented: 0 });
    expect(reports.map(({ failed, skipped }) => ({ failed, skipped }))).toEqual(
      reports.map(() => ({ failed: null, skipped: [] })),
    );
    await store.close();
  });

  it.each(corpora.filter(({ expected }) => expected !== undefined))("$name: the graph is theirs", async (corpus) => {
    const expected = corpus.expected as Expected;
    const { store } = await ingested(filesOf(corpus));
    const graph = await graphOf(store, expected);
    const pair = ([a, b]: [string, string], by: string) => `${a}${by}${b}`;
    console.log(
      `${corpus.name}: ${graph.runs.length} runs, ${graph.jobs.length} jobs, ${graph.datasets.length} datasets, ${graph.pairs.length} pairs`,
    );
    expect(graph.runs).toHaveLength(expected.distinctRuns_jobPlusRunId);
    expect(graph.jobs).toEqual([...expected.jobs].sort());
    expect(graph.datasets).toEqual([...expected.datasets].sort());
    expect(graph.pairs).toEqual(expected.datasetEdges.map((one) => pair(one, " → ")).sort());
    // the corpus names a symlink `dataset`, `identifier`; a claim has no direction
    expect(graph.claims).toEqual(expected.symlinks.map((one) => [...one].sort().join(" = ")).sort());

    // What a whole table depends on is kept once; the index counts what the truth says of single columns.
    const { single, whole } = columnsOfTruth(truthOf(corpus));
    const lines = new Set<string>();
    for (const { from, table, column } of graph.columns) {
      if (column !== "*") lines.add(`${from} -> ${table}|${column}`);
      else {
        const spelt = [...single].filter((line) => line.startsWith(`${from} -> ${table}|`));
        for (const line of spelt) lines.add(line);
        expect(spelt.length > 0 || whole.has(`${from} -> ${table}`)).toBe(true);
      }
    }
    for (const line of whole) {
      expect(graph.columns.some(({ from, table, column }) => column === "*" && `${from} -> ${table}` === line)).toBe(
        true,
      );
    }
    console.log(
      `${corpus.name}: ${lines.size} of ${expected.columnEdges} column edges, kept as ${graph.columns.length}`,
    );
    expect(lines.size).toBe(expected.columnEdges);
    const digest = createHash("sha256")
      .update([...lines].sort().join("\n"))
      .digest("hex");
    expect([
      digest,
      createHash("sha256")
        .update(`${[...lines].sort().join("\n")}\n`)
        .digest("hex"),
    ]).toContain(expected.columnEdgesSha256);
    await store.close();
  });

  it("again, and as `lineage harvest` writes them, make the same graph", async () => {
    const corpus = corpora.find(({ name }) => name === "spark35-plain-ol153") as Corpus;
    const files = filesOf(corpus);
    const { store, reports } = await ingested(files);
    const before = await edgesInWords(store, "2026-11-22", 30);
    expect(before.length).toBeGreaterThan(20);
    expect(reports[0]?.days.map(({ why }) => why)).toEqual(["new"]);

    const { reports: again } = await (async () => {
      const holder = { host: "here", pid: process.pid, id: "again", isAlive: () => true };
      const setting = { store, clock: systemClock, holder, since: undefined, until: undefined };
      const source = openEventFiles("logs", { kind: "openlineage", path: files[0] as string }, FOLDER);
      return { reports: [await ingestEvents({ name: "logs", kind: "openlineage", open: () => source }, setting)] };
    })();
    expect(again[0]).toMatchObject({ units: { listed: 1, known: 1, read: 0 }, days: [] });

    const harvested = path.join(temporary, "harvested.ndjson");
    const log = readFileSync(path.join(FOLDER, files[0] as string));
    const { events } = harvestBytes([log[0] === 0x1f ? gunzipSync(log) : log]);
    writeFileSync(harvested, events.map((event) => `${event}\n`).join(""));
    const { store: other } = await ingested([harvested]);
    expect(await edgesInWords(other, "2026-11-22", 30)).toEqual(before);
    expect(await bodiesOf(other)).toEqual(await bodiesOf(store));
    await Promise.all([store.close(), other.close()]);
  });
});
