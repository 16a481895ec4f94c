/** How runs and task runs look in answers. */

import { pageOf, pageTokenOf } from "../jobs/answer.ts";
import { typeOf } from "../jobs/walk.ts";
import { isObject, type Json, type JsonObject, objectsIn, wireId } from "../json.ts";
import type { World } from "../world.ts";
import { isDone, type Run, type TaskRun } from "./model.ts";
import { resolveAll } from "./references.ts";
import { stated } from "./vocabulary.ts";

/** What of a run is wanted. */
export interface RunView {
  tasks: boolean;
  history: boolean;
  resolved: boolean;
}

const PAGED = ["tasks", "job_clusters", "job_parameters", "repair_history", "iterations"];

/** A whole run, all elements of all arrays. */
export function describeRun(world: World, run: Run, view: RunView): JsonObject {
  const { settings } = run;
  const several = objectsIn(settings.tasks).length > 1;
  const only = run.tasks.length === 1 && !several ? run.tasks[0] : undefined;
  return {
    job_id: wireId(run.jobId),
    run_id: wireId(run.runId),
    number_in_job: run.number,
    original_attempt_run_id: wireId(run.runId),
    attempt_number: 0,
    run_name: run.name,
    run_type: run.type,
    trigger: run.trigger,
    trigger_info: run.triggerRunId === undefined ? undefined : { run_id: wireId(run.triggerRunId) },
    creator_user_name: run.creator,
    run_as_user_name: run.runAs,
    start_time: run.startTime,
    end_time: run.endTime,
    setup_duration: only ? setupOf(only) : 0,
    execution_duration: only ? executionOf(only) : 0,
    cleanup_duration: 0,
    run_duration: isDone(run) ? run.endTime - run.startTime : 0,
    queue_duration: run.begunTime === 0 ? 0 : run.begunTime - run.startTime,
    run_page_url: `${world.url}/?o=${world.options.workspaceId}#job/${run.jobId}/run/${run.runId}`,
    format: "MULTI_TASK",
    schedule: run.trigger === "PERIODIC" ? settings.schedule : undefined,
    git_source: settings.git_source,
    effective_performance_target: settings.performance_target,
    job_parameters: run.parameters.length > 0 ? run.parameters : undefined,
    overriding_parameters: run.overriding,
    job_clusters: view.tasks ? settings.job_clusters : undefined,
    ...stated(run, true),
    tasks: view.tasks ? run.tasks.map((task) => describeTask(world, run, task, view)) : undefined,
    repair_history: view.history ? history(run) : undefined,
  };
}

/** One element of a run's `tasks`. */
export function describeTask(world: World, run: Run, task: TaskRun, view: RunView): JsonObject {
  const type = typeOf(task.task);
  const echo = type === undefined ? {} : { [type]: echoed(task, type) };
  const cluster = isObject(task.task.new_cluster) ? { new_cluster: task.task.new_cluster } : {};
  const { existing_cluster_id, job_cluster_key, environment_key, libraries } = task.task;
  return {
    run_id: wireId(task.runId),
    task_key: task.key,
    description: task.task.description,
    depends_on: task.task.depends_on,
    run_if: task.task.run_if ?? "ALL_SUCCESS",
    ...echo,
    ...cluster,
    existing_cluster_id,
    job_cluster_key,
    environment_key,
    libraries,
    ...stated(task, false),
    start_time: task.startTime,
    end_time: task.endTime,
    setup_duration: setupOf(task),
    execution_duration: executionOf(task),
    cleanup_duration: 0,
    attempt_number: task.attempt,
    cluster_instance:
      task.clusterId === undefined
        ? undefined
        : {
            cluster_id: task.clusterId,
            spark_context_id: task.phase === "PENDING" ? undefined : String(wireId(task.runId) % 10n ** 18n),
          },
    run_page_url: `${world.url}/?o=${world.options.workspaceId}#job/${run.jobId}/run/${task.runId}`,
    resolved_values: view.resolved && type !== undefined ? resolved(run, task, type) : undefined,
  };
}

/** A task run as the answer to `runs/get` with its own id: a run, its parent in `job_run_id`, its iterations if it has any. */
export function describeTaskAsRun(world: World, run: Run, task: TaskRun, view: RunView): JsonObject {
  const whole = describeRun(world, run, { tasks: false, history: false, resolved: false });
  const own = describeTask(world, run, task, view);
  return {
    ...whole,
    ...own,
    job_id: wireId(run.jobId),
    job_run_id: wireId(run.runId),
    run_name: task.key,
    run_type: run.type,
    original_attempt_run_id: wireId(run.tasks.find(({ key }) => key === task.key)?.runId ?? task.runId),
    run_duration: isDone(task) ? task.endTime - task.startTime : 0,
    queue_duration: 0,
    tasks: [own],
    iterations: task.iterations?.map((iteration) => describeTask(world, run, iteration, view)),
  };
}

/** One page of a run's arrays. @param from index of the first element */
export function pageOfRun(whole: JsonObject, from: number): JsonObject {
  const { part, more } = pageOf(whole, PAGED, from);
  return more ? { ...part, has_more: true, next_page_token: pageTokenOf(from + 100) } : part;
}

/** What `runs/get-output` answers for a task. */
export function describeOutput(world: World, run: Run, task: TaskRun): JsonObject {
  const { error, errorTrace, logs, notebookResult } = task.behaviour ?? {};
  const failed = task.result === "FAILED" || task.result === "INTERNAL_ERROR";
  const notebook = task.task.notebook_task !== undefined && isDone(task);
  return {
    metadata: describeTaskAsRun(world, run, task, { tasks: true, history: false, resolved: false }),
    error: failed ? (error ?? task.message) : undefined,
    error_trace: failed
      ? (errorTrace ?? (error === undefined ? undefined : `Traceback (most recent call last):\n${error}`))
      : undefined,
    logs: logs ?? (notebook || !isDone(task) ? undefined : ""),
    logs_truncated: logs === undefined ? undefined : false,
    notebook_output: notebook && !failed ? { result: notebookResult, truncated: false } : undefined,
    run_job_output: task.childRunId === undefined ? undefined : { run_id: wireId(task.childRunId) },
  };
}

function setupOf(task: TaskRun): number {
  return task.readyTime > task.startTime ? task.readyTime - task.startTime : 0;
}

function executionOf(task: TaskRun): number {
  return isDone(task) && task.readyTime > 0 ? task.endTime - task.readyTime : 0;
}

/** The task's own part with what the run adds to it. */
function echoed(task: TaskRun, type: string): Json | undefined {
  const part = task.task[type];
  if (!isObject(part)) return part;
  if (type === "condition_task") return { ...part, outcome: task.conditionOutcome };
  if (type === "run_job_task" && task.childRunId !== undefined) return { ...part, run_id: wireId(task.childRunId) };
  if (type !== "for_each_task" || !task.iterations) return part;
  const done = task.iterations.filter(isDone);
  return {
    ...part,
    stats: {
      task_run_stats: {
        total_iterations: task.iterations.length,
        scheduled_iterations: task.iterations.filter(({ phase }) => phase !== "BLOCKED").length,
        active_iterations: task.iterations.filter(({ phase }) => phase !== "BLOCKED" && phase !== "DONE").length,
        completed_iterations: done.length,
        succeeded_iterations: done.filter(({ result }) => result === "SUCCESS").length,
        failed_iterations: done.filter(({ result }) => result !== "SUCCESS").length,
      },
    },
  };
}

const RESOLVED = ["base_parameters", "named_parameters", "parameters", "job_parameters", "commands", "left", "right"];

function resolved(run: Run, task: TaskRun, type: string): JsonObject | undefined {
  const part = task.task[type];
  if (!isObject(part)) return undefined;
  const values: JsonObject = {};
  for (const name of RESOLVED) {
    const value = part[name];
    if (value !== undefined) values[name] = resolveAll(value, run, task);
  }
  return Object.keys(values).length > 0 ? { [type]: values } : undefined;
}

/** How a run stands before its first repair, as the first row of its history. */
export const originalRow = (run: Run): Run["repairs"][number] => ({
  id: run.runId,
  type: "ORIGINAL",
  startTime: run.startTime,
  endTime: run.endTime,
  result: run.result,
  message: run.message,
  code: run.code,
  taskRunIds: run.tasks.map(({ runId }) => runId),
});

function history(run: Run): Json {
  return (run.repairs.length > 0 ? run.repairs : [originalRow(run)]).map((repair) => ({
    id: wireId(repair.id),
    type: repair.type,
    start_time: repair.startTime,
    end_time: repair.endTime,
    ...stated(
      {
        phase: repair.result === undefined ? run.phase : "DONE",
        result: repair.result,
        message: repair.message,
        code: repair.code,
      },
      true,
    ),
    task_run_ids: repair.taskRunIds.map(wireId),
  }));
}
