/** The databricks run source keeps the contract, and asks no more than it must. */
import { describe, expect, it } from "vitest";
import { startFakeWorkspace } from "../../../../test/fake-workspace.ts";
import { runSourceContract } from "../../run-source.contract.ts";
import { formatCursor, KEPT_MS, OVERLAP_MS, parseCursor, REPAIR_EVERY_MS, slicesOf } from "./cursor.ts";
import { openDatabricksRuns } from "./index.ts";

const START = Date.UTC(2026, 10, 1);
const MINUTE = 60_000;

async function openSetting() {
  const { fake, workspace } = await startFakeWorkspace({ clock: { start: START, speed: 0 } });
  const task = { notebook_task: { notebook_path: "/etl/load" }, new_cluster: { spark_version: "x", num_workers: 1 } };
  const { jobIds } = fake.control.seedJobs({
    jobs: [
      {
        name: "Nightly",
        max_concurrent_runs: 1_000,
        tasks: [
          { ...task, task_key: "load" },
          { ...task, task_key: "mart", depends_on: [{ task_key: "load" }] },
        ],
      },
    ],
  });
  const jobId = jobIds[0] ?? "";
  return {
    fake,
    workspace,
    source: openDatabricksRuns({ kind: "databricks" }, workspace),
    now: () => fake.control.clock({}).now as number,
    advance: (milliseconds: number) => void fake.control.clock({ advance: milliseconds }),
    start: ({ at, taskMs = MINUTE, fails = false }: { at?: number; taskMs?: number; fails?: boolean } = {}) => {
      if (fails) {
        fake.control.addBehaviour({ taskKey: "load", attempt: 0, times: 1, behaviour: { outcome: "fail" } });
      }
      const behaviours = fails ? {} : { behaviours: { "*": { durationMs: taskMs } } };
      return fake.control.startRun({ jobId, ...(at === undefined ? {} : { at }), ...behaviours }).runId;
    },
    repair: async (runId: string) => {
      const response = await fetch(`${fake.url}/api/2.2/jobs/runs/repair`, {
        method: "POST",
        headers: { authorization: `Bearer ${fake.token}`, "content-type": "application/json" },
        body: `{"run_id":${runId},"rerun_all_failed_tasks":true}`,
      });
      expect(response.status, await response.text()).toBe(200);
    },
    close: () => fake.close(),
  };
}

runSourceContract("databricks", openSetting);

describe("the databricks run source", () => {
  it("asks two lists for a quiet pass", async () => {
    const setting = await openSetting();
    try {
      let cursor: string | undefined;
      for await (const batch of setting.source.read(undefined, { now: Date.now() })) cursor = batch.cursor;
      setting.advance(MINUTE);
      setting.fake.control.clearRequests();
      for await (const batch of setting.source.read(cursor, { now: Date.now() })) expect(batch.runs).toEqual([]);
      expect(setting.fake.control.requests({ path: "/jobs/" })).toHaveLength(2);
    } finally {
      await setting.close();
    }
  });

  it("forgets a run that was deleted while it was under way", async () => {
    const setting = await openSetting();
    try {
      const runId = setting.start({ taskMs: 60 * MINUTE });
      setting.advance(MINUTE);
      let cursor = "";
      for await (const batch of setting.source.read(undefined, { now: Date.now() })) cursor = batch.cursor;
      expect(parseCursor(cursor).open).toEqual([runId]);
      setting.advance(10 * 60 * MINUTE);
      await fetch(`${setting.fake.url}/api/2.2/jobs/runs/delete`, {
        method: "POST",
        headers: { authorization: `Bearer ${setting.fake.token}`, "content-type": "application/json" },
        body: `{"run_id":${runId}}`,
      });
      for await (const batch of setting.source.read(cursor, { now: Date.now() })) cursor = batch.cursor;
      expect(parseCursor(cursor).open).toEqual([]);
    } finally {
      await setting.close();
    }
  });
});

describe("the cursor", () => {
  const cursor = { through: START, open: ["2", "10"], repairsAt: START };

  it("reads as it was written, in one form", () => {
    const text = formatCursor(cursor);
    expect(parseCursor(text)).toEqual({ ...cursor, open: ["10", "2"] });
    expect(formatCursor({ ...cursor, open: ["10", "2", "2"] })).toBe(text);
  });

  it("reads the last hours again, and the days of repairs now and then", () => {
    const soon = slicesOf(cursor, START + MINUTE);
    expect(soon).toEqual({ slices: [{ from: START - OVERLAP_MS, to: undefined }], repairs: false });
    const later = slicesOf(cursor, START + REPAIR_EVERY_MS);
    expect(later.repairs).toBe(true);
    expect(later.slices.length).toBeGreaterThan(5);
    expect(later.slices.at(-1)?.to).toBeUndefined();
  });

  it("leaves no gap between windows, and asks for nothing the platform has forgotten", () => {
    const now = START + 100 * 86_400_000;
    const { slices } = slicesOf(cursor, now);
    expect(slices[0]?.from).toBe(now - KEPT_MS);
    for (const [index, { from }] of slices.entries()) if (index > 0) expect(from).toBe(slices[index - 1]?.to);
  });
});
