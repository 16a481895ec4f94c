/** Collecting the runs of a workspace: what ends up in the store, whatever ran. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { onBothStores } from "../stores.ts";
import { HOUR, MINUTE, openPlatform, type Platform, START, task } from "./platform.ts";

await onBothStores("collecting runs", (setting) => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await openPlatform(await setting.open());
  });
  afterAll(() => platform.fake.close());

  const rowsOf = async (processLoad: string, executionId?: string) =>
    (await platform.room.steps({ processLoad, executionId })).filter(({ taskId }) => taskId !== 0);
  const brief = async (processLoad: string, executionId?: string) =>
    (await rowsOf(processLoad, executionId))
      .sort(
        (a, b) =>
          a.sequenceId - b.sequenceId || `${a.taskName}`.localeCompare(`${b.taskName}`) || a.attempt - b.attempt,
      )
      .map(({ taskName, attempt, status, phase, logCode }) => [taskName, attempt, status, phase, logCode]);

  it("shows a job that nobody declared, with the platform's times, and goes on with what it reads next", async () => {
    const jobId = platform.job({
      name: "Nightly sales",
      tasks: [task("load"), task("clean", ["load"]), task("mart", ["clean"])],
    });
    const runId = platform.start(jobId);
    platform.advance(5.5 * MINUTE);
    const first = await platform.observe();
    expect(first).toMatchObject({ runs: 1, open: 1, discovered: ["retail/Nightly sales"], contradictions: [] });
    const during = await brief("Nightly sales");
    expect(during[0]).toEqual(["load", 0, "DONE", "ENDED", null]);
    expect(during[1]).toEqual(["clean", 0, "NQUE", "RUNNING", null]);

    platform.advance(HOUR);
    const second = await platform.observe();
    expect(second).toMatchObject({ runs: 1, open: 0, discovered: [], refused: 0 });
    const steps = await rowsOf("Nightly sales");
    expect(steps.map(({ status, phase }) => [status, phase])).toEqual(Array(3).fill(["DONE", "ENDED"]));
    const load = steps.find(({ taskName }) => taskName === "load");
    expect(load).toMatchObject({
      executionId: `dbx-${runId}`,
      processingDate: "2026-11-01",
      startTime: new Date(START).toISOString(),
      startInferred: false,
      durationMs: 3 * MINUTE,
      sourceUrl: expect.stringContaining("http"),
      clusterId: expect.stringMatching(/./),
      lastUpdatedBy: "collector",
    });
    const stages = steps.map(({ taskName, sequenceId }) => [taskName, sequenceId]).sort();
    expect(stages).toEqual([
      ["clean", 1001],
      ["load", 1000],
      ["mart", 1002],
    ]);
    const third = await platform.observe();
    expect(third).toMatchObject({ fresh: 0, commands: 0, refused: 0 });
  });

  it("keeps the lines of what began and ended in ETLsysLogs", async () => {
    const logs = await platform.room.logs({ processLoad: "Nightly sales" });
    expect(logs.filter(({ operationName }) => operationName === "PipelineRun").map(({ message }) => message)).toEqual([
      "Nightly sales started (PERIODIC)",
      "Nightly sales done after 9 m 00 s",
    ]);
    expect(logs).toHaveLength(8);
    expect(logs[0]).toMatchObject({ sourceType: "DBX", pipelineName: "Nightly sales", level: 1 });
  });

  it("makes attempts of repairs and retries, and waits with what never ran", async () => {
    const jobId = platform.job({
      name: "Flaky",
      tasks: [task("load"), task("retried", [], { max_retries: 1 }), task("mart", ["load", "retried"])],
    });
    platform.fake.control.addBehaviour({
      jobName: "Flaky",
      taskKey: "load",
      attempt: 0,
      behaviour: { outcome: "fail", message: "connection timeout" },
    });
    platform.fake.control.addBehaviour({
      jobName: "Flaky",
      taskKey: "retried",
      attempt: 0,
      behaviour: { outcome: "fail", message: "spot loss" },
    });
    const runId = platform.start(jobId);
    platform.advance(HOUR);
    await platform.observe();
    expect(await brief("Flaky")).toEqual([
      ["load", 0, "FAIL", "ENDED", "RUN_EXECUTION_ERROR"],
      ["retried", 0, "FAIL", "ENDED", "RUN_EXECUTION_ERROR"],
      ["retried", 1, "DONE", "ENDED", null],
      ["mart", 0, "NQUE", "SKIPPED", null],
    ]);
    const [failed] = await rowsOf("Flaky");
    expect((await rowsOf("Flaky")).find(({ status }) => status === "FAIL")?.logMessage).toBeTruthy();
    expect(failed?.executionId).toBe(`dbx-${runId}`);

    await platform.repair(runId);
    platform.advance(HOUR);
    await platform.observe();
    expect(await brief("Flaky")).toEqual([
      ["load", 0, "FAIL", "ENDED", "RUN_EXECUTION_ERROR"],
      ["load", 1, "DONE", "ENDED", null],
      ["retried", 0, "FAIL", "ENDED", "RUN_EXECUTION_ERROR"],
      ["retried", 1, "DONE", "ENDED", null],
      ["mart", 0, "DONE", "ENDED", null],
    ]);

    await platform.repair(runId, ["load"]);
    platform.advance(HOUR);
    await platform.observe();
    expect((await brief("Flaky")).filter(([name]) => name === "load").at(-1)).toEqual([
      "load",
      2,
      "DONE",
      "ENDED",
      null,
    ]);
    expect((await brief("Flaky")).filter(([name]) => name === "mart").at(-1)).toEqual([
      "mart",
      1,
      "DONE",
      "ENDED",
      null,
    ]);
  });

  it("finds the declared task of a notebook, a job, a job's task; on the day of the process's zone", async () => {
    await platform.room.registerProcess("CORP", "HR_DAILY", { timezone: "America/New_York" });
    const declare = (taskId: number, sourceType: string, sourceIdentifier: string) =>
      platform.room.registerTask("CORP", "HR_DAILY", {
        workflowId: 1,
        taskId,
        sequenceId: 2,
        name: `Task ${taskId}`,
        sourceType,
        sourceIdentifier,
      });
    await declare(1, "DBX_NOTEBOOK", "/Workspace/etl/employees.py");
    await declare(2, "DBX_JOB", "HR mart");
    await declare(3, "DBX_JOB", "HR mart/export");
    const job = platform.job({
      name: "HR mart",
      tasks: [task("employees"), task("export", ["employees"])],
    });
    const at = Date.UTC(2026, 10, 3, 3);
    platform.advance(at - platform.clock.now());
    const runId = platform.start(job);
    platform.advance(HOUR);
    const report = await platform.observe();
    expect(report.discovered).toEqual([]);
    const steps = await rowsOf("HR_DAILY");
    expect(
      steps.map(({ taskId, status, processingDate, executionId }) => [taskId, status, processingDate, executionId]),
    ).toEqual([1, 2, 3].map((taskId) => [taskId, "DONE", "2026-11-02", `dbx-${runId}`]));
  });

  it("waits for the jobs of a day that do not start, where a run is made of several", async () => {
    await platform.room.registerProcess("CORP", "SEVERAL", { timezone: "UTC" });
    for (const [taskId, sourceIdentifier] of ["First/load", "Second/mart"].entries()) {
      const details = { workflowId: 1, taskId, sequenceId: 2 + taskId, name: sourceIdentifier, sourceType: "DBX_JOB" };
      await platform.room.registerTask("CORP", "SEVERAL", { ...details, taskId: taskId + 1, sourceIdentifier });
    }
    const jobs = [
      platform.job({ name: "First", tasks: [task("load")] }),
      platform.job({ name: "Second", tasks: [task("mart")] }),
    ];
    platform.start(jobs[0] ?? "");
    platform.advance(HOUR);
    await platform.observe();
    expect(await brief("SEVERAL")).toEqual([
      ["First/load", 0, "DONE", "ENDED", null],
      ["Second/mart", 0, "NQUE", "QUEUED", null],
    ]);
    platform.start(jobs[1] ?? "");
    platform.advance(HOUR);
    await platform.observe();
    expect((await brief("SEVERAL")).map(([, , status]) => status)).toEqual(["DONE", "DONE"]);
  });

  it("joins what was told by the task itself: by the execution it was given, and by its run id", async () => {
    const job = platform.job({
      name: "Told",
      parameters: [
        { name: "execution_id", default: "" },
        { name: "processing_date", default: "" },
      ],
      tasks: [task("told")],
    });
    await platform.room.registerProcess("CORP", "TOLD", {});
    await platform.room.registerTask("CORP", "TOLD", {
      workflowId: 1,
      taskId: 1,
      sequenceId: 2,
      name: "Told",
      sourceType: "DBX_NOTEBOOK",
      sourceIdentifier: "/etl/told",
    });
    platform.start(job, { parameters: { execution_id: "adf-run-7", processing_date: "2026-10-31" } });
    const other = platform.start(job);
    const day = new Date(platform.clock.now()).toISOString().slice(0, 10);
    const ref = { projectCode: "CORP", processLoad: "TOLD", workflowId: 1, taskId: 1 };
    await platform.room.startTask({ ...ref, executionId: "own-8", processingDate: day, sourceRunId: other });
    platform.advance(HOUR);
    await platform.observe();
    expect(
      (await rowsOf("TOLD")).map(({ executionId, processingDate, status }) => [executionId, processingDate, status]),
    ).toEqual([
      ["adf-run-7", "2026-10-31", "DONE"],
      ["own-8", day, "DONE"],
    ]);
  });

  it("says where the platform and the task say different things, and leaves the step alone", async () => {
    const job = platform.job({ name: "Odd", tasks: [task("odd")] });
    await platform.room.registerProcess("CORP", "ODD", {});
    await platform.room.registerTask("CORP", "ODD", {
      workflowId: 1,
      taskId: 1,
      sequenceId: 2,
      name: "Odd",
      sourceType: "DBX_NOTEBOOK",
      sourceIdentifier: "/etl/odd",
    });
    platform.fake.control.addBehaviour({ jobName: "Odd", behaviour: { outcome: "fail", message: "after the end" } });
    const runId = platform.start(job);
    const day = new Date(platform.clock.now()).toISOString().slice(0, 10);
    const ref = {
      projectCode: "CORP",
      processLoad: "ODD",
      workflowId: 1,
      taskId: 1,
      executionId: "x",
      processingDate: day,
    };
    await platform.room.startTask({ ...ref, sourceRunId: runId });
    await platform.room.endTask(ref);
    platform.advance(HOUR);
    const report = await platform.observe();
    expect(report.contradictions).toEqual([
      expect.stringMatching(/^CORP\/ODD\/1\/1 of \S+ is DONE here, and FAIL on the platform: .*/),
    ]);
    expect((await rowsOf("ODD"))[0]).toMatchObject({ status: "DONE", lastUpdatedBy: "anna" });
  });

  it("replays to the same rows", async () => {
    const { differing, verdicts } = await platform.room.check();
    expect([differing, verdicts]).toEqual([[], []]);
  });
});
