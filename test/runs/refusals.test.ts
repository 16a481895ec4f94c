/** What the runs room says no to, what it takes for a repeat, and what it leaves out of a run. */
import { describe, expect, it } from "vitest";
import { onBothStores } from "../stores.ts";
import { at, declareHr, minutes, RUN, world } from "./world.ts";

const CORP = { projectCode: "CORP", processLoad: "HR" };
const generate = (runs: Awaited<ReturnType<typeof world>>["runs"], executionId = "r1", options: object = {}) =>
  runs.generateExecutionSteps(executionId, "CORP", "HR", "2026-11-20", options);

await onBothStores("the runs room refuses", (setting) => {
  it("what is not declared, with the nearest name, and what cannot be read", async () => {
    const { runs } = await world(setting);
    await declareHr(runs);
    await expect(runs.generateExecutionSteps("r1", "CORP", "HRR")).rejects.toMatchObject({
      code: "unknown_process",
      hint: "Did you mean CORP/HR?",
    });
    await expect(runs.startTask(at(99))).rejects.toMatchObject({ code: "unknown_task" });
    await expect(runs.startTask({ ...at(1), processLoad: "NO" })).rejects.toMatchObject({ code: "unknown_process" });
    await expect(runs.startTask({ ...at(1), processingDate: "20 Nov" })).rejects.toMatchObject({
      code: "input_invalid",
      data: { issues: [{ path: "processingDate" }] },
    });
    await expect(runs.getActiveWatermark({ ...CORP, parameterName: "sinse" })).rejects.toMatchObject({
      code: "unknown_parameter",
      hint: "Did you mean since?",
    });
    await expect(
      runs.registerTask("CORP", "NO", { workflowId: 1, taskId: 1, sequenceId: 1, name: "x" }),
    ).rejects.toMatchObject({
      code: "not_found",
    });
    await runs.registerProcess("CORP", "EMPTY");
    await expect(runs.generateExecutionSteps("r1", "CORP", "EMPTY")).rejects.toMatchObject({ code: "nothing_to_run" });
    await expect(runs.registerProcess("CORP", "ZONE", { timezone: "Europe/Londn" })).rejects.toMatchObject({
      code: "input_invalid",
      hint: "Did you mean Europe/London?",
    });
  });

  it("a second start by another run with the holder's name, and says of repeats that they are", async () => {
    const { runs } = await world(setting);
    await declareHr(runs);
    await generate(runs);
    await runs.startTask({ ...at(1), sourceRunId: "77" });
    expect(await runs.startTask({ ...at(1), sourceRunId: "77" })).toMatchObject({ replayed: true, attempt: 0 });
    await expect(runs.startTask({ ...at(1), sourceRunId: "78" })).rejects.toMatchObject({
      code: "already_running",
      data: { holder: { sourceRunId: "77" } },
    });
    const key = { idempotencyKey: "k1" };
    const first = await runs.endTask(at(1), key);
    expect(await runs.endTask({ ...at(1), logMessage: "other" }, key)).toEqual({ ...first, replayed: true });
    // The same key for another verb or task is another call.
    await expect(runs.failTask(at(1), key)).rejects.toMatchObject({ code: "already_done" });
    await expect(runs.failTask(at(1), key)).rejects.toMatchObject({ code: "already_done" });
    expect(await runs.startTask(at(2), key)).toMatchObject({ taskId: 2, replayed: false });
  });

  it("nothing of a task that ends without a start, or without a run: it makes the rows", async () => {
    const { runs } = await world(setting);
    await declareHr(runs);
    expect(await runs.endTask(at(2))).toMatchObject({ status: "DONE", startInferred: true, watermarks: [] });
    expect(await generate(runs)).toMatchObject({ generated: 4, total: 5, replayed: false });
    expect((await runs.getStatus({ executionId: "r1" })).map((row) => [row.TaskID, row.Status])).toEqual([
      [0, "RQUE"],
      [1, "NQUE"],
      [2, "DONE"],
      [3, "NQUE"],
      [4, "NQUE"],
      [5, "NQUE"],
    ]);
    expect(await runs.check()).toMatchObject({ differing: [], verdicts: [] });
  });

  it("an end after midnight nothing: it belongs to the evening's run", async () => {
    const { runs, clock } = await world(setting);
    await declareHr(runs);
    clock.turn(minutes(18 * 60 + 50));
    const { processingDate: _day, ...ref } = at(1);
    await runs.startTask(ref);
    clock.turn(minutes(20));
    expect(await runs.endTask(ref)).toMatchObject({ processingDate: "2026-11-20", status: "DONE" });
  });

  describe("to do again", () => {
    it("what an unfinished run of the day has done, unless told", async () => {
      const { runs } = await world(setting);
      await declareHr(runs);
      await generate(runs);
      await runs.startTask(at(1));
      await runs.endTask(at(1));
      await runs.startTask(at(2));
      await runs.failTask({ ...at(2), logMessage: "connection timeout" });
      expect(await generate(runs, "r2")).toMatchObject({
        runNumber: 2,
        generated: 4,
        leftOut: [{ taskId: 1, why: "done_before", doneOn: "2026-11-20", doneBy: "r1" }],
      });
      expect(await generate(runs, "r3", { carryForward: false })).toMatchObject({ generated: 5, leftOut: [] });
      // The failure of the first run is superseded by the newest.
      expect((await runs.getBlockers({})).items.map((row) => [row.TaskID, row.ExecutionID, row.BlockReason])).toEqual([
        [1, "r3", "PENDING"],
      ]);
    });

    it("what is due once a month, and what runs only when it is asked for", async () => {
      const { runs } = await world(setting);
      await runs.registerProcess("CORP", "HR");
      const task = { workflowId: 1, sequenceId: 2 };
      await runs.registerTask("CORP", "HR", {
        ...task,
        taskId: 1,
        name: "Monthly",
        loadFrequency: "M",
        fileNameMask: "gl",
        fileExtension: ".csv",
      });
      await runs.registerTask("CORP", "HR", { ...task, taskId: 2, name: "By hand", loadFrequency: "A" });
      const first = await runs.generateExecutionSteps("a", "CORP", "HR", "2026-11-03");
      expect(first).toMatchObject({ generated: 1, leftOut: [{ taskId: 2, why: "only_when_asked" }] });
      const ref = { ...CORP, executionId: "a", workflowId: 1, taskId: 1 };
      expect(await runs.startTask(ref)).toMatchObject({ fullFileName: "gl_202611.csv", processingDate: "2026-11-03" });
      await runs.endTask(ref);
      expect(await runs.generateExecutionSteps("b", "CORP", "HR", "2026-11-30")).toMatchObject({
        generated: 0,
        leftOut: [{ taskId: 1, why: "not_due", doneOn: "2026-11-03", doneBy: "a" }, { taskId: 2 }],
      });
      expect(
        await runs.generateExecutionSteps("c", "CORP", "HR", "2026-11-30", { force: ["1/1", "1/2"] }),
      ).toMatchObject({
        generated: 2,
        leftOut: [],
      });
      expect(await runs.generateExecutionSteps("d", "CORP", "HR", "2026-12-01")).toMatchObject({ generated: 1 });
    });
  });

  it("to reset what did not fail, but a replay with a reason sets watermarks back too", async () => {
    const { runs, clock } = await world(setting);
    await declareHr(runs);
    await generate(runs);
    for (const [id, workflow] of [
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 1],
      [5, 2],
    ] as const) {
      await runs.startTask(at(id, workflow));
      clock.turn(1_000);
      await runs.endTask(at(id, workflow));
    }
    expect(await runs.statusReset(RUN)).toMatchObject({ count: 0 });
    await expect(runs.statusReset({ ...RUN, workflowId: 1, taskId: 2 })).rejects.toMatchObject({
      code: "already_done",
    });
    await expect(runs.statusReset({ ...RUN, replay: true })).rejects.toMatchObject({ code: "input_invalid" });
    const again = await runs.statusReset({
      projectCode: "CORP",
      processLoad: "HR",
      processingDate: "2026-11-20",
      replay: true,
      rollbackWatermarks: true,
      reason: "the source was wrong",
    });
    expect(again).toMatchObject({ count: 5, watermarks: [{ name: "since", after: null }] });
    expect(await runs.canAdvance(RUN)).toMatchObject({ advance: false, sentence: "Load 1 (1/1) waits (attempt 2)" });
    expect((await runs.watermarkHistory({ ...CORP, parameterName: "since" })).map((one) => one.cause)).toEqual([
      "reset",
      "auto",
    ]);
    expect(await runs.check()).toMatchObject({ differing: [], verdicts: [] });
  });
});
