/** What the page asks about runs, over HTTP and over both stores: grid, timeline, watermarks, a rollback that is only looked at. */
import { afterEach, expect, it } from "vitest";
import type { RunsGridTasksView, RunsGridView, RunTimelineView } from "../../src/model/view-runs.ts";
import { discover } from "../../src/runs/observe/discovered.ts";
import { ask, start, stopAll } from "../../src/server/testing/start.ts";
import { onBothStores } from "../stores.ts";
import { declareHr, minutes, type World, world } from "./world.ts";

const DAY = "2026-11-20";
const at = (taskId: number, workflowId = 1, executionId = "r1", processingDate = DAY) => ({
  projectCode: "CORP",
  processLoad: "HR",
  processingDate,
  executionId,
  workflowId,
  taskId,
});

await onBothStores("the page's questions about runs", (setting) => {
  afterEach(stopAll);

  async function open(): Promise<
    World & { get: <T>(path: string) => Promise<T>; status: (path: string) => Promise<number> }
  > {
    const opened = await world(setting);
    const server = await start({ deps: { runs: opened.runs, clock: opened.clock } });
    await declareHr(opened.runs);
    return {
      ...opened,
      get: async <T>(path: string) => (await ask(server, `/api/v1${path}`)).json() as T,
      status: async (path) => (await ask(server, `/api/v1${path}`)).status,
    };
  }

  it("are answered with one letter a day, newest attempts first, over all runs of the day", async () => {
    const { runs, clock, get } = await open();
    await runs.generateExecutionSteps("r0", "CORP", "HR", "2026-11-18");
    await runs.endTask(at(1, 1, "r0", "2026-11-18"));
    await runs.failTask({ ...at(2, 1, "r0", "2026-11-18"), logMessage: "no file" });
    await runs.generateExecutionSteps("r1", "CORP", "HR", DAY);
    await runs.failTask({ ...at(1), logMessage: "once" });
    await runs.statusReset({ ...at(1), reason: "again" });
    await runs.startTask(at(1));
    clock.turn(minutes(5));
    await runs.endTask(at(1));
    await runs.startTask(at(2));
    await runs.failTask({ ...at(3), logMessage: "optional" });

    const grid = await get<RunsGridView>("/runs/grid?from=2026-11-17&to=2026-11-20");
    expect(grid).toMatchObject({ from: "2026-11-17", to: DAY, count: 1, next: null, verdicts: { ok: 1 } });
    expect(grid.items[0]).toMatchObject({
      projectCode: "CORP",
      processLoad: "HR",
      owner: "HR team",
      day: DAY,
      discovered: false,
      tasks: 5,
      states: ".f.r",
      attempts: [3, 2],
    });
    const { tasks } = await get<RunsGridTasksView>("/runs/grid/CORP/HR?from=2026-11-18&to=2026-11-20");
    expect(tasks.map((task) => [task.name, task.mandatory, task.states, task.attempts])).toEqual([
      ["Load 1", true, "l.d", [2, 2]],
      ["Load 2", true, "f.r", []],
      ["Load 3", false, "w.f", []],
      ["Load 4", true, "w.w", []],
      ["Load 5", true, "w.w", []],
    ]);
  });

  it("find by words and verdict, page by page", async () => {
    const { runs, get, status } = await open();
    for (const load of ["A", "B", "C"]) await declareHr(runs, load);
    const first = await get<RunsGridView>("/runs/grid?limit=2");
    expect(first.items.map((item) => item.processLoad)).toEqual(["A", "B"]);
    const second = await get<RunsGridView>(`/runs/grid?limit=2&cursor=${first.next}`);
    expect([second.items.map((item) => item.processLoad), second.next]).toEqual([["C", "HR"], null]);
    expect((await get<RunsGridView>("/runs/grid?q=corp%2Fb%20hr")).items.map((item) => item.processLoad)).toEqual([
      "B",
    ]);
    expect((await get<RunsGridView>("/runs/grid?verdict=failed")).count).toBe(0);
    expect(await status("/runs/grid?from=2020-01-01&to=2026-11-20")).toBe(422);
    expect(await status("/runs/grid?from=2026-11-21&to=2026-11-20")).toBe(422);
    expect(await status("/runs/grid/CORP/NONE")).toBe(404);
  });

  it("show one run on a time axis: expected times, forecast, what it waits for; and the newest of the day unasked", async () => {
    const { runs, clock, get, status } = await open();
    await runs.generateExecutionSteps("r0", "CORP", "HR", DAY);
    await runs.cancel({
      projectCode: "CORP",
      processLoad: "HR",
      processingDate: DAY,
      executionId: "r0",
      reason: "wrong",
    });
    await runs.generateExecutionSteps("r1", "CORP", "HR", DAY);
    await runs.startTask({ ...at(1), sourceRunId: "77", sourceUrl: "https://example.com/77" });
    clock.turn(minutes(4));
    const run = await get<RunTimelineView>(`/runs/timeline?projectCode=CORP&processLoad=HR&processingDate=${DAY}`);
    expect(run).toMatchObject({
      executionId: "r1",
      runs: [{ executionId: "r1" }, { executionId: "r0" }],
      watermarks: ["ids", "since"],
      readyAt: "2026-11-20T05:40:00.000Z",
      unknown: 0,
      causes: [{ kind: "running", workflowId: 1, taskId: 1 }],
    });
    expect(run.stages.map((stage) => stage.tasks.map((task) => [task.name, task.state, task.expectedMs]))).toEqual([
      [["Load 1", "running", 600_000]],
      [
        ["Load 2", "waiting", 600_000],
        ["Load 3", "waiting", 600_000],
      ],
      [["Load 4", "waiting", 600_000]],
      [["Load 5", "waiting", 600_000]],
    ]);
    expect(run.stages[0]?.tasks[0]?.attempts).toMatchObject([
      { state: "running", sourceRunId: "77", url: "https://example.com/77" },
    ]);
    const other = await get<RunTimelineView>("/runs/timeline?projectCode=CORP&processLoad=HR&executionId=r0");
    expect([other.processingDate, other.stages[0]?.tasks[0]?.state]).toEqual([DAY, "cancelled"]);
    expect(await status(`/runs/timeline?projectCode=CORP&processLoad=HR&processingDate=${DAY}&executionId=r9`)).toBe(
      404,
    );
    const none = await get<RunTimelineView>("/runs/timeline?projectCode=CORP&processLoad=HR&processingDate=2026-11-19");
    expect(none).toMatchObject({ executionId: null, stages: [], causes: [], endedAt: null });
  });

  it("tell what a rollback would do, and do nothing", async () => {
    const { runs, clock, get } = await open();
    const of = { projectCode: "CORP", processLoad: "HR", parameterName: "since" };
    await runs.setWatermark({ ...of, value: "2026-11-18T00:00:00Z", reason: "first" });
    clock.turn(minutes(10));
    await runs.setWatermark({ ...of, value: "2026-11-20T00:00:00Z" });
    clock.turn(minutes(60));
    const { items } = await runs.watermarks({ projectCode: "CORP", processLoad: "HR" });
    const mark = items.find((one) => one.name === "since");
    expect(mark).toMatchObject({
      value: "2026-11-20T00:00:00.000Z",
      activeValue: "2026-11-19 23:59:00.000",
      lagMs: minutes(6 * 60 + 10),
      usualLagMs: null,
      tasks: [{ name: "Load 2" }, { name: "Load 3" }],
    });
    const seq = mark?.history[0]?.seq;
    const path = `/runs/watermarks/rollback?projectCode=CORP&processLoad=HR&parameterName=since&beforeSeq=${seq}`;
    expect(await get(path)).toMatchObject({
      before: "2026-11-20T00:00:00.000Z",
      after: "2026-11-18T00:00:00.000Z",
      moved: true,
      againMs: minutes(48 * 60),
      tasks: ["Load 2", "Load 3"],
    });
    const after = await runs.watermarks({ projectCode: "CORP", processLoad: "HR" });
    expect(after.items).toEqual(items);
  });

  it("show jobs that nobody declared, and say so", async () => {
    const { store, runs, get } = await open();
    const task = {
      attempt: 0,
      state: "done",
      platformState: "TERMINATED",
      message: undefined,
      startedAt: undefined,
    } as const;
    const found = discover(
      {
        runId: "9",
        jobId: "1",
        name: "Till / reconcile",
        trigger: undefined,
        state: "done",
        platformState: "TERMINATED",
        code: undefined,
        message: undefined,
        startedAt: undefined,
        endedAt: undefined,
        durationMs: 0,
        url: undefined,
        creator: undefined,
        tasks: [
          {
            ...task,
            runId: "10",
            taskKey: "load",
            endedAt: undefined,
            clusterId: undefined,
            url: undefined,
            dependsOn: [],
          },
        ],
      },
      "retail",
      "UTC",
    );
    const by = { actor: "collector", project: "retail" };
    await store.runs.catalogue.declareSequences(found.sequences, by);
    await store.runs.catalogue.declareProcesses([found.process], by);
    await store.runs.catalogue.declareTasks(found.tasks, by);
    const [one] = found.tasks;
    const ref = {
      projectCode: "retail",
      processLoad: found.process.processLoad,
      processingDate: DAY,
      executionId: "dbx-9",
    };
    await runs.endTask({ ...ref, workflowId: 1, taskId: one?.taskId ?? 0 });
    const grid = await get<RunsGridView>(`/runs/grid?from=${DAY}&to=${DAY}&q=till`);
    expect(grid.items).toMatchObject([{ discovered: true, states: "d", tasks: 1, verdict: "ok" }]);
    const path = `/runs/grid/retail/${encodeURIComponent(found.process.processLoad)}?from=${DAY}&to=${DAY}`;
    expect((await get<RunsGridTasksView>(path)).tasks).toMatchObject([{ name: "load", states: "d" }]);
  });
});
