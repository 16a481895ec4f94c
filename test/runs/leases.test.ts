/** Leases of running tasks: silence, loss, recovery, and the work between a start and an end. */
import { expect, it } from "vitest";
import { onBothStores } from "../stores.ts";
import { at, declareHr, minutes, RUN, type World, world } from "./world.ts";

/** Lets time pass as a server lives it: a sweep every half minute. */
async function pass({ clock, runs }: World, count: number, server = "s1") {
  const lost = [];
  for (let left = minutes(count); left > 0; left -= 30_000) {
    clock.turn(30_000);
    lost.push(...(await runs.sweepOnce(server)).lost);
  }
  return lost.map(({ taskId, attempt }) => [taskId, attempt]);
}

await onBothStores("a lease", (setting) => {
  it("that nobody renews ends in LOST, once, and the task's own late word recovers it", async () => {
    const one = await world(setting);
    const { runs, clock } = one;
    await declareHr(runs);
    await runs.generateExecutionSteps("r1", "CORP", "HR", "2026-11-20");
    expect(await runs.sweepOnce("s1")).toMatchObject({ judged: false });
    expect(await pass(one, 6)).toEqual([]);
    await runs.startTask({ ...at(1), sourceRunId: "77" });
    await runs.startTask({ ...at(2), leaseSeconds: 3_600 });
    expect(await pass(one, 4)).toEqual([]);
    expect(await runs.heartbeat({ ...at(1), metrics: { rows: 3 } })).toMatchObject({ alive: true, attempt: 0 });
    expect(await pass(one, 4)).toEqual([]);
    expect(await pass(one, 2)).toEqual([[1, 0]]);
    expect(await pass(one, 2)).toEqual([]);
    expect(await runs.heartbeat(at(1))).toMatchObject({ alive: false, leaseExpiresAt: null });
    expect((await runs.getBlockers({ executionId: "r1" })).sentences[0]).toBe(
      "CORP/HR 2026-11-20: Load 1 (1/1) was lost: Nothing was heard of 77 since 2026-11-20T05:10:00.000Z; stage 1/2 waits for it",
    );
    clock.turn(minutes(48 * 60));
    await expect(runs.endTask({ ...at(1), sourceRunId: "77" })).rejects.toMatchObject({ code: "already_failed" });
    expect(await runs.endTask({ ...at(1), sourceRunId: "77", spooled: true })).toMatchObject({
      status: "DONE",
      recoveredFromLost: true,
    });
    expect(await runs.canAdvance({ ...RUN, workflowId: 1, sequenceId: 1 })).toMatchObject({ advance: true });
    expect(await runs.check()).toMatchObject({ differing: [], verdicts: [] });
  });

  it("does not end while our own server was away, and two servers tell one loss", async () => {
    const one = await world(setting);
    const two = await world(setting, { target: one.target, clock: one.clock });
    await declareHr(one.runs);
    await pass(one, 6);
    await one.runs.startTask(at(1));
    await pass(one, 1);
    one.clock.turn(minutes(30));
    expect(await one.runs.sweepOnce("s1")).toMatchObject({ judged: false });
    expect(await pass(one, 3)).toEqual([]);
    for (let n = 0; n < 20; n++) {
      one.clock.turn(30_000);
      await Promise.all([one.runs.sweepOnce("s1"), two.runs.sweepOnce("s2")]);
    }
    const events = await one.store.runs.eventsAfter(0, 1_000);
    expect(events.filter((event) => event.type === "LOST")).toHaveLength(1);
    expect((await one.runs.getStatus({ taskId: 1, workflowId: 1 }))[0]).toMatchObject({
      Status: "FAIL",
      LogCode: "LOST",
    });
  });
});

await onBothStores("a task", (setting) => {
  it("is worked on between its start and its end, with heartbeats meanwhile", async () => {
    const one = await world(setting);
    const { runs, clock } = one;
    await declareHr(runs);
    const value = await runs.task(at(2), async (task) => {
      expect(task.watermark?.isBulk).toBe(true);
      task.progress({ rowsWritten: 41 });
      task.progress({ rowsWritten: 42 });
      clock.turn(minutes(2));
      // The heartbeat carries the progress; nothing else tells that it was heard.
      await expect
        .poll(async () => (await one.store.runs.eventsAfter(0, 1_000)).map((event) => event.type))
        .toContain("PROGRESS");
      task.setWatermark("2026-11-19T12:00:00Z");
      return "worked";
    });
    expect(value).toBe("worked");
    expect((await runs.getStatus({ taskId: 2 }))[0]).toMatchObject({ Status: "DONE", Metrics: { rowsWritten: 42 } });
    expect(
      await runs.getActiveWatermark({ projectCode: "CORP", processLoad: "HR", parameterName: "since" }),
    ).toMatchObject({
      value: "2026-11-19T12:00:00.000Z",
    });
  });

  it("fails with what was thrown, which is thrown on; skipped, it is not worked on", async () => {
    const { runs } = await world(setting);
    await declareHr(runs);
    const fault = new RangeError('it\'s "broken"\\ 🌙 \u0000');
    await expect(
      runs.task(at(1), () => {
        throw fault;
      }),
    ).rejects.toBe(fault);
    expect((await runs.getStatus({ taskId: 1, workflowId: 1 }))[0]).toMatchObject({
      Status: "FAIL",
      LogMessage: 'RangeError: it\'s "broken"\\ 🌙 \uFFFD',
    });
    await runs.skip({ ...at(3), reason: "bank holiday" });
    expect(await runs.task(at(3), () => "worked")).toBeUndefined();
  });

  it("that worked counts as such although nobody could be told", async () => {
    const { runs, warnings } = await world(setting);
    await declareHr(runs);
    const value = await runs.task(at(1), async (task) => {
      await runs.cancel({ ...RUN, reason: "stop" });
      expect(task.signal.aborted).toBe(false);
      return 7;
    });
    expect(value).toBe(7);
    expect(warnings).toEqual(["1/1 is done, and this could not be noted"]);
  });
});
