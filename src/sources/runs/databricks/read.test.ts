/** The databricks run source asks no more than it must (the contract: `src/sources/run-source.contract.ts`). */
import { describe, expect, it } from "vitest";
import { openDatabricksSetting } from "../../../../test/databricks-runs.ts";
import { formatCursor, KEPT_MS, OVERLAP_MS, parseCursor, REPAIR_EVERY_MS, slicesOf } from "./cursor.ts";

const START = Date.UTC(2026, 10, 1);
const MINUTE = 60_000;

describe("the databricks run source", () => {
  it("asks two lists for a quiet pass", async () => {
    const setting = await openDatabricksSetting();
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
    const setting = await openDatabricksSetting();
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
