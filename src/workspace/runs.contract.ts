/** What every JobsWorkspace promises about runs, tried over HTTP on the fake. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type FakeWorkspace, startFakeWorkspace } from "../../test/fake-workspace.ts";
import type { Run } from "../model/run.ts";

const START = Date.parse("2026-11-02T00:00:00Z");
const HOUR = 3_600_000;

let world: FakeWorkspace;
beforeAll(async () => {
  world = await startFakeWorkspace({ clock: { start: START, speed: 0 } });
});
afterEach(() => {
  world.fake.control.removeFaults();
});
afterAll(() => world.fake.close());

const task = (task_key: string, ...after: string[]) => ({
  task_key,
  notebook_task: { notebook_path: `/etl/${task_key}` },
  depends_on: after.map((key) => ({ task_key: key })),
});

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

const ids = (runs: Run[]) => runs.map(({ runId }) => runId).sort();

test("a run is started once per token, also when its answer is lost, and ends in one of our words", async () => {
  const { workspace, fake } = world;
  const jobId = await workspace.createJob({ name: "two", tasks: [task("read"), task("load", "read")] });
  fake.control.addFault({ path: "/run-now$", fault: { kind: "drop-after" } });
  const runId = await workspace.runNow(jobId, { token: "t-1" });
  expect(await workspace.runNow(jobId, { token: "t-1" })).toBe(runId);
  expect(ids(await all(workspace.listRuns({ jobId, activeOnly: true })))).toEqual([runId]);
  expect(BigInt(runId) > 2n ** 53n).toBe(true);
  fake.control.clock({ advance: HOUR });
  const run = await workspace.getRun(runId);
  expect(run).toMatchObject({
    runId,
    jobId,
    name: "two",
    state: "done",
    code: "SUCCESS",
    creator: "admin@example.com",
  });
  expect(run?.durationMs).toBeGreaterThan(0);
  expect(run?.tasks.map(({ taskKey, state, dependsOn }) => [taskKey, state, dependsOn])).toEqual([
    ["read", "done", []],
    ["load", "done", ["read"]],
  ]);
  expect(await all(workspace.listRuns({ jobId, activeOnly: true }))).toEqual([]);
});

test("a failed task makes the run failed with its message, and what comes after it skipped", async () => {
  const { workspace, fake } = world;
  const jobId = await workspace.createJob({ name: "red", tasks: [task("read"), task("load", "read")] });
  const behaviours = { read: { outcome: "fail" as const } };
  const { runId } = fake.control.startRun({ jobId, behaviours });
  fake.control.clock({ advance: HOUR });
  const run = await workspace.getRun(runId);
  expect(run).toMatchObject({ state: "failed", code: "RUN_EXECUTION_ERROR", trigger: "PERIODIC" });
  expect(run?.message).toContain("read");
  expect(run?.tasks.map(({ taskKey, state }) => [taskKey, state])).toEqual([
    ["read", "failed"],
    ["load", "skipped"],
  ]);
});

test("a run that hit its time limit is failed, one that somebody cancelled is cancelled", async () => {
  const { workspace, fake } = world;
  const jobId = await workspace.createJob({ name: "ends", tasks: [task("a")] });
  const state = async (outcome: "timeout" | "cancel") => {
    const { runId } = fake.control.startRun({ jobId, behaviours: { a: { outcome } } });
    fake.control.clock({ advance: HOUR });
    return (await workspace.getRun(runId))?.tasks[0]?.state;
  };
  expect(await state("timeout")).toBe("failed");
  expect(await state("cancel")).toBe("cancelled");
});

test("a window is paged to its end, each run once; a limit ends it early, in one request", async () => {
  const { workspace, fake } = world;
  const jobId = await workspace.createJob({ name: "often", tasks: [task("a")] });
  const now = fake.control.clock().now;
  const runs = Array.from({ length: 130 }, (_, i) => ({ jobId, at: now - (130 - i) * HOUR }));
  const { runIds } = fake.control.insertRuns({ runs });
  expect(ids(await all(workspace.listRuns({ jobId })))).toEqual([...runIds].sort());
  const window = { jobId, startedFrom: now - 50 * HOUR, startedTo: now - 11 * HOUR };
  expect(ids(await all(workspace.listRuns(window)))).toEqual(runIds.slice(80, 120).sort());
  fake.control.clearRequests();
  const last = await all(workspace.listRuns({ jobId, limit: 8 }));
  expect(ids(last)).toEqual(runIds.slice(-8).sort());
  expect(fake.control.requests({})).toHaveLength(1);
  expect(last[0]?.tasks).toEqual([]);
  const whole = await all(workspace.listRuns({ jobId, limit: 1, expandTasks: true }));
  expect(whole[0]?.tasks).toHaveLength(1);
});

test("a run of 230 tasks is read whole, by get and by list", async () => {
  const { workspace, fake } = world;
  const tasks = Array.from({ length: 230 }, (_, i) => task(`t${i}`));
  const jobId = await workspace.createJob({ name: "wide", tasks });
  const { runId } = fake.control.startRun({ jobId });
  const run = await workspace.getRun(runId);
  expect(new Set(run?.tasks.map(({ taskKey }) => taskKey)).size).toBe(230);
  const [listed] = await all(workspace.listRuns({ jobId, expandTasks: true }));
  expect(new Set(listed?.tasks.map(({ taskKey }) => taskKey)).size).toBe(230);
});

test("a run that is not there is undefined", async () => {
  expect(await world.workspace.getRun("1")).toBeUndefined();
});
