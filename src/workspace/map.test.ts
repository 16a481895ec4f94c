/** Jobs and runs of the wire in headgate's words. */
import { expect, test } from "vitest";
import { jobOf, runOf } from "./map.ts";

test("a job keeps its settings as they came and its id as text", () => {
  const settings = { name: "n", tasks: [{ task_key: "a", run_job_task: { job_id: 9007199254740993n } }], newer: 1 };
  const job = jobOf({ job_id: 9007199254740993n, created_time: 1_700_000_000_123, run_as_user_name: "a@x", settings });
  expect(job).toEqual({
    jobId: "9007199254740993",
    creator: undefined,
    createdAt: "2023-11-14T22:13:20.123Z",
    runAs: "a@x",
    settings,
  });
});

test("a finished run with its tasks", () => {
  const run = runOf({
    run_id: 5,
    job_id: 1,
    run_name: "nightly",
    trigger: "PERIODIC",
    start_time: 1_700_000_000_000,
    end_time: 1_700_000_060_000,
    setup_duration: 0,
    run_duration: 61_000,
    run_page_url: "https://w/r/5",
    state: { life_cycle_state: "INTERNAL_ERROR", result_state: "FAILED", state_message: "Task load failed" },
    status: {
      state: "TERMINATED",
      termination_details: { code: "RUN_EXECUTION_ERROR", type: "CLIENT_ERROR", message: "Task load failed" },
    },
    tasks: [
      {
        run_id: 6,
        task_key: "load",
        attempt_number: 1,
        depends_on: [{ task_key: "read" }],
        cluster_instance: { cluster_id: "1121-abc" },
        state: { life_cycle_state: "TERMINATED", result_state: "FAILED" },
      },
    ],
  });
  expect(run).toMatchObject({
    runId: "5",
    state: "failed",
    platformState: "TERMINATED/RUN_EXECUTION_ERROR",
    code: "RUN_EXECUTION_ERROR",
    message: "Task load failed",
    durationMs: 61_000,
    startedAt: "2023-11-14T22:13:20.000Z",
    tasks: [
      { taskKey: "load", attempt: 1, state: "failed", platformState: "TERMINATED/FAILED", clusterId: "1121-abc" },
    ],
  });
  expect(run.tasks[0]?.dependsOn).toEqual(["read"]);
});

test("a run that goes on has neither end nor duration", () => {
  const run = runOf({
    run_id: 5,
    start_time: 1_700_000_000_000,
    end_time: 0,
    run_duration: 0,
    status: { state: "RUNNING" },
  });
  expect(run).toMatchObject({ state: "running", endedAt: undefined, durationMs: 0 });
});

test("without run_duration the times or the three parts make it", () => {
  const done = { status: { state: "TERMINATED", termination_details: { code: "SUCCESS", type: "SUCCESS" } } };
  expect(runOf({ run_id: 1, start_time: 1_000, end_time: 4_000, ...done }).durationMs).toBe(3_000);
  const parts = { setup_duration: 1, execution_duration: 2, cleanup_duration: 3 };
  expect(runOf({ run_id: 1, ...parts, ...done }).durationMs).toBe(6);
});
