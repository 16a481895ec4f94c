/** What every store must do about leases, our own silence, observations and logs. */
import { expect, it } from "vitest";
import { onBothStores } from "../../test/stores.ts";
import { tinyCommand, tinyTransition } from "../../test/tiny-transition.ts";
import type { Observation, SysLogLine } from "./runs.ts";
import { effectiveEnd } from "./sql/runs/leases.ts";

const minute = (n: number) => `2026-11-21T06:${String(n).padStart(2, "0")}:00.000Z`;

it("adds to a lease every gap of ours that it lived through, overlapping ones once", () => {
  const end = (...gaps: [number, number][]) =>
    effectiveEnd(
      minute(0),
      minute(5),
      gaps.map(([from, to]) => ({ from: minute(from), to: minute(to) })),
    );
  expect(end()).toBe(minute(5));
  expect(end([1, 3])).toBe(minute(7));
  expect(end([1, 3], [2, 4])).toBe(minute(8));
  expect(end([1, 3], [1, 3])).toBe(minute(7));
  // Begun before the last heartbeat: only what lies after it counts.
  expect(effectiveEnd(minute(2), minute(5), [{ from: minute(0), to: minute(4) }])).toBe(minute(7));
  // A gap that begins in the time another one added.
  expect(end([1, 3], [6, 10])).toBe(minute(11));
  // Over before the gap began.
  expect(end([5, 30])).toBe(minute(5));
});

const observation = (id: string, more: Partial<Observation> = {}): Observation => ({
  projectCode: "CORP",
  processLoad: "HR_DAILY",
  processingDate: "2026-11-21",
  executionId: "observed",
  workflowId: 1,
  taskId: 1,
  source: "databricks",
  observationId: id,
  attempt: 0,
  status: null,
  phase: "RUNNING",
  precedence: 1,
  platformTime: minute(1),
  startTime: minute(0),
  endTime: null,
  code: null,
  message: null,
  platformRunId: "9223372036854775807",
  url: null,
  ...more,
});

const line = (key: string, message: string): SysLogLine => ({
  key,
  processingDate: "2026-11-21",
  projectCode: "CORP",
  processLoad: "HR_DAILY",
  sourceType: "ADF",
  runId: "r",
  executionId: "e",
  correlationId: null,
  pipelineName: "load",
  activityName: null,
  operationName: "PipelineRun",
  level: 3,
  logTime: minute(1),
  message,
});

await onBothStores("leases and observations", (setting, store) => {
  it("gives a lease with a start, prolongs it by heartbeats, tells when it is over, and ends it with the end", async () => {
    let now = Date.parse(minute(0));
    const own = await setting.open(await setting.target(), { clock: { now: () => now, sleep: async () => {} } });
    const { runs } = own;
    const on = (type: string, payload: object = {}) =>
      tinyCommand(type, {
        executionId: "l",
        workflowId: 1,
        taskId: 1,
        payload: payload as never,
        sourceRunId: "host-1",
      });
    const key = {
      projectCode: "CORP",
      processLoad: "HR_DAILY",
      processingDate: "2026-11-21",
      executionId: "l",
      workflowId: 1,
      taskId: 1,
    };
    await runs.append(
      [
        tinyCommand("GENERATE", { executionId: "l", payload: { tasks: [{ workflowId: 1, taskId: 1 }] } }),
        on("START", { leaseUntil: minute(5) }),
      ],
      tinyTransition,
    );
    expect(await runs.expiredLeases(minute(4))).toEqual([]);
    now = Date.parse(minute(4));
    expect(await runs.heartbeat({ ...key, attempt: 0 }, minute(9))).toBe(true);
    expect(await runs.heartbeat({ ...key, attempt: 0 }, minute(6))).toBe(true);
    expect(await runs.heartbeat({ ...key, attempt: 1 }, minute(20))).toBe(false);
    expect(await runs.expiredLeases(minute(8))).toEqual([]);
    expect(await runs.expiredLeases(minute(9))).toMatchObject([
      { ...key, attempt: 0, number: 1, holder: "host-1", beatAt: minute(4), expiresAt: minute(9) },
    ]);

    // Our server was silent from 4 to 10: nobody could have renewed the lease in that time.
    await runs.serverBeat("one", 60_000);
    now = Date.parse(minute(10));
    await runs.serverBeat("one", 60_000);
    expect(await runs.expiredLeases(minute(14))).toEqual([]);
    expect(await runs.expiredLeases(minute(15))).toMatchObject([{ expiresAt: minute(15) }]);

    await runs.append([on("FAIL"), on("RESET")], tinyTransition);
    expect(await runs.expiredLeases(minute(59))).toEqual([]);
    expect(await runs.heartbeat({ ...key, attempt: 0 }, minute(30))).toBe(false);
    await runs.append([on("START", { leaseUntil: minute(20) })], tinyTransition);
    expect(await runs.expiredLeases(minute(20))).toMatchObject([{ attempt: 1, number: 2 }]);
  });

  it("notes the silence of a server as a gap, also over a restart", async () => {
    let now = Date.parse(minute(0));
    const own = await setting.open(await setting.target(), { clock: { now: () => now, sleep: async () => {} } });
    const { runs } = own;
    expect(await runs.serverBeat("one", 60_000)).toEqual({ unbrokenSince: minute(0) });
    now += 30_000;
    expect(await runs.serverBeat("one", 60_000)).toEqual({ unbrokenSince: minute(0) });
    now = Date.parse(minute(7));
    expect(await runs.serverBeat("two", 60_000)).toEqual({ unbrokenSince: minute(7) });
    expect(await runs.serverBeat("one", 60_000)).toEqual({ unbrokenSince: minute(7) });
    expect(await runs.serverGaps(minute(0))).toEqual([
      { server: "one", from: "2026-11-21T06:00:30.000Z", to: minute(7) },
    ]);
    expect(await runs.serverGaps(minute(8))).toEqual([]);
  });

  it("merges observations to the same row in whatever order they come, once each", async () => {
    const all = [
      observation("a"),
      observation("b", { platformTime: minute(3) }),
      observation("c", { status: "DONE", phase: "ENDED", precedence: 5, platformTime: minute(2) }),
      observation("d", { status: "FAIL", phase: "ENDED", precedence: 5, platformTime: minute(2), source: "adf" }),
      observation("e", { attempt: 1, precedence: 0, platformTime: minute(0) }),
      observation("f", { taskId: 2 }),
    ];
    const orders = [all, [...all].reverse(), [3, 0, 5, 4, 1, 2].map((n) => all[n] as Observation)];
    const results: unknown[] = [];
    for (const [n, order] of orders.entries()) {
      const executionId = `order-${n}`;
      const mine = order.map((one) => ({ ...one, executionId, observationId: `${n}-${one.observationId}` }));
      expect(await store().runs.observe(mine)).toBe(6);
      expect(await store().runs.observe(mine.slice(2))).toBe(0);
      const rows = await store().runs.observed({ executionId });
      results.push(rows.map((row) => ({ ...row, executionId: "", observationId: row.observationId.slice(2) })));
      expect(rows.map((row) => row.observationId.slice(2))).toEqual(["e", "f"]);
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  it("shows what a platform says beside the step, without touching the step", async () => {
    const executionId = "beside";
    await store().runs.append(
      [tinyCommand("GENERATE", { executionId, payload: { tasks: [{ workflowId: 1, taskId: 1 }] } })],
      tinyTransition,
    );
    await store().runs.observe([
      observation("late", { executionId, status: "FAIL", phase: "ENDED", code: "CLUSTER_ERROR" }),
    ]);
    expect(await store().runs.views.v_taskDetail({ executionId })).toMatchObject([
      {
        Status: "NQUE",
        Phase: "QUEUED",
        ObservedStatus: "FAIL",
        ObservedPhase: "ENDED",
        ObservedCode: "CLUSTER_ERROR",
      },
    ]);
  });

  it("adds log lines once by key, finds them by text, numbers them by itself", async () => {
    const target = await setting.target();
    const own = await setting.open(target);
    await own.runs.log([line("k1", "Copy failed: 100% of _x"), line("k2", "ok")]);
    await own.runs.log([line("k1", "again"), line("k3", "COPY FAILED too")]);
    expect((await own.runs.logs({})).map((one) => one.key)).toEqual(["k1", "k2", "k3"]);
    expect((await own.runs.logs({ contains: "copy failed" })).map((one) => one.key)).toEqual(["k1", "k3"]);
    expect((await own.runs.logs({ contains: "100% of _x" })).map((one) => one.key)).toEqual(["k1"]);
    expect(await own.runs.logs({ contains: "100x" })).toEqual([]);
    expect(await own.runs.logs({ executionId: "other" })).toEqual([]);
    const ids = await setting.query(target, 'select "_ID" as id from "ETLsysLogs" order by "_ID"');
    expect(new Set(ids.map((row) => Number(row.id))).size).toBe(3);
  });
});
