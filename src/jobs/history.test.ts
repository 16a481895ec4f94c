import { describe, expect, it } from "vitest";
import type { HistoryEntry } from "../model/state.ts";
import { historyItems } from "./history.ts";

const entry = (serial: number, action: string, settings: HistoryEntry["settings"]): HistoryEntry => ({
  resource: "a",
  serial,
  at: "2026-11-21T06:00:00.000Z",
  actor: "anna",
  commit: null,
  action,
  jobId: "1",
  settings,
});

describe("historyItems", () => {
  it("shows of each definition what changed to the one before it, all of it ours", () => {
    const items = historyItems([
      entry(4, "delete", { name: "J", max_concurrent_runs: 2 }),
      entry(3, "update", { name: "J", max_concurrent_runs: 2 }),
      entry(2, "update", { name: "J", description: "d", timeout_seconds: 0 }),
      entry(1, "create", { name: "J" }),
    ]);
    expect(items.map(({ serial, action, fields }) => [serial, action, fields])).toEqual([
      [4, "delete", []],
      [
        3,
        "update",
        [
          { path: "max_concurrent_runs", kind: "declared", before: 1, after: 2 },
          { path: "description", kind: "declared", before: "d" },
        ],
      ],
      [2, "update", [{ path: "description", kind: "declared", after: "d" }]],
      [1, "create", []],
    ]);
  });

  it("looks past entries without a definition", () => {
    const items = historyItems([
      entry(3, "create", { name: "new" }),
      entry(2, "delete", null),
      entry(1, "create", { name: "old" }),
    ]);
    expect(items[0]?.fields).toEqual([{ path: "name", kind: "declared", before: "old", after: "new" }]);
    expect(items[1]?.fields).toEqual([]);
  });
});
