/** Modes of a process and its watermarks by hand. */
import { expect, it } from "vitest";
import { onBothStores } from "../stores.ts";
import { at, declareHr, world } from "./world.ts";

const HR = { projectCode: "CORP", processLoad: "HR" };
const SINCE = { ...HR, parameterName: "since" };

await onBothStores("modes and watermarks", (setting) => {
  it("bulk clears what is new for one process only, and can be undone", async () => {
    const { runs } = await world(setting);
    await declareHr(runs);
    await declareHr(runs, "OTHER");
    await runs.setWatermark({ ...SINCE, value: "2026-11-01T00:00:00Z" });
    await runs.setWatermark({ ...SINCE, processLoad: "OTHER", value: "2026-11-01" });
    expect(await runs.setProcessingMode({ ...HR, isBulkMode: true })).toMatchObject({
      mode: "bulk",
      watermarks: [{ name: "since", before: "2026-11-01T00:00:00.000Z", after: null }],
    });
    expect(await runs.getActiveWatermark(SINCE)).toMatchObject({
      activeValue: "1900-01-01 00:00:00.000",
      isBulk: true,
    });
    expect(await runs.getActiveWatermark({ ...SINCE, processLoad: "OTHER" })).toMatchObject({
      activeValue: "2026-10-31 23:59:00.000",
    });
    expect(await runs.setProcessingMode({ ...HR, mode: "live", restore: true })).toMatchObject({
      mode: "live",
      watermarks: [{ name: "since", after: "2026-11-01T00:00:00.000Z" }],
    });
  });

  it("historic runs a past date, leaves watermarks alone, and ends with the run", async () => {
    const { runs } = await world(setting);
    await declareHr(runs);
    await expect(runs.setProcessingMode({ ...HR, isHistoricMode: true })).rejects.toMatchObject({
      code: "input_invalid",
    });
    expect(await runs.setProcessingMode({ ...HR, isHistoricMode: true, processingDate: "2026-01-05" })).toMatchObject({
      mode: "historic",
      historicDate: "2026-01-05",
    });
    const { processingDate } = await runs.generateExecutionSteps("h", "CORP", "HR");
    expect(processingDate).toBe("2026-01-05");
    for (const task of [at(1), at(2), at(3), at(4), at(5, 2)]) {
      const { processingDate: _today, ...ref } = { ...task, executionId: "h" };
      await runs.startTask(ref);
      await runs.endTask(ref);
    }
    expect(await runs.getMode(HR)).toMatchObject({ mode: "live" });
    expect(await runs.getActiveWatermark(SINCE)).toMatchObject({ value: null });
    expect(await runs.getActiveWatermark({ ...HR, parameterName: "SYSDT" })).toMatchObject({
      activeValue: "2026-11-20",
    });
    expect(await runs.check()).toMatchObject({ differing: [], verdicts: [] });
  });

  it("a mode that has run out is live again", async () => {
    const { runs, clock } = await world(setting);
    await declareHr(runs);
    await runs.setProcessingMode({
      ...HR,
      mode: "historic",
      historicDate: "2026-01-05",
      until: "2026-11-20T06:00:00Z",
    });
    const shown = async () => (await runs.views.v_watermarks()).find((row) => row.ParameterName === "SYSDT");
    expect(await shown()).toMatchObject({ ActiveValue: "2026-01-05", WatermarkState: "HISTORIC: 2026-01-05" });
    clock.turn(3_600_000);
    expect(await runs.getMode(HR)).toMatchObject({ mode: "live", historicDate: null });
    expect(await shown()).toMatchObject({ ActiveValue: "2026-11-20", WatermarkState: "LIVE DATE" });
    expect(await runs.generateExecutionSteps("x", "CORP", "HR")).toMatchObject({ processingDate: "2026-11-20" });
  });

  it("watermarks advance forwards only, are set anyhow, and roll back with a preview", async () => {
    const { runs } = await world(setting);
    await declareHr(runs);
    expect(await runs.advanceWatermark({ ...SINCE, value: "2026-11-10" })).toMatchObject({ moved: true });
    expect(await runs.advanceWatermark({ ...SINCE, value: "2026-11-10" })).toMatchObject({ moved: false });
    await expect(runs.advanceWatermark({ ...SINCE, value: "2026-11-09" })).rejects.toMatchObject({
      code: "not_forward",
    });
    await expect(runs.advanceWatermark({ ...SINCE, value: "soon" })).rejects.toMatchObject({ code: "input_invalid" });
    await expect(runs.setWatermark({ ...HR, parameterName: "SYSDT", value: "2026-01-01" })).rejects.toMatchObject({
      code: "input_invalid",
    });
    await runs.advanceWatermark({ ...HR, parameterName: "ids", value: "9223372036854775807" });
    await expect(
      runs.advanceWatermark({ ...HR, parameterName: "ids", value: "9223372036854775808" }),
    ).rejects.toMatchObject({
      code: "input_invalid",
    });
    await expect(runs.advanceWatermark({ ...HR, parameterName: "ids", value: "9" })).rejects.toMatchObject({
      code: "not_forward",
    });
    await runs.setWatermark({ ...SINCE, value: "2026-11-05", reason: "reread" });
    const history = await runs.watermarkHistory(SINCE);
    expect(history.map(({ before, after, cause, reason }) => [before, after, cause, reason])).toEqual([
      ["2026-11-10T00:00:00.000Z", "2026-11-05T00:00:00.000Z", "manual", "reread"],
      [null, "2026-11-10T00:00:00.000Z", "manual", null],
    ]);
    const back = { ...SINCE, beforeSeq: history[0]?.seq ?? 0 };
    expect(await runs.rollbackWatermark({ ...back, preview: true })).toMatchObject({
      moved: true,
      sentence: "since moves from 2026-11-05T00:00:00.000Z to 2026-11-10T00:00:00.000Z: 1 change back",
    });
    expect(await runs.getActiveWatermark(SINCE)).toMatchObject({ value: "2026-11-05T00:00:00.000Z" });
    await runs.rollbackWatermark(back);
    expect(await runs.getActiveWatermark(SINCE)).toMatchObject({ value: "2026-11-10T00:00:00.000Z" });
  });

  it("a value that the task gave its watermark itself stays", async () => {
    const { runs } = await world(setting);
    await declareHr(runs);
    await runs.startTask(at(2));
    await runs.advanceWatermark({
      ...SINCE,
      value: "2026-11-01",
      executionId: "r1",
      processingDate: "2026-11-20",
      workflowId: 1,
      taskId: 2,
    });
    expect((await runs.endTask(at(2))).watermarks).toEqual([]);
    expect(await runs.getActiveWatermark(SINCE)).toMatchObject({ value: "2026-11-01T00:00:00.000Z" });
  });
});
