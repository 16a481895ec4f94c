import { afterEach, describe, expect, it } from "vitest";
import { type JsonObject, objectsIn } from "../json.ts";
import { closeAfterEach, MINUTE, results, START, start, stateOf, task } from "./run-ground.ts";

closeAfterEach(afterEach);

describe("a run", () => {
  it("goes through its states in both vocabularies, task after task", async () => {
    const { job, run, read, pass } = await start({ startup: { clusterMs: 2 * MINUTE } });
    const cluster = { spark_version: "16.4.x", num_workers: 1 };
    const id = await run(
      job({
        name: "two steps",
        job_clusters: [{ job_cluster_key: "main", new_cluster: cluster }],
        tasks: [
          task("extract", [], { job_cluster_key: "main" }),
          task("load", ["extract"], { job_cluster_key: "main" }),
          task("own", [], { new_cluster: cluster }),
          task("shared", [], { existing_cluster_id: "0101-000000-existing" }),
        ],
      }),
    );
    const first = await read(id);
    expect(first).toMatchObject({
      run_name: "two steps",
      run_type: "JOB_RUN",
      trigger: "ONE_TIME",
      number_in_job: 1,
      creator_user_name: "anna@example.com",
      run_as_user_name: "anna@example.com",
      start_time: START,
      end_time: 0,
      state: { life_cycle_state: "RUNNING" },
      status: { state: "RUNNING" },
    });
    expect(results(first)).toEqual({ extract: "PENDING", load: "BLOCKED", own: "PENDING", shared: "RUNNING" });
    pass(3 * MINUTE);
    expect(results(await read(id))).toEqual({ extract: "SUCCESS", load: "RUNNING", own: "SUCCESS", shared: "SUCCESS" });
    pass(MINUTE);
    const done = await read(id);
    expect(done).toMatchObject({
      end_time: START + 4 * MINUTE,
      run_duration: 4 * MINUTE,
      state: { life_cycle_state: "TERMINATED", result_state: "SUCCESS" },
      status: { state: "TERMINATED", termination_details: { code: "SUCCESS", type: "SUCCESS" } },
    });
    const [extract, load, own, shared] = objectsIn(done.tasks);
    expect(extract).toMatchObject({ setup_duration: 2 * MINUTE, execution_duration: MINUTE, attempt_number: 0 });
    const clusterOf = (entry: JsonObject | undefined) =>
      (entry as { cluster_instance: JsonObject }).cluster_instance.cluster_id;
    expect(clusterOf(extract)).toMatch(/^1101-000000-[0-9a-z]{8}$/);
    expect(clusterOf(load)).toBe(clusterOf(extract));
    expect(clusterOf(own)).not.toBe(clusterOf(extract));
    expect(clusterOf(shared)).toBe("0101-000000-existing");
  });

  it("fails with the service's words when a task fails", async () => {
    const { control, job, run, read, pass, anna } = await start();
    control.addBehaviour({
      taskKey: "b",
      behaviour: { outcome: "fail", error: "ValueError: no rows", durationMs: 1000 },
    });
    const id = await run(
      job({ tasks: [task("a"), task("b", ["a"]), task("c", ["b"]), task("d", ["b"], { run_if: "ALL_DONE" })] }),
    );
    pass(3 * MINUTE);
    const failed = await read(id);
    expect(results(failed)).toEqual({ a: "SUCCESS", b: "FAILED", c: "UPSTREAM_FAILED", d: "SUCCESS" });
    expect(failed.state).toMatchObject({
      life_cycle_state: "INTERNAL_ERROR",
      result_state: "FAILED",
      state_message: expect.stringMatching(
        /^Task b failed with message: Workload failed, see run output for details\./,
      ),
    });
    expect(failed.status).toMatchObject({
      state: "TERMINATED",
      termination_details: { code: "RUN_EXECUTION_ERROR", type: "CLIENT_ERROR" },
    });
    const output = (taskRun: unknown) => anna.get(`/api/2.2/jobs/runs/get-output?run_id=${taskRun}`);
    expect((await output(objectsIn(failed.tasks)[1]?.run_id)).body).toMatchObject({
      error: "ValueError: no rows",
      metadata: { job_run_id: BigInt(id) },
    });
    const whole = await output(id);
    expect([whole.status, whole.body.error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
    const one = (await anna.get(`/api/2.2/jobs/runs/get?run_id=${objectsIn(failed.tasks)[1]?.run_id}`)).body;
    expect(one).toMatchObject({ task_key: "b", job_run_id: BigInt(id), state: { result_state: "FAILED" } });
  });

  it("ends with success if all leaves succeed although something failed", async () => {
    const { control, job, run, read, pass } = await start();
    control.addBehaviour({ taskKey: "a", behaviour: { outcome: "fail" } });
    const id = await run(job({ tasks: [task("a"), task("repairing", ["a"], { run_if: "AT_LEAST_ONE_FAILED" })] }));
    pass(2 * MINUTE);
    expect((await read(id)).state).toMatchObject({
      life_cycle_state: "TERMINATED",
      result_state: "SUCCESS_WITH_FAILURES",
    });
  });

  it.each([
    ["ALL_SUCCESS", "UPSTREAM_FAILED"],
    ["ALL_DONE", "SUCCESS"],
    ["NONE_FAILED", "UPSTREAM_FAILED"],
    ["AT_LEAST_ONE_SUCCESS", "SUCCESS"],
    ["ALL_FAILED", "EXCLUDED"],
    ["AT_LEAST_ONE_FAILED", "SUCCESS"],
  ])("obeys run_if %s after one good and one bad task", async (run_if, expected) => {
    const { control, job, run, read, pass } = await start();
    control.addBehaviour({ taskKey: "bad", behaviour: { outcome: "fail" } });
    const id = await run(job({ tasks: [task("good"), task("bad"), task("last", ["good", "bad"], { run_if })] }));
    pass(2 * MINUTE);
    expect(results(await read(id)).last).toBe(expected);
  });

  it("retries as often as it may, a new attempt each time", async () => {
    const { control, job, run, read, pass } = await start();
    control.addBehaviour({ taskKey: "a", attempt: 0, behaviour: { outcome: "fail" } });
    control.addBehaviour({ taskKey: "b", behaviour: { outcome: "fail" } });
    const retried = { max_retries: 1, min_retry_interval_millis: 30_000 };
    const id = await run(job({ tasks: [task("a", [], retried), task("b", [], retried)] }));
    pass(MINUTE);
    const waiting = objectsIn((await read(id)).tasks).at(-1);
    expect(waiting).toMatchObject({
      attempt_number: 1,
      state: { life_cycle_state: "WAITING_FOR_RETRY" },
      status: { state: "WAITING" },
    });
    pass(2 * MINUTE);
    const done = await read(id);
    expect(
      objectsIn(done.tasks).map((entry) => [
        entry.task_key,
        entry.attempt_number,
        (entry.state as JsonObject).result_state,
      ]),
    ).toEqual([
      ["a", 0, "FAILED"],
      ["b", 0, "FAILED"],
      ["a", 1, "SUCCESS"],
      ["b", 1, "FAILED"],
    ]);
    expect(stateOf(done).result_state).toBe("FAILED");
  });

  it("stops at its timeout, as does a task", async () => {
    const { control, job, run, read, pass } = await start();
    control.addBehaviour({ behaviour: { outcome: "hang" } });
    const whole = await run(job({ timeout_seconds: 300, tasks: [task("a")] }));
    const part = await run(job({ tasks: [task("a", [], { timeout_seconds: 60 })] }));
    pass(5 * MINUTE + 1000);
    expect((await read(whole)).state).toMatchObject({ result_state: "TIMEDOUT", user_cancelled_or_timedout: true });
    expect(results(await read(part))).toEqual({ a: "TIMEDOUT" });
  });

  it("hangs until somebody ends its task", async () => {
    const { control, job, run, read, pass } = await start();
    control.addBehaviour({ taskKey: "a", times: 1, behaviour: { outcome: "hang" } });
    const id = await run(job({ tasks: [task("a"), task("b", ["a"])] }));
    pass(1000 * MINUTE);
    expect(results(await read(id))).toEqual({ a: "RUNNING", b: "BLOCKED" });
    control.endTask({ runId: id, taskKey: "a" });
    pass(MINUTE);
    expect(stateOf(await read(id)).result_state).toBe("SUCCESS");
  });
});

describe("special tasks", () => {
  it("branch on a condition", async () => {
    const { job, run, read, pass } = await start();
    const id = await run(
      job({
        parameters: [{ name: "rows", default: "5" }],
        tasks: [
          { task_key: "check", condition_task: { left: "{{job.parameters.rows}}", op: "GREATER_THAN", right: "10" } },
          { ...task("yes"), depends_on: [{ task_key: "check", outcome: "true" }] },
          { ...task("no"), depends_on: [{ task_key: "check", outcome: "false" }] },
        ],
      }),
      { job_parameters: { rows: "11" } },
    );
    pass(2 * MINUTE);
    const done = await read(id, "&include_resolved_values=true");
    expect(results(done)).toEqual({ check: "SUCCESS", yes: "SUCCESS", no: "EXCLUDED" });
    expect(objectsIn(done.tasks)[0]).toMatchObject({
      condition_task: { outcome: "true" },
      resolved_values: { condition_task: { left: "11", right: "10" } },
    });
    expect(done.job_parameters).toEqual([{ name: "rows", default: "5", value: "11" }]);
    expect(stateOf(done).result_state).toBe("SUCCESS");
  });

  it("run another job and wait for it", async () => {
    const { control, job, run, read, pass } = await start();
    const child = job({ name: "child", tasks: [task("inner")] });
    const id = await run(
      job({ name: "parent", tasks: [{ task_key: "call", run_job_task: { job_id: BigInt(child) } }] }),
    );
    pass(MINUTE - 1);
    expect(results(await read(id))).toEqual({ call: "RUNNING" });
    const [called] = control.runs({ jobId: child });
    expect(called).toMatchObject({ trigger: "RUN_JOB_TASK", trigger_info: { run_id: BigInt(id) } });
    pass(1);
    const done = await read(id);
    expect(results(done)).toEqual({ call: "SUCCESS" });
    expect(objectsIn(done.tasks)[0]?.run_job_task).toMatchObject({ run_id: called?.run_id });
  });

  it("repeat a task for each input, so many at once", async () => {
    const { control, job, run, read, pass } = await start();
    control.addBehaviour({ taskKey: "one", times: 1, behaviour: { outcome: "fail" } });
    const loop = { inputs: '["x","y","z"]', concurrency: 2, task: task("one") };
    const id = await run(job({ tasks: [{ task_key: "each", for_each_task: loop }] }));
    pass(MINUTE);
    const half = objectsIn((await read(id)).tasks)[0];
    expect(half?.for_each_task).toMatchObject({
      stats: {
        task_run_stats: { total_iterations: 3, active_iterations: 1, completed_iterations: 2, failed_iterations: 1 },
      },
    });
    pass(MINUTE);
    expect(results(await read(id))).toEqual({ each: "FAILED" });
    const own = await read(String(half?.run_id));
    expect(objectsIn(own.iterations).map((entry) => stateOf(entry).result_state)).toEqual([
      "FAILED",
      "SUCCESS",
      "SUCCESS",
    ]);
  });

  it("are left out when disabled, or when only others are asked for", async () => {
    const { job, run, read, pass } = await start();
    const jobId = job({ tasks: [task("a"), task("b", ["a"], { disabled: true }), task("c", ["b"])] });
    const id = await run(jobId);
    const some = await run(job({ tasks: [task("a"), task("b", ["a"]), task("c", ["b"])] }), { only: ["b+"] });
    pass(2 * MINUTE);
    expect(results(await read(id))).toEqual({ a: "SUCCESS", b: "DISABLED", c: "SUCCESS" });
    expect(results(await read(some))).toEqual({ b: "SUCCESS", c: "SUCCESS" });
  });
});

describe("many runs of one job", () => {
  it("are skipped beyond the limit, or queued", async () => {
    const { control, job, run, read, pass } = await start();
    const strict = job({ tasks: [task("a")] });
    const [one, two] = [await run(strict), await run(strict)];
    expect(stateOf(await read(two)).life_cycle_state).toBe("SKIPPED");
    expect((await read(two)).status).toMatchObject({
      state: "TERMINATED",
      termination_details: { code: "MAX_CONCURRENT_RUNS_EXCEEDED" },
    });
    const patient = job({ tasks: [task("a")], queue: { enabled: true } });
    const queue = [await run(patient), await run(patient), await run(patient)];
    expect((await read(queue[1] ?? "")).status).toMatchObject({
      state: "QUEUED",
      queue_details: { code: "MAX_CONCURRENT_RUNS_REACHED" },
    });
    pass(MINUTE);
    expect(stateOf(await read(one)).result_state).toBe("SUCCESS");
    expect(await read(queue[1] ?? "")).toMatchObject({
      queue_duration: MINUTE,
      state: { life_cycle_state: "RUNNING" },
    });
    pass(2 * MINUTE);
    expect(await read(queue[2] ?? "")).toMatchObject({ end_time: START + 3 * MINUTE });
    expect(control.counts().events).toBe(0);
  });

  it("are one run for one idempotency token", async () => {
    const { job, run, anna } = await start();
    const jobId = job({ tasks: [task("a")] });
    expect(await run(jobId, { idempotency_token: "t" })).toBe(await run(jobId, { idempotency_token: "t" }));
    const long = { job_id: BigInt(jobId), idempotency_token: "x".repeat(65) };
    expect((await anna.post("/api/2.2/jobs/run-now", long)).status).toBe(400);
    const params = { job_id: BigInt(jobId), job_parameters: { a: "x".repeat(10_001) } };
    expect((await anna.post("/api/2.2/jobs/run-now", params)).status).toBe(400);
  });

  it("are cancelled one by one or all", async () => {
    const { job, run, read, pass, anna } = await start();
    const jobId = job({ tasks: [task("a"), task("b", ["a"])], queue: { enabled: true } });
    const ids = [await run(jobId), await run(jobId)];
    expect((await anna.post("/api/2.2/jobs/runs/delete", { run_id: BigInt(ids[0] ?? "") })).status).toBe(400);
    await anna.post("/api/2.2/jobs/runs/cancel-all", { job_id: BigInt(jobId) });
    expect(await read(ids[0] ?? "")).toMatchObject({
      state: { life_cycle_state: "TERMINATING" },
      status: { state: "TERMINATING" },
    });
    pass(1000);
    for (const id of ids) {
      expect(await read(id)).toMatchObject({
        state: { life_cycle_state: "TERMINATED", result_state: "CANCELED", user_cancelled_or_timedout: true },
        status: { termination_details: { code: "USER_CANCELED" } },
      });
    }
    expect(results(await read(ids[0] ?? ""))).toEqual({ a: "CANCELED", b: "UPSTREAM_CANCELED" });
    expect((await anna.post("/api/2.2/jobs/runs/delete", { run_id: BigInt(ids[0] ?? "") })).status).toBe(200);
    const gone = await anna.get(`/api/2.2/jobs/runs/get?run_id=${ids[0]}`);
    expect([gone.status, gone.body.message]).toEqual([400, `Run ${ids[0]} does not exist.`]);
  });
});

describe("a repair", () => {
  it("runs failed tasks and those after them again, in the same run", async () => {
    const { control, job, run, read, pass, anna } = await start();
    control.addBehaviour({ taskKey: "b", attempt: 0, behaviour: { outcome: "fail" } });
    const id = await run(job({ tasks: [task("a"), task("b", ["a"]), task("c", ["b"])] }));
    const repair = (body: object) => anna.post("/api/2.2/jobs/runs/repair", { run_id: BigInt(id), ...body });
    expect((await repair({ rerun_all_failed_tasks: true })).status).toBe(400);
    pass(2 * MINUTE);
    const first = await repair({ rerun_all_failed_tasks: true });
    expect(first.status).toBe(200);
    expect(await read(id)).toMatchObject({ end_time: 0, state: { life_cycle_state: "RUNNING" } });
    pass(2 * MINUTE);
    const done = await read(id, "&include_history=true");
    expect(objectsIn(done.tasks).map((entry) => [entry.task_key, entry.attempt_number])).toEqual([
      ["a", 0],
      ["b", 0],
      ["c", 0],
      ["b", 1],
      ["c", 1],
    ]);
    expect(stateOf(done).result_state).toBe("SUCCESS");
    expect(
      objectsIn(done.repair_history).map((entry) => [
        entry.type,
        stateOf(entry).result_state,
        (entry.task_run_ids as unknown[]).length,
      ]),
    ).toEqual([
      ["ORIGINAL", "FAILED", 3],
      ["REPAIR", "SUCCESS", 2],
    ]);
    expect((await repair({ rerun_tasks: ["a"] })).status).toBe(400);
    const again = await repair({
      rerun_tasks: ["a"],
      rerun_dependent_tasks: true,
      latest_repair_id: first.body.repair_id,
    });
    expect(again.status).toBe(200);
    pass(3 * MINUTE);
    expect(objectsIn((await read(id)).tasks)).toHaveLength(8);
  });
});
