/** What every run source keeps: nothing is left out, whenever it starts, ends, is repaired, or the reader dies. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabricksSetting } from "../../test/databricks-runs.ts";
import type { Run } from "../model/run.ts";
import { isOver, type RunBatch, type RunSource } from "./run-source.ts";

const HOUR = 3_600_000;

/** A platform of its own whose time stands still, with a source that reads it. */
interface RunSourceSetting {
  source: RunSource;
  /** The platform's time, milliseconds since 1970 UTC. */
  now(): number;
  advance(milliseconds: number): void;
  /** Starts a run of two tasks, `load` before `mart`, each of which takes as long. @returns its id */
  start(options?: { at?: number; taskMs?: number; fails?: boolean }): string;
  /** Runs the failed tasks of a run again; they succeed. */
  repair(runId: string): Promise<void>;
  close(): Promise<void>;
}

/** All batches of a pass. */
async function batchesOf(setting: RunSourceSetting, cursor?: string, since?: number): Promise<RunBatch[]> {
  const batches: RunBatch[] = [];
  for await (const batch of setting.source.read(cursor, { now: Date.now(), since })) batches.push(batch);
  return batches;
}

/** What a keeper of runs knows after batches: the last word on each run. */
function known(batches: readonly RunBatch[], before: ReadonlyMap<string, Run> = new Map()): Map<string, Run> {
  const runs = new Map(before);
  for (const batch of batches) for (const run of batch.runs) runs.set(run.runId, run);
  return runs;
}

const lastOf = (batches: readonly RunBatch[]): string => batches.at(-1)?.cursor ?? "";

/** Every implementation, over a platform of its own. */
const SOURCES: [name: string, open: () => Promise<RunSourceSetting>][] = [["databricks", openDatabricksSetting]];

describe.each(SOURCES)("%s is a run source", (_name, open) => {
  let setting: RunSourceSetting;
  beforeAll(async () => {
    setting = await open();
  });
  afterAll(() => setting.close());

  it("yields runs with their tasks, and goes on at its cursor", async () => {
    const first = setting.start();
    setting.advance(HOUR);
    const batches = await batchesOf(setting);
    const run = known(batches).get(first);
    expect(run).toMatchObject({ state: "done", tasks: [{ taskKey: "load", state: "done" }, { taskKey: "mart" }] });
    expect(run?.tasks[0]?.clusterId).toMatch(/./);
    expect(run?.tasks[0]?.url).toMatch(/^https?:/);

    const second = setting.start();
    setting.advance(HOUR);
    expect(known(await batchesOf(setting, lastOf(batches))).get(second)).toMatchObject({ state: "done" });
  });

  it("yields a run that was under way again when it is over, however long that takes", async () => {
    const long = setting.start({ taskMs: 30 * HOUR });
    setting.advance(HOUR);
    const before = await batchesOf(setting);
    expect(known(before).get(long)).toMatchObject({ state: "running" });
    setting.advance(24 * HOUR);
    const between = await batchesOf(setting, lastOf(before));
    expect(known(between).get(long)).toMatchObject({ state: "running" });
    setting.advance(72 * HOUR);
    const after = await batchesOf(setting, lastOf(between));
    expect(known(after).get(long)).toMatchObject({ state: "done" });
    expect(known(await batchesOf(setting, lastOf(after))).has(long)).toBe(false);
  });

  it("yields a run again that was repaired after it had been read", async () => {
    const failed = setting.start({ fails: true });
    setting.advance(HOUR);
    const before = await batchesOf(setting);
    expect(known(before).get(failed)).toMatchObject({ state: "failed" });
    setting.advance(50 * HOUR);
    const between = await batchesOf(setting, lastOf(before));
    await setting.repair(failed);
    const during = await batchesOf(setting, lastOf(between));
    expect(known(during).get(failed)).toMatchObject({ state: "running" });
    setting.advance(HOUR);
    const after = known(await batchesOf(setting, lastOf(during))).get(failed);
    expect(after).toMatchObject({ state: "done" });
    const loads = after?.tasks.filter(({ taskKey }) => taskKey === "load") ?? [];
    expect(loads.map(({ attempt, state }) => [attempt, state]).sort()).toEqual([
      [0, "failed"],
      [1, "done"],
    ]);
  });

  it("sees a repair that began and ended between two passes", async () => {
    const failed = setting.start({ fails: true });
    setting.advance(HOUR);
    const before = await batchesOf(setting);
    setting.advance(30 * HOUR);
    await setting.repair(failed);
    setting.advance(HOUR);
    expect(known(await batchesOf(setting, lastOf(before))).get(failed)).toMatchObject({ state: "done" });
  });

  it("loses nothing when the reader dies after any batch", async () => {
    const begin = setting.now();
    for (let day = 0; day < 3; day += 1) {
      for (let run = 0; run < 40; run += 1) setting.start();
      setting.start({ taskMs: 60 * HOUR });
      setting.advance(24 * HOUR);
    }
    const whole = await batchesOf(setting, undefined, begin);
    const all = [...known(whole).values()].filter(({ startedAt }) => Date.parse(startedAt ?? "") >= begin);
    expect(all).toHaveLength(123);
    expect(whole.length).toBeGreaterThan(3);
    for (let died = 0; died <= whole.length; died += 1) {
      const kept = known(whole.slice(0, died));
      const cursor = whole[died - 1]?.cursor;
      const rest = await batchesOf(setting, cursor, begin);
      const found = known(rest, kept);
      expect(all.filter(({ runId }) => !found.has(runId))).toEqual([]);
    }
    // Under way at the crash, over at the next reading.
    setting.advance(200 * HOUR);
    for (const { cursor } of whole) {
      const open = all.filter((run) => !isOver(run));
      const found = known(await batchesOf(setting, cursor), known(whole));
      expect(open.filter(({ runId }) => !isOver(found.get(runId) ?? { state: "running" }))).toEqual([]);
    }
  });

  it("begins where it is told, and never before what the platform keeps", async () => {
    const early = setting.start();
    setting.advance(5 * HOUR);
    const late = setting.start();
    setting.advance(HOUR);
    const found = known(await batchesOf(setting, undefined, setting.now() - 2 * HOUR));
    expect([found.has(early), found.has(late)]).toEqual([false, true]);
  });

  it("keeps batches small", async () => {
    for (const { runs } of await batchesOf(setting)) expect(runs.length).toBeLessThanOrEqual(100);
  });

  it("refuses a cursor that is none", async () => {
    await expect(batchesOf(setting, "yesterday")).rejects.toMatchObject({ code: "input_invalid" });
  });
});
