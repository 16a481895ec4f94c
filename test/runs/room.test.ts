/** The runs room over both stores: the story of a day, and what is refused. */
import { expect, it } from "vitest";
import { onBothStores } from "../stores.ts";
import { at, declareHr, minutes, RUN, world } from "./world.ts";

await onBothStores("the runs room", (setting) => {
  it("takes a run from its steps to its end, and moves watermarks", async () => {
    const { runs, clock } = await world(setting);
    await declareHr(runs);
    const made = await runs.generateExecutionSteps("r1", "CORP", "HR", "2026-11-20");
    expect(made).toMatchObject({ runNumber: 1, generated: 5, total: 5, leftOut: [], replayed: false });
    expect(await runs.generateExecutionSteps("r1", "CORP", "HR", "2026-11-20")).toMatchObject({
      replayed: true,
      generated: 0,
    });
    const pending = await runs.getPendingTasks(RUN);
    expect(pending.items.map((task) => task.taskId)).toEqual([1]);

    const started = await runs.startTask({ ...at(1), sourceRunId: "77" });
    expect(started).toMatchObject({
      attempt: 0,
      phase: "RUNNING",
      startTime: "2026-11-20T05:00:00.000Z",
      watermark: null,
    });
    clock.turn(minutes(3));
    expect(await runs.endTask({ ...at(1), logMessage: "fine" })).toMatchObject({ status: "DONE", watermarks: [] });
    expect((await runs.getPendingTasks(RUN)).stages.map((stage) => stage.map((task) => task.taskId))).toEqual([[2, 3]]);

    const two = await runs.startTask(at(2));
    expect(two.watermark).toEqual({
      name: "since",
      type: "DELTA_DATE",
      activeValue: "1900-01-01 00:00:00.000",
      value: null,
      isBulk: true,
    });
    clock.turn(minutes(1));
    await runs.startTask(at(3));
    clock.turn(minutes(1));
    expect((await runs.endTask(at(2))).watermarks).toEqual([]);
    expect((await runs.endTask(at(3))).watermarks).toEqual([
      { name: "since", before: null, after: "2026-11-20T05:03:00.000Z" },
    ]);
    await runs.startTask(at(4));
    expect((await runs.endTask({ ...at(4), watermark: "9007199254740993" })).watermarks).toEqual([
      { name: "ids", before: null, after: "9007199254740993" },
    ]);
    await runs.startTask(at(5, 2));
    await runs.endTask(at(5, 2));
    expect(await runs.views.v_processStatus({})).toMatchObject([
      { OverallStatus: "DONE", RunState: "COMPLETE", Done: 5, Pending: 0, Failed: 0 },
    ]);
    expect(await runs.check()).toMatchObject({ differing: [], verdicts: [] });
    expect(
      await runs.getActiveWatermark({ projectCode: "CORP", processLoad: "HR", parameterName: "since" }),
    ).toMatchObject({
      activeValue: "2026-11-20 05:02:00.000",
      value: "2026-11-20T05:03:00.000Z",
    });
  });
});
