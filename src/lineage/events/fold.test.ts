import { expect, it } from "vitest";
import { edgesInWords } from "../../../test/lineage/event-server.ts";
import { onBothStores } from "../../../test/stores.ts";
import type { Store } from "../../store/transaction.ts";
import { systemClock } from "../../util/clock.ts";
import { createEventFolder, type FoldStore } from "./fold.ts";
import { openEventIntake } from "./intake.ts";

/** Numbers that look random and are the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const copy = [...list];
  for (let at = copy.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [copy[at], copy[other]] = [copy[other] as T, copy[at] as T];
  }
  return copy;
}

const uuid = (number: number) => `01a1fd91-d866-706a-b6e7-${String(number).padStart(12, "0")}`;
const dataset = (name: string, facets = {}) => ({ namespace: "s3://lake", name, facets });

interface Told {
  run: number;
  job?: string;
  type: string;
  at: string;
  inputs?: string[];
  outputs?: string[];
  bytes?: number;
  parent?: { run: number; job: string };
}

function told({ run, job = "nightly", type, at, inputs = [], outputs = [], bytes = 0, parent }: Told): string {
  const facets = parent && {
    parent: { run: { runId: uuid(parent.run) }, job: { namespace: "lake", name: parent.job } },
  };
  const columns = (name: string) => ({
    columnLineage: {
      fields: { c: { inputFields: inputs.map((input) => ({ ...dataset(input), field: `${name}-${type}` })) } },
    },
  });
  return JSON.stringify({
    eventTime: at,
    producer: "https://example.com/producer",
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    eventType: type,
    run: { runId: uuid(run), facets },
    job: { namespace: "lake", name: job },
    inputs: inputs.map((name) => dataset(name)),
    outputs: outputs.map((name) => ({
      ...dataset(name, columns(name)),
      outputFacets: { outputStatistics: { size: bytes, fileCount: 1 } },
    })),
  });
}

/** Two nights of a job that is started by another, with all that goes wrong. */
const STORY = [
  told({ run: 9, job: "app", type: "START", at: "2026-11-20T23:00:00Z" }),
  told({
    run: 1,
    type: "START",
    at: "2026-11-20T23:50:00Z",
    inputs: ["a"],
    outputs: ["x"],
    parent: { run: 9, job: "app" },
  }),
  told({ run: 1, type: "RUNNING", at: "2026-11-20T23:55:00Z", inputs: ["a", "b"], outputs: ["x"], bytes: 10 }),
  told({ run: 1, type: "COMPLETE", at: "2026-11-21T00:10:00Z", inputs: ["b"], outputs: ["x", "y"], bytes: 70 }),
  // failed, and reported complete after it, on the same run
  told({ run: 2, type: "START", at: "2026-11-21T01:00:00Z", inputs: ["a"], outputs: ["x"] }),
  told({ run: 2, type: "FAIL", at: "2026-11-21T01:05:00Z" }),
  told({ run: 2, type: "COMPLETE", at: "2026-11-21T01:05:00.050Z" }),
  // no start
  told({ run: 3, type: "COMPLETE", at: "2026-11-21T02:00:00Z", inputs: ["a"], outputs: ["x"], bytes: 30 }),
  // the id of another job's run
  told({ run: 1, job: "other", type: "COMPLETE", at: "2026-11-21T02:00:00Z", inputs: ["x"] }),
  told({ run: 9, job: "app", type: "COMPLETE", at: "2026-11-21T03:00:00Z" }),
];

async function keepAndFold(store: Store, texts: readonly string[], cuts: readonly number[]): Promise<void> {
  const intake = openEventIntake(store.lineage);
  const folder = createEventFolder(store, systemClock, "test");
  let from = 0;
  for (const to of [...cuts, texts.length]) {
    await intake.found(texts.slice(from, to), "http");
    await folder.fold();
    from = to;
  }
}

/** Everything the graph knows, without ids and the order of arrival. */
async function pictureOf(store: Store): Promise<unknown> {
  const runs = [];
  for (const number of [1, 2, 3, 9]) runs.push(...(await store.lineage.findRuns(uuid(number))));
  const names = new Map(
    (await store.lineage.nodes(Array.from({ length: 50 }, (_, id) => id + 1))).map((node) => [node.id, node.name]),
  );
  const named = (text: string) => text.replace(/\b\d+\b/, (id) => names.get(Number(id)) ?? id);
  const days = (await store.lineage.sourceDays()).map(({ source, day, ruleset }) => ({ source, day, ruleset }));
  const columns = (await store.lineage.columnEdges({})).map(
    ({ from, to, ...column }) => `${names.get(from)} ${names.get(to)} ${JSON.stringify(column)}`,
  );
  return {
    today: await edgesInWords(store, "2026-11-21", 1),
    both: await edgesInWords(store, "2026-11-21", 2),
    columns: columns.sort(),
    days,
    runs: runs
      .map(({ jobNode, io, parent, ...run }) => {
        const { links, ...times } = io as { links: Record<string, unknown> };
        const linked = Object.entries(links).map(([key, value]) => [named(key), value] as const);
        return { ...run, ...times, job: names.get(jobNode), parent: parent && named(parent), links: new Map(linked) };
      })
      .sort((a, b) => `${a.job}${a.runId}`.localeCompare(`${b.job}${b.runId}`)),
  };
}

await onBothStores("events folded", (setting) => {
  it("in any order, in any batches, with repeats, make the same graph", async () => {
    const straight = await setting.open();
    await keepAndFold(straight, STORY, []);
    const expected = await pictureOf(straight);
    const random = seeded(7);
    for (let round = 0; round < 8; round++) {
      const store = await setting.open();
      const repeats = STORY.filter(() => random() < 0.3);
      const order = shuffled([...STORY, ...repeats], random);
      const cuts = order.map((_, index) => index).filter(() => random() < 0.3);
      await keepAndFold(store, order, cuts);
      expect(await pictureOf(store)).toEqual(expected);
    }
  });

  it("add up over the run; a failure wins; counts are of events, runs, and the most a run told", async () => {
    const store = await setting.open();
    await keepAndFold(store, STORY, [3]);
    const today = await edgesInWords(store, "2026-11-21", 1);
    const writes = today.find((line) => line.startsWith("job lake|nightly writes dataset s3://lake|x "));
    expect(JSON.parse(writes?.slice(writes.indexOf("{")) ?? "{}")).toEqual({
      sources: ["http"],
      attributions: ["exclusive"],
      requests: 3,
      runs: 3,
      files: 3,
      bytes: 100,
      commits: 0,
      firstAt: "2026-11-21T00:10:00.000Z",
      lastAt: "2026-11-21T02:00:00.000Z",
      confidence: 0.95,
      approximate: false,
    });
    const all = await edgesInWords(store, "2026-11-21", 2);
    expect(all.filter((line) => line.includes(" calls "))).toEqual([
      expect.stringContaining("job lake|app calls job lake|nightly"),
    ]);
    const [failed] = await store.lineage.findRuns(uuid(2));
    expect(failed).toMatchObject({ state: "FAIL" });
    const runs = await store.lineage.findRuns(uuid(1));
    expect(runs.map(({ state }) => state)).toEqual(["COMPLETE", "COMPLETE"]);
    expect(new Set(runs.map(({ parent }) => parent === null))).toEqual(new Set([true, false]));
  });

  it("are added once, when the process dies in the middle of it", async () => {
    const store = await setting.open();
    await openEventIntake(store.lineage).found(STORY, "http");
    let deaths = 0;
    const dying: FoldStore = {
      lineage: store.lineage,
      cursors: store.cursors,
      transaction: (work) =>
        store.transaction(async (doors) => {
          await work(doors);
          if (deaths++ < 2) throw new Error("killed");
          return undefined as never;
        }),
    };
    const folder = createEventFolder(dying, systemClock, "test");
    await expect(folder.fold()).rejects.toThrow("killed");
    expect(await edgesInWords(store, "2026-11-21", 2)).toEqual([]);
    await expect(folder.fold()).rejects.toThrow("killed");
    expect(await folder.fold()).toBe(STORY.length);
    expect(await folder.fold()).toBe(0);
    const straight = await setting.open();
    await keepAndFold(straight, STORY, []);
    expect(await pictureOf(store)).toEqual(await pictureOf(straight));
  });

  it("are added once by several that fold at the same time, while more come", async () => {
    const target = await setting.target();
    const store = await setting.open(target);
    const folders = [createEventFolder(store, systemClock, "one"), createEventFolder(store, systemClock, "two")];
    const intake = openEventIntake(store.lineage);
    await Promise.all([
      ...STORY.map(async (text) => {
        await intake.found([text], "http");
        await Promise.all(folders.map((folder) => folder.fold()));
      }),
    ]);
    const straight = await setting.open();
    await keepAndFold(straight, STORY, []);
    expect(await pictureOf(store)).toEqual(await pictureOf(straight));
  });

  it("pass over an event whose body was removed", async () => {
    const store = await setting.open();
    const intake = openEventIntake(store.lineage);
    await intake.found(STORY.slice(0, 4), "http");
    await store.lineage.purgeBodies("2099-01-01T00:00:00.000Z");
    await intake.found(STORY.slice(7, 8), "http");
    const folder = createEventFolder(store, systemClock, "test");
    expect(await folder.fold()).toBe(5);
    expect(await edgesInWords(store, "2026-11-21", 2)).toHaveLength(2);
  });
});
