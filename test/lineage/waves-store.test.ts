/** Waves of what the store knows are the waves of the same edges from a file; the same over HTTP. */
import { describe, expect, it } from "vitest";
import { openQuestions } from "../../src/lineage/questions.ts";
import { planWaves } from "../../src/lineage/waves/plan.ts";
import type { LineageGraphView } from "../../src/model/view-lineage.ts";
import type { LineageWavesView } from "../../src/model/view-waves.ts";
import type { WaveEdge } from "../../src/model/wave.ts";
import { start } from "../../src/server/testing/start.ts";
import type { Relation } from "../../src/store/lineage.ts";
import { datasetKey, jobKey, type PlainEdge, seeEdges } from "../lineage-store.ts";
import { onBothStores } from "../stores.ts";

const RELATION: Record<string, Relation> = { read: "reads", write: "writes", maintenance: "maintains" };
const NOW = Date.parse("2026-11-21T06:31:00.000Z");

/** Edges as an attribution has them, with those that several jobs fit. */
function randomEdges(seed: number): WaveEdge[] {
  let state = seed;
  const roll = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const person = () => ({ jobId: String(100 + roll(12)), jobName: null });
  return Array.from({ length: 10 + roll(60) }, (): WaveEdge => {
    const access = (["read", "read", "write", "maintenance"] as const)[roll(4)] as WaveEdge["access"];
    const about = { table: `main.s.t${roll(15)}`, access, lastSeen: "2026-11-20T06:10:00.000Z" };
    if (roll(5) > 0) return { ...person(), ...about, candidates: [] };
    return { jobId: null, jobName: null, ...about, candidates: [person(), person()] };
  });
}

/** The same as sightings: an ambiguous access is one of each candidate, joined by a group. */
function sightingsOf(edges: readonly WaveEdge[]): PlainEdge[] {
  const seen = new Map<string, PlainEdge>();
  edges.forEach(({ jobId, table, access, candidates }, at) => {
    const jobs = jobId === null ? candidates.map((one) => one.jobId as string) : [jobId];
    for (const job of jobs) {
      const edge: PlainEdge = {
        job: `${job}/task`,
        table: table ?? "",
        relation: RELATION[access] as Relation,
        ...(jobId === null ? { attribution: "ambiguous", groupId: `g${at}` } : {}),
      };
      seen.set(JSON.stringify(edge), edge);
    }
  });
  return [...seen.values()];
}

await onBothStores("waves", (setting) => {
  it("are the same from the store as from a file", async () => {
    for (const seed of [3, 4, 5, 6]) {
      const edges = randomEdges(seed);
      const store = await setting.open(await setting.target());
      await seeEdges(store, sightingsOf(edges));
      const questions = openQuestions({ store: store.lineage, now: () => NOW });
      const options = {
        capacity: { jobs: 4 },
        pins: { tables: { "main.s.t3": "exclude" as const }, jobs: { "104": 2 } },
        tables: [
          { name: "main.s.t1", bytes: 5_000 },
          { name: "main.s.untouched", bytes: null },
        ],
      };
      const { at, windowDays, ...plan } = await questions.waves(options);
      expect([at, windowDays]).toEqual(["2026-11-20", 30]);
      expect(plan, `seed ${seed}`).toEqual(planWaves({ edges, ...options }));
    }
  });

  it("keep tables of one location together, and take names of files and pins as the workspace has them", async () => {
    const store = await setting.open(await setting.target());
    const FILES = "abfss://lake@a.dfs.core.windows.net/orders";
    await seeEdges(store, [
      { job: "1", table: "hive_metastore.raw.orders", relation: "writes" },
      { job: "2", table: FILES },
      { job: "3", table: "hive_metastore.raw.orders_ext" },
      { job: "3", table: "abfss://lake@a.dfs.core.windows.net/of/no/table" },
    ]);
    const [table, files, other, job] = (await store.lineage.upsertNodes([
      datasetKey("hive_metastore.raw.orders"),
      datasetKey(FILES),
      datasetKey("hive_metastore.raw.orders_ext"),
      jobKey("2"),
    ])) as [number, number, number, number];
    await store.lineage.writeCanon([
      { node: files, canon: table },
      { node: other, canon: table },
    ]);
    await store.lineage.putTitles([{ node: job, title: "Report" }]);
    const questions = openQuestions({ store: store.lineage, now: () => NOW });
    const { waves } = await questions.waves({
      tables: [{ name: "RAW.Orders", bytes: 7 }],
      pins: { jobs: {}, tables: {} },
    });
    expect(waves.map(({ bytes, groups }) => [bytes, groups.map(({ jobs, tables }) => [jobs, tables])])).toEqual([
      [7, [[[{ id: "1", name: null }], ["hive_metastore.raw.orders", "hive_metastore.raw.orders_ext"]]]],
      [
        0,
        [
          [[{ id: "2", name: "Report" }], []],
          [[{ id: "3", name: null }], []],
        ],
      ],
    ]);
    const out = await questions.waves({ pins: { tables: { "raw.orders": "exclude" } } });
    expect(out.excluded.tables).toEqual(["hive_metastore.raw.orders"]);
  });

  describe("over HTTP", () => {
    it("answers questions and waves with the shapes of the table, and refuses what is none", async () => {
      const store = await setting.open(await setting.target());
      await seeEdges(store, [
        { job: "1", table: "main.s.a", relation: "writes" },
        { job: "2", table: "main.s.a" },
        { job: "2", table: "main.s.b", relation: "writes" },
      ]);
      const { ROUTES } = await import("../../src/server/api.ts");
      const questions = openQuestions({ store: store.lineage, now: () => NOW });
      const server = await start({ deps: { lineage: questions } });
      try {
        const get = async (path: string) => {
          const answer = await fetch(`${server.url}/api/v1${path}`);
          return { status: answer.status, body: (await answer.json()) as Record<string, never> };
        };
        const asked = [
          [ROUTES.getLineageGraph, "/lineage/graph?node=s.a&depth=2"],
          [ROUTES.traceLineage, "/lineage/trace?node=s.b&direction=up"],
          [ROUTES.getLineageEvidence, "/lineage/evidence?from=1&to=main.s.a"],
          [ROUTES.searchLineage, "/lineage/nodes?q=main"],
          [ROUTES.getLineageOverview, "/lineage/overview"],
          [ROUTES.listLineageDatasets, "/lineage/datasets?limit=1"],
          [ROUTES.listLineageJobs, "/lineage/jobs"],
          [ROUTES.listLineageEdges, "/lineage/edges?node=main.s.a&strength=sure"],
          [ROUTES.diffLineage, "/lineage/diff?from=2026-11-01&to=2026-11-20"],
          [ROUTES.getLineageCoverage, "/lineage/coverage?at=2026-11-20"],
          [ROUTES.planLineageWaves, "/lineage/waves?jobs=1&pins=job:2=3,table:main.s.b=exclude"],
        ] as const;
        for (const [route, path] of asked) {
          const { status, body } = await get(path);
          expect(status, path).toBe(200);
          const strict = route.answer.safeParse(body);
          expect(strict.error, path).toBeUndefined();
          expect(strict.data, path).toEqual(body);
        }
        const waves = (await get(asked[10][1])).body as unknown as LineageWavesView;
        expect(waves.excluded.tables).toEqual(["main.s.b"]);
        expect(waves.waves.map(({ number }) => number)).toEqual([1, 3]);
        const graph = (await get("/lineage/graph?node=s.a&direction=downstream&depth=2"))
          .body as unknown as LineageGraphView;
        expect(graph.nodes.map(({ name }) => name)).toEqual(["main.s.a", "2", "main.s.b"]);
        expect(await get("/lineage/graph?node=s.zzz")).toMatchObject({ status: 404, body: { code: "not_found" } });
        expect(await get("/lineage/waves?pins=job:2")).toMatchObject({ status: 422, body: { code: "input_invalid" } });
        expect(await get("/lineage/graph")).toMatchObject({ status: 422 });
        expect(await get("/lineage/diff?from=soon&to=2026-11-20")).toMatchObject({ status: 422 });
      } finally {
        await server.close();
      }
    });
  });
});
