/** Why a run is red or waits, in sentences that name step, time and reason. */
import { describe, expect, it } from "vitest";
import { causesOf, type TableRead } from "../../src/across/cause.ts";
import type { StoredStep } from "../../src/model/step.ts";
import { queuedStep, tinyCommand } from "../tiny-transition.ts";

const NOW = Date.parse("2026-11-21T06:30:00.000Z");

/** A step of a run that began at 04:00. */
function step(taskId: number, sequenceId: number, taskName: string, changes: Partial<StoredStep> = {}): StoredStep {
  const made = queuedStep(
    tinyCommand("START"),
    { workflowId: 1, taskId, sequenceId, taskName },
    "2026-11-21T04:00:00.000Z",
  );
  return {
    ...made,
    sortOrder: sequenceId,
    runNumber: 1,
    lastUpdatedOn: "2026-11-21T04:00:00.000Z",
    lastUpdatedBy: "anna",
    version: 1,
    ...changes,
  };
}

const done: Partial<StoredStep> = { status: "DONE", phase: "ENDED", endTime: "2026-11-21T04:10:00.000Z" };
const failed: Partial<StoredStep> = {
  status: "FAIL",
  phase: "ENDED",
  endTime: "2026-11-21T04:18:00.000Z",
  logMessage: "connection timeout\n  at Socket",
};
const running: Partial<StoredStep> = { phase: "RUNNING", startTime: "2026-11-21T05:30:00.000Z" };

const sentences = (steps: StoredStep[], reads: TableRead[] = []) =>
  causesOf({ steps, reads, now: NOW, timezone: "Europe/London" }).map(({ kind, sentence }) => [kind, sentence]);

describe("the cause of a red run", () => {
  it("names the step that failed, and who waits for it", () => {
    const steps = [
      step(1, 2, "Load orders", failed),
      step(2, 2, "Load items", done),
      step(3, 3, "Dimensions"),
      step(4, 6, "Mart"),
    ];
    expect(sentences(steps)).toEqual([
      ["failed", "Load orders (stage 2) failed 04:18: connection timeout"],
      ["waits", "Dimensions (stage 3) waits for Load orders (stage 2), which failed 04:18: connection timeout"],
      ["waits", "Mart (stage 6) waits for Load orders (stage 2), which failed 04:18: connection timeout"],
    ]);
  });

  it("gives what it rests on", () => {
    const [, waits] = causesOf({
      steps: [
        step(1, 2, "Load", { ...failed, attempt: 0 }),
        step(1, 2, "Load", { ...failed, attempt: 1 }),
        step(2, 3, "Mart"),
      ],
      now: NOW,
      timezone: "UTC",
    });
    expect(waits).toMatchObject({ workflowId: 1, taskId: 2, evidence: ["step 1/2 attempt 0", "step 1/1 attempt 1"] });
  });

  it("puts many that wait for the same into one sentence", () => {
    const waiting = [1, 2, 3, 4, 5].map((id) => step(10 + id, 3, `Table ${id}`));
    expect(sentences([step(1, 2, "Load", { ...failed, logCode: "LOST", logMessage: null }), ...waiting])[1]).toEqual([
      "waits",
      "Table 1, Table 2, Table 3 and 2 more (stage 3) wait for Load (stage 2), which was lost 04:18",
    ]);
  });

  it("says of an optional step that it is, and lets nobody wait for it", () => {
    expect(sentences([step(1, 2, "Feed", { ...failed, taskMandatory: false }), step(2, 3, "Mart", done)])).toEqual([
      ["failed", "Feed (stage 2), which is optional, failed 04:18: connection timeout"],
    ]);
  });

  it("names what runs, and says when it takes longer than expected", () => {
    const steps = [step(1, 2, "Load", { ...running, expectedSeconds: 900 }), step(2, 3, "Mart")];
    expect(sentences(steps)).toEqual([
      ["running", "Load (stage 2) has been running for 1 h 00 m, where 15 m 00 s are expected"],
      ["waits", "Mart (stage 3) waits for Load (stage 2), which has been running since 05:30"],
    ]);
  });

  it("has none for a run that is whole, and for one that has just begun", () => {
    expect(sentences([step(1, 2, "Load", done), step(2, 3, "Mart", done)])).toEqual([]);
    expect(sentences([step(1, 2, "Load")])).toEqual([]);
    expect(sentences([step(1, 2, "Load", done), step(2, 3, "Mart", { phase: "SKIPPED" })])).toEqual([]);
  });

  it("names the table that a red step reads, and who did not write it", () => {
    const read: TableRead = {
      workflowId: 1,
      taskId: 1,
      table: "silver.orders",
      lastWritten: "2026-11-19T06:30:00.000Z",
      asOf: null,
      writers: [{ name: "orders_ingest", state: "failed", at: "2026-11-21T02:00:00.000Z", message: "no rows" }],
    };
    const steps = [step(1, 2, "Load", failed)];
    expect(sentences(steps, [read]).at(-1)).toEqual([
      "table",
      "silver.orders was last written 2 d 00 h ago by orders_ingest, which failed 02:00: no rows",
    ]);
    const unseen = { ...read, lastWritten: null };
    expect(sentences(steps, [unseen]).at(-1)?.[1]).toBe(
      "silver.orders was never seen being written; it is written by orders_ingest, which failed 02:00: no rows",
    );
  });

  it("says nothing of tables that are fresh, and of those that only good steps read", () => {
    const fresh: TableRead = {
      workflowId: 1,
      taskId: 1,
      table: "silver.orders",
      lastWritten: "2026-11-21T03:00:00.000Z",
      asOf: null,
      writers: [{ name: "orders_ingest", state: "done", at: "2026-11-21T03:00:00.000Z", message: null }],
    };
    expect(sentences([step(1, 2, "Load", failed)], [fresh]).map(([kind]) => kind)).toEqual(["failed"]);
    expect(sentences([step(1, 2, "Load", done)], [{ ...fresh, lastWritten: null }])).toEqual([]);
  });
});
