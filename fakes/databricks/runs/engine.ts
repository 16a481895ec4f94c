/**
 * Lets runs advance: events happen at their time on the workspace's clock, and are caught up with whenever somebody looks.
 * No timer runs, so a week may pass between two requests.
 */
import { isObject, type Json, type JsonObject } from "../json.ts";
import type { World } from "../world.ts";
import { clusterFor } from "./clusters.ts";
import { fateOf, runResult } from "./graph.ts";
import { blankTask, isDone, type Result, type Run, type TaskRun } from "./model.ts";
import { holds, resolve } from "./references.ts";
import { makeRun, type RunRequest } from "./request.ts";

/** A task that is retried for ever stops after so many attempts, so that a week can pass. */
const MOST_ATTEMPTS = 1000;
const FAILED_MESSAGE = "Workload failed, see run output for details";

/** Lets everything happen that is due. */
export function catchUp(world: World): void {
  const { runs, clock } = world;
  const now = clock.now();
  for (let event = runs.events.take(now); event; event = runs.events.take(now)) {
    runs.time = Math.max(runs.time, event.time);
    event.happen(event.time);
  }
  runs.time = now;
}

/**
 * Starts a run, now or at any other time. One in the past runs through at the next look, without regard to concurrent runs;
 * one in the future is not visible before it starts.
 */
export function startRun(world: World, request: RunRequest): Run {
  catchUp(world);
  const at = request.at ?? world.clock.now();
  const past = at < world.runs.time;
  const run = makeRun(world, request, at);
  if (at > world.clock.now()) world.runs.events.add({ time: at, happen: (time) => begin(world, run, time, false) });
  else begin(world, run, at, past);
  return run;
}

function begin(world: World, run: Run, time: number, past: boolean): void {
  const { runs } = world;
  runs.add(run);
  const limit = Number(run.settings.max_concurrent_runs ?? 1);
  const active = runs.active.get(run.jobId)?.size ?? 0;
  const waiting = runs.queued.get(run.jobId) ?? [];
  if (past || run.type === "SUBMIT_RUN" || (active < limit && waiting.length === 0)) launch(world, run, time);
  else if (run.queueing && limit > 0) {
    run.phase = "QUEUED";
    runs.queued.set(run.jobId, [...waiting, run]);
  } else {
    run.code = "MAX_CONCURRENT_RUNS_EXCEEDED";
    run.message = `Skipping this run because the limit of ${limit} maximum concurrent runs has been reached.`;
    for (const task of run.tasks) conclude(task, "SKIPPED", time);
    endRun(world, run, "SKIPPED", time);
  }
}

function launch(world: World, run: Run, time: number): void {
  run.phase = "RUNNING";
  run.begunTime = time;
  const active = world.runs.active.get(run.jobId) ?? new Set();
  world.runs.active.set(run.jobId, active.add(run));
  for (const task of run.tasks) task.startTime = time;
  watchTimeout(world, run, time);
  if (run.tasks.length === 0) endRun(world, run, "SUCCESS", time);
  settle(world, run, time);
}

/** Stops the run when its time is over, unless it has ended (and was perhaps repaired) before. */
export function watchTimeout(world: World, run: Run, time: number): void {
  const timeout = Number(run.settings.timeout_seconds ?? 0);
  const repairs = run.repairs.length;
  if (timeout === 0) return;
  later(world, time + timeout * 1000, (at) => {
    if (run.repairs.length === repairs) stopRun(world, run, "TIMEDOUT", at);
  });
}

/** Starts or ends each blocked task whose turn has come, until nothing changes; then ends the run if all is done. */
export function settle(world: World, run: Run, time: number): void {
  for (let changed = true; changed && !run.stopping; ) {
    changed = false;
    for (const task of run.latest.values()) {
      if (task.phase !== "BLOCKED") continue;
      const fate = fateOf(task.task, run.latest);
      if (fate === undefined) continue;
      changed = true;
      if (fate === "run") startTask(world, run, task, time);
      else conclude(task, fate, time);
    }
  }
  if (isDone(run) || ![...run.latest.values()].every(isDone)) return;
  const { result, culprit } = runResult(run.latest);
  if (run.stopping) {
    run.message = run.stopping === "CANCELED" ? "Run cancelled." : "Run timed out.";
    run.code = run.stopping === "CANCELED" ? "USER_CANCELED" : "CANCELED";
  } else if (result === "FAILED" && culprit) {
    run.message = `Task ${culprit.key} failed with message: ${culprit.message}.`;
    if ([...run.latest.values()].some((task) => task.result === "UPSTREAM_FAILED")) {
      run.message += " This caused all downstream tasks to get skipped.";
    }
    run.code = culprit.code;
  } else if (result === "CANCELED") run.code = culprit?.code ?? "USER_CANCELED";
  endRun(world, run, run.stopping ?? result, time);
}

function startTask(world: World, run: Run, task: TaskRun, time: number): void {
  task.startTime = time;
  task.readyTime = time;
  if (task.task.disabled === true) {
    conclude(task, "DISABLED", time);
    return;
  }
  const behaviour = world.runs.behaviours.of(run, task, time);
  task.behaviour = behaviour;
  const { id, setupMs } = clusterFor(task.task, run, time, world.options.startup, world.count);
  task.clusterId = id;
  const ready = time + (behaviour.setupMs ?? setupMs);
  task.phase = ready > time ? "PENDING" : "RUNNING";
  task.readyTime = ready;
  if (ready > time) {
    later(world, ready, () => {
      if (task.phase === "PENDING") task.phase = "RUNNING";
    });
  }
  const timeout = Number(task.task.timeout_seconds ?? 0);
  if (timeout > 0) later(world, time + timeout * 1000, (at) => endTask(world, run, task, "TIMEDOUT", at));
  if (isObject(task.task.for_each_task)) startIterations(world, run, task, task.task.for_each_task, time);
  else if (isObject(task.task.run_job_task)) startChild(world, run, task, task.task.run_job_task, time);
  else work(world, run, task, ready);
}

/** Ends the task after its time, as its behaviour says. */
function work(world: World, run: Run, task: TaskRun, ready: number): void {
  const { outcome = "success", durationMs, conditionOutcome } = task.behaviour ?? {};
  if (outcome === "hang") return;
  const condition = task.task.condition_task;
  const usual = isObject(condition) ? 1_000 : 60_000;
  const results: Record<typeof outcome, Result> = {
    success: "SUCCESS",
    fail: "FAILED",
    cancel: "CANCELED",
    timeout: "TIMEDOUT",
    internal_error: "INTERNAL_ERROR",
  };
  later(world, ready + (durationMs ?? usual), (at) => {
    if (isObject(condition)) {
      task.conditionOutcome = conditionOutcome ?? (holds(condition, run, task) ? "true" : "false");
    }
    endTask(world, run, task, results[outcome], at);
  });
}

function startChild(world: World, run: Run, task: TaskRun, reference: JsonObject, time: number): void {
  const job = world.jobs.find(String(reference.job_id));
  if (!job) {
    task.message = `Job ${reference.job_id} does not exist`;
    task.code = "RESOURCE_NOT_FOUND";
    later(world, time, (at) => endTask(world, run, task, "FAILED", at));
    return;
  }
  const child = makeRun(
    world,
    { job, trigger: "RUN_JOB_TASK", parameters: reference.job_parameters, caller: { run, task } },
    time,
  );
  task.childRunId = child.runId;
  begin(world, child, time, time < world.runs.time);
}

function startIterations(world: World, run: Run, task: TaskRun, loop: JsonObject, time: number): void {
  const text = resolve(String(loop.inputs ?? "[]"), run, task);
  let inputs: Json;
  try {
    inputs = JSON.parse(text) as Json;
  } catch {
    inputs = null; // Not JSON: reported as the task's failure below.
  }
  if (!Array.isArray(inputs) || !isObject(loop.task)) {
    task.message = `The inputs of the for-each task are not a JSON array: ${text.slice(0, 100)}`;
    later(world, time, (at) => endTask(world, run, task, "FAILED", at));
    return;
  }
  const inner = loop.task;
  task.iterations = inputs.map((input) => {
    const key = String(inner.task_key ?? task.key);
    const iteration = blankTask(world.nextId(), key, inner, 0);
    iteration.parent = task;
    iteration.input = typeof input === "string" ? input : JSON.stringify(input);
    world.runs.addTask(run, iteration);
    return iteration;
  });
  iterate(world, run, task, time);
}

/** Keeps as many iterations going as are allowed; ends the for-each task after the last. */
function iterate(world: World, run: Run, task: TaskRun, time: number): void {
  const iterations = task.iterations ?? [];
  const loop = isObject(task.task.for_each_task) ? task.task.for_each_task : {};
  let free =
    Number(loop.concurrency ?? 1) - iterations.filter(({ phase }) => phase !== "BLOCKED" && phase !== "DONE").length;
  for (const iteration of iterations) {
    if (free <= 0 || run.stopping || isDone(task)) break;
    if (iteration.phase !== "BLOCKED") continue;
    free -= 1;
    startTask(world, run, iteration, time);
  }
  if (iterations.every(isDone)) {
    const failed = iterations.filter(({ result }) => result !== "SUCCESS").length;
    if (failed > 0) task.message = `${failed} of ${iterations.length} iterations failed`;
    endTask(world, run, task, failed > 0 ? "FAILED" : "SUCCESS", time);
  }
}

/** Ends a task that is at work; retries it if it failed and may be retried; then lets the run go on. */
export function endTask(world: World, run: Run, task: TaskRun, result: Result, time: number): void {
  if (isDone(task) || task.phase === "TERMINATING" || run.stopping) return;
  const { message, code } = task.behaviour ?? {};
  if (result !== "SUCCESS") {
    task.message = message ?? (task.message || (result === "FAILED" ? FAILED_MESSAGE : ""));
    task.code = code ?? task.code;
  }
  conclude(task, result, time);
  const child = task.childRunId === undefined ? undefined : world.runs.find(task.childRunId);
  if (child && !isDone(child)) stopRun(world, child, "CANCELED", time);
  for (const iteration of task.iterations ?? []) if (!isDone(iteration)) conclude(iteration, "CANCELED", time);
  if (task.parent) {
    iterate(world, run, task.parent, time);
    return;
  }
  if (mayRetry(task, result)) retry(world, run, task, time);
  settle(world, run, time);
}

function mayRetry({ task, attempt }: TaskRun, result: Result): boolean {
  const retries = Number(task.max_retries ?? 0);
  const left = attempt + 1 < MOST_ATTEMPTS && (retries === -1 || attempt < retries);
  return (
    left &&
    (result === "FAILED" || result === "INTERNAL_ERROR" || (result === "TIMEDOUT" && task.retry_on_timeout === true))
  );
}

function retry(world: World, run: Run, task: TaskRun, time: number): void {
  const next = blankTask(world.nextId(), task.key, task.task, task.attempt + 1);
  next.phase = "WAITING_FOR_RETRY";
  next.startTime = time;
  addAttempt(world, run, next);
  // At least a millisecond, so that time passes.
  later(world, time + Math.max(1, Number(task.task.min_retry_interval_millis ?? 0)), (at) => {
    if (next.phase === "WAITING_FOR_RETRY" && !run.stopping) startTask(world, run, next, at);
    settle(world, run, at);
  });
}

/** Makes an attempt the latest of its task. */
export function addAttempt(world: World, run: Run, task: TaskRun): void {
  run.tasks.push(task);
  run.latest.set(task.key, task);
  world.runs.addTask(run, task);
}

/** Stops a run: what is at work needs a moment to end, what waits never starts. */
export function stopRun(world: World, run: Run, why: "CANCELED" | "TIMEDOUT", time: number): void {
  if (isDone(run) || run.stopping) return;
  run.stopping = why;
  if (run.phase === "QUEUED") {
    const waiting = world.runs.queued.get(run.jobId) ?? [];
    world.runs.queued.set(
      run.jobId,
      waiting.filter((other) => other !== run),
    );
    run.message = "Run cancelled.";
    run.code = "USER_CANCELED";
    for (const task of run.tasks) conclude(task, "CANCELED", time);
    endRun(world, run, "CANCELED", time);
    return;
  }
  run.phase = "TERMINATING";
  const open = [...run.latest.values()]
    .flatMap((task) => [task, ...(task.iterations ?? [])])
    .filter((task) => !isDone(task));
  for (const task of open) {
    if (task.phase === "RUNNING" || task.phase === "PENDING") task.phase = "TERMINATING";
    const child = task.childRunId === undefined ? undefined : world.runs.find(task.childRunId);
    if (child) stopRun(world, child, "CANCELED", time);
  }
  later(world, time + world.options.startup.cancelMs, (at) => {
    for (const task of open) {
      if (isDone(task)) continue;
      const begun = task.phase !== "BLOCKED";
      task.message = begun ? "Run cancelled." : "";
      task.code = begun ? (why === "CANCELED" ? "USER_CANCELED" : "CANCELED") : undefined;
      conclude(task, begun ? "CANCELED" : "UPSTREAM_CANCELED", at);
    }
    settle(world, run, at);
  });
}

function conclude(task: TaskRun, result: Result, time: number): void {
  task.phase = "DONE";
  task.result = result;
  task.startTime ||= time;
  task.readyTime = Math.min(task.readyTime || time, time);
  task.endTime = time;
}

function endRun(world: World, run: Run, result: Result, time: number): void {
  run.phase = "DONE";
  run.result = result;
  run.endTime = time;
  run.stopping = undefined;
  run.clusters.clear();
  const repair = run.repairs.at(-1);
  if (repair) Object.assign(repair, { endTime: time, result, message: run.message, code: run.code });
  world.runs.active.get(run.jobId)?.delete(run);
  const next = world.runs.queued.get(run.jobId)?.shift();
  if (next) launch(world, next, time);
  const { caller } = run;
  if (!caller) return;
  const good = result === "SUCCESS" || result === "SUCCESS_WITH_FAILURES";
  if (!good) caller.task.message = `Run ${run.runId} of job ${run.jobId} ended with ${result}`;
  endTask(world, caller.run, caller.task, good ? "SUCCESS" : result === "CANCELED" ? "CANCELED" : "FAILED", time);
}

function later(world: World, time: number, happen: (time: number) => void): void {
  world.runs.events.add({ time, happen });
}
