/** Wire ⇄ model: jobs and runs of the Jobs API in headgate's words. Pure. */
import type { JobSettings, RemoteJob } from "../model/job.ts";
import type { Run, RunState, TaskRun } from "../model/run.ts";
import { utc } from "../util/clock.ts";
import { isObject, type JsonObject } from "../util/json.ts";
import { readRunState } from "./run-state.ts";
import { taskWorkOf } from "./task-work.ts";

/** A job of `jobs/get` or `jobs/list`; `settings` stay as they came. */
export function jobOf(wire: JsonObject): RemoteJob {
  return {
    jobId: idOf(wire.job_id) ?? "",
    creator: textOf(wire.creator_user_name),
    createdAt: timeOf(wire.created_time),
    runAs: textOf(wire.run_as_user_name),
    settings: objectOf(wire.settings) as JobSettings,
  };
}

/** A run of `runs/get` or `runs/list`. */
export function runOf(wire: JsonObject): Run {
  const { state, platformState, code, message } = readRunState(wire);
  return {
    runId: idOf(wire.run_id) ?? "",
    jobId: idOf(wire.job_id),
    name: textOf(wire.run_name) ?? "",
    trigger: textOf(wire.trigger),
    state,
    platformState,
    code,
    message,
    startedAt: timeOf(wire.start_time),
    endedAt: timeOf(wire.end_time),
    durationMs: durationOf(wire, state),
    url: textOf(wire.run_page_url),
    creator: textOf(wire.creator_user_name),
    oneOff: wire.run_type === "SUBMIT_RUN" ? true : undefined,
    parameters: parametersOf(wire.job_parameters),
    tasks: listOf(wire.tasks).map(taskRunOf),
    ...(Array.isArray(wire.iterations) ? { iterations: listOf(wire.iterations).map(taskRunOf) } : {}),
  };
}

function taskRunOf(wire: JsonObject): TaskRun {
  const { state, platformState, code, result, message } = readRunState(wire);
  const each = objectOf(objectOf(wire.for_each_task).task);
  const clusterKey = textOf(wire.job_cluster_key) ?? textOf(each.job_cluster_key);
  return {
    runId: idOf(wire.run_id) ?? "",
    taskKey: textOf(wire.task_key) ?? "",
    attempt: Number(wire.attempt_number ?? 0),
    state,
    platformState,
    message,
    startedAt: timeOf(wire.start_time),
    endedAt: timeOf(wire.end_time),
    clusterId:
      textOf(objectOf(wire.cluster_instance).cluster_id) ??
      textOf(wire.existing_cluster_id) ??
      textOf(each.existing_cluster_id),
    ...(clusterKey === undefined ? {} : { clusterKey }),
    ...(isObject(each.new_cluster) ? { clusterEach: true } : {}),
    url: textOf(wire.run_page_url),
    dependsOn: listOf(wire.depends_on).flatMap((dependency) => textOf(dependency.task_key) ?? []),
    code,
    result,
    work: taskWorkOf(wire),
    iterations: iterationsOf(wire),
  };
}

/** `[{ name, default, value }]`: the value, or the default where the run was given none. */
function parametersOf(wire: unknown): Record<string, string> | undefined {
  const entries = listOf(wire).flatMap(({ name, value, default: standard }) => {
    const given = textOf(value) ?? textOf(standard);
    return typeof name === "string" && given !== undefined ? [[name, given] as const] : [];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** `for_each_task.stats` (Jobs API reference, `ForEachStats`). */
function iterationsOf(wire: JsonObject): TaskRun["iterations"] {
  const stats = objectOf(objectOf(objectOf(wire.for_each_task).stats).task_run_stats);
  const count = (name: string) => Number(stats[name] ?? 0);
  if (stats.total_iterations === undefined) return undefined;
  return {
    total: count("total_iterations"),
    succeeded: count("succeeded_iterations"),
    failed: count("failed_iterations"),
  };
}

/** `run_duration` is the whole run; for runs of one task older answers have only its three parts. */
function durationOf(wire: JsonObject, state: RunState): number {
  if (["queued", "pending", "running", "unknown"].includes(state)) return 0;
  const whole = Number(wire.run_duration ?? 0);
  if (whole > 0) return whole;
  const start = Number(wire.start_time ?? 0);
  const end = Number(wire.end_time ?? 0);
  if (start > 0 && end >= start) return end - start;
  return ["setup_duration", "execution_duration", "cleanup_duration"].reduce(
    (sum, key) => sum + Number(wire[key] ?? 0),
    0,
  );
}

function idOf(value: unknown): string | undefined {
  return typeof value === "number" || typeof value === "bigint" || typeof value === "string"
    ? String(value)
    : undefined;
}

/** 0 stands for "not yet". */
function timeOf(value: unknown): string | undefined {
  const milliseconds = Number(value ?? 0);
  return milliseconds > 0 ? utc(milliseconds) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
