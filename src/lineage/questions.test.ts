/** Questions to a small estate in a store: aliases, tasks, candidates, dates, and texts that name a node. */
import { beforeAll, describe, expect, it } from "vitest";
import { datasetKey, jobKey, type PlainEdge, seeEdges } from "../../test/lineage-store.ts";
import { onBothStores } from "../../test/stores.ts";
import { type OpenQuestions, openQuestions } from "./questions.ts";

const FILES = "abfss://bronze@lake.dfs.core.windows.net/orders";

/** raw.orders → 100 (enrich) → silver.orders → 200, 300 → mart.*; an audit table that all write. */
const ESTATE: PlainEdge[] = [
  { job: "100/load", table: "main.raw.orders", relation: "reads", files: 14, bytes: 70_000_000, runs: 6 },
  { job: "100/load", table: FILES, relation: "reads", source: "events", method: "event", files: 0, bytes: 0, runs: 2 },
  { job: "100/load", table: "main.silver.orders", relation: "writes" },
  { job: "200/build", table: "main.silver.orders", relation: "reads", confidence: 0.7 },
  { job: "200/build", table: "main.mart.revenue", relation: "writes" },
  { job: "200/tidy", table: "main.silver.orders", relation: "maintains" },
  { job: "300/post", table: "main.silver.orders", attribution: "ambiguous", groupId: "g1", requests: 61 },
  { job: "301/adhoc", table: "main.silver.orders", attribution: "ambiguous", groupId: "g1", requests: 39 },
  { job: "300/post", table: "main.mart.gl", relation: "writes" },
  // An older day: gone from the graph a month later.
  { job: "400", table: "main.raw.orders", day: "2026-10-01" },
  { job: "100/load", table: "main.raw.orders", day: "2026-10-01" },
];

await onBothStores("questions", (setting, store) => {
  let ask: OpenQuestions;
  const now = Date.parse("2026-11-21T06:31:00.000Z");

  beforeAll(async () => {
    const { lineage } = store();
    await seeEdges(store(), ESTATE);
    const [table, files, job] = (await lineage.upsertNodes([
      datasetKey("main.raw.orders"),
      datasetKey(FILES),
      jobKey("100"),
    ])) as [number, number, number];
    await lineage.putTitles([{ node: job, title: "Enrich orders" }]);
    await lineage.writeCanon([{ node: files, canon: table }]);
    ask = openQuestions({
      store: lineage,
      now: () => now,
      jobIdOf: async (resource) => (resource === "gl_post" ? "300" : undefined),
    });
  });

  describe("a node", () => {
    it("is found by every way to name it", async () => {
      const table = "dataset:databricks://1/main.raw.orders";
      const names = [
        table,
        "databricks://1/main.raw.orders",
        "main.raw.orders",
        "MAIN.RAW.`orders`",
        "raw.orders",
        FILES,
      ];
      for (const name of names) expect((await ask.trace(name, { direction: "down" })).start.ref, name).toBe(table);
      for (const name of ["100", "Enrich orders", "enrich orders"]) {
        expect((await ask.trace(name, { direction: "up" })).start).toMatchObject({
          jobId: "100",
          label: "Enrich orders",
        });
      }
      expect((await ask.trace("gl_post", { direction: "up" })).start.jobId).toBe("300");
    });

    it("that is not there is answered with the nearest, one of several with the list", async () => {
      await expect(ask.trace("main.raw.order", { direction: "up" })).rejects.toMatchObject({
        code: "not_found",
        hint: expect.stringContaining("main.raw.orders"),
      });
      await expect(ask.trace("orders", { direction: "up" })).rejects.toMatchObject({
        code: "input_invalid",
        message: expect.stringContaining("main.silver.orders"),
      });
    });

    it("is found by words", async () => {
      const found = await ask.search("orders main", { limit: 1 });
      expect(found).toMatchObject({ count: 2, next: "1" });
      expect((await ask.search("orders main", { limit: 1, cursor: "1" })).items[0]?.name).not.toBe(
        found.items[0]?.name,
      );
      expect((await ask.search("enrich", { limit: 9 })).items.map(({ jobId }) => jobId)).toEqual(["100"]);
    });
  });

  it("tells all that lies downstream with the way there, and leaves out who only tidies up", async () => {
    const trace = await ask.trace("main.raw.orders", { direction: "down" });
    expect(trace).toMatchObject({ at: "2026-11-20", windowDays: 30, counts: { nodes: 7, jobs: 4, datasets: 3 } });
    const steps = trace.steps.map(({ name, distance, confidence, path }) => [name, distance, confidence, path.length]);
    expect(steps).toEqual([
      ["100", 1, 0.98, 2],
      ["main.silver.orders", 2, 0.98, 3],
      ["200", 3, 0.7, 4],
      ["300", 3, 0.98, 4],
      ["301", 3, 0.98, 4],
      ["main.mart.gl", 4, 0.98, 5],
      ["main.mart.revenue", 4, 0.7, 5],
    ]);
    const near = await ask.trace("main.raw.orders", { direction: "down", depth: 2 });
    expect([near.counts.nodes, near.beyond.nodes]).toEqual([2, 5]);
  });

  it("shows what is around a focus, and folds what is too much", async () => {
    const view = await ask.graph("main.silver.orders", { up: 1, down: 1, fold: 1 });
    expect(view.nodes.map(({ name, level }) => [name, level])).toEqual([
      ["100", -1],
      ["main.silver.orders", 0],
      ["300", 1],
    ]);
    expect(view.bundles).toMatchObject([
      { direction: "down", text: "2 more readers", counts: { jobs: 2 }, names: ["301", "200"] },
    ]);
    expect(view.beyond).toMatchObject({ up: { datasets: 1 }, down: { datasets: 2 } });
    const focus = view.nodes.find(({ level }) => level === 0);
    expect(focus).toMatchObject({ neighbours: { up: 1, down: 3 }, hidden: { up: 0, down: 2 } });
    const unfolded = await ask.graph("main.silver.orders", {
      up: 1,
      down: 1,
      fold: 1,
      open: new Set([focus?.ref ?? ""]),
    });
    expect(unfolded.bundles).toEqual([]);
    expect(unfolded.nodes).toHaveLength(5);
    // The job that reads it also tidies it up: one edge each way.
    const names = new Map(unfolded.nodes.map(({ id, name }) => [id, name]));
    const edges = unfolded.edges.map(({ from, to, relations, strength }) => [
      names.get(from),
      names.get(to),
      relations.join(),
      strength,
    ]);
    expect(edges).toContainEqual(["200", "main.silver.orders", "maintains", "sure"]);
    expect(edges).toContainEqual(["main.silver.orders", "200", "reads", "likely"]);
    expect(edges).toContainEqual(["main.silver.orders", "300", "reads", "unsure"]);
  });

  it("says why an edge is there, whoever saw it under whatever name", async () => {
    const evidence = await ask.evidence("raw.orders", "100");
    expect(evidence).toMatchObject({
      title: "main.raw.orders is read by Enrich orders",
      edge: { strength: "sure", sources: ["events", "logs"], runs: 6, files: 14 },
      doubt: null,
    });
    expect(evidence.sources.map(({ source, text }) => [source, text])).toEqual([
      ["events", "10 sightings in 2 runs since 20 Nov; the source itself names the job"],
      ["logs", "14 files, 70 MB in 6 runs since 20 Nov; the cluster was used by no other run"],
    ]);
    expect(evidence.days).toEqual([
      { day: "2026-11-20", source: "events", requests: 10, bytes: 0, runs: 2 },
      { day: "2026-11-20", source: "logs", requests: 10, bytes: 70_000_000, runs: 6 },
    ]);
    await expect(ask.evidence("raw.orders", "200")).rejects.toMatchObject({ code: "not_found" });
  });

  it("names who else an ambiguous access may have been of", async () => {
    const { candidates, doubt } = await ask.evidence("main.silver.orders", "300");
    expect(candidates.map(({ node, share }) => [node.name, share])).toEqual([
      ["300", 0.61],
      ["301", 0.39],
    ]);
    expect(doubt).toContain("one of 2 jobs");
  });

  it("lists datasets, jobs and edges a page at a time", async () => {
    const datasets = await ask.datasets({ limit: 2 });
    expect(datasets).toMatchObject({ count: 4, next: "2" });
    expect((await ask.datasets({ limit: 9, text: "SILVER" })).items).toMatchObject([
      { name: "main.silver.orders", readers: 3, writers: 1, lastReadAt: "2026-11-20T06:10:00.000Z" },
    ]);
    const first = async (sort: "readers" | "written") => (await ask.datasets({ limit: 9, sort })).items[0]?.name;
    expect([await first("readers"), await first("written")]).toEqual(["main.silver.orders", "main.mart.gl"]);
    expect((await ask.jobs({ limit: 9 })).items.map(({ jobId, reads, writes }) => [jobId, reads, writes])).toEqual([
      ["100", 1, 1],
      ["200", 1, 1],
      ["300", 1, 1],
      ["301", 1, 0],
    ]);
    expect((await ask.edges({ limit: 9, strength: "unsure" })).count).toBe(2);
    expect((await ask.edges({ limit: 9, node: "100" })).items.map(({ fromNode }) => fromNode.name)).toEqual([
      "100",
      "main.raw.orders",
    ]);
  });

  it("gives the whole graph in arrays that fit together", async () => {
    const whole = await ask.overview({ limit: 100 });
    expect(whole.counts).toEqual({ nodes: 8, jobs: 4, datasets: 4, edges: 8 });
    const nameAt = (place: number | undefined) => whole.nodes.name[place ?? -1];
    const edges = whole.edges.from.map((from, at) => `${nameAt(from)} → ${nameAt(whole.edges.to[at])}`);
    expect(edges).toContain("main.raw.orders → 100");
    expect(edges).toHaveLength(8);
    const few = await ask.overview({ limit: 3 });
    expect(few.partial).toBe(true);
    expect(few.nodes.name).toContain("main.silver.orders");
    expect(few.edges.from.every((place) => place < 3)).toBe(true);
  });

  it("compares two dates", async () => {
    const diff = await ask.diff({ from: "2026-10-05", to: "2026-11-20", limit: 50 });
    expect(diff.counts).toEqual({ added: 7, removed: 1, changed: 0, same: 1, nodesAdded: 6, nodesRemoved: 1 });
    expect(diff.removed.map(({ fromNode, toNode }) => [fromNode.name, toNode.name])).toEqual([
      ["main.raw.orders", "400"],
    ]);
    const near = await ask.diff({ from: "2026-10-05", to: "2026-11-20", limit: 50, node: "main.mart.gl" });
    expect(near.counts).toMatchObject({ added: 1, removed: 0 });
  });

  it("says what the sources saw and where it cannot be whole", async () => {
    const coverage = await ask.coverage();
    expect(coverage).toMatchObject({
      firstDay: "2026-10-01",
      lastDay: "2026-11-20",
      counts: { sure: 5, likely: 1, unsure: 2 },
    });
    expect(coverage.sources.map(({ source, days }) => [source, days])).toEqual([
      ["events", 1],
      ["logs", 2],
    ]);
    expect(coverage.sources[1]?.missingDays).toHaveLength(49);
    expect(coverage.warnings.map(({ code, source }) => [code, source])).toContainEqual(["gap", "logs"]);
    expect(coverage.days.reduce((sum, { requests }) => sum + requests, 0)).toBe(10 * 9 + 100);
  });

  it("answers from what was written last, also for a date it has answered before", async () => {
    const own = await setting.open(await setting.target());
    const questions = openQuestions({ store: own.lineage, now: () => now });
    await expect(questions.trace("s.a", { direction: "down" })).rejects.toMatchObject({
      code: "not_found",
      hint: expect.stringContaining("headgate lineage ingest"),
    });
    expect((await questions.coverage()).warnings).toMatchObject([{ code: "no_data" }]);
    await seeEdges(own, [{ job: "1", table: "s.a" }]);
    expect((await questions.trace("s.a", { direction: "down" })).counts.nodes).toBe(1);
    await seeEdges(own, [
      { job: "1", table: "s.a" },
      { job: "2", table: "s.a" },
    ]);
    expect((await questions.trace("s.a", { direction: "down" })).counts.nodes).toBe(2);
    const [a, b] = (await own.lineage.upsertNodes([jobKey("1"), jobKey("2")])) as [number, number];
    await own.lineage.writeCanon([{ node: b, canon: a }]);
    expect((await questions.trace("s.a", { direction: "down" })).counts.nodes).toBe(1);
  });
});
