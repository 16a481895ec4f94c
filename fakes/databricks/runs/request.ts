/** Makes a run out of what was asked for: which tasks, parameters, name, trigger. Nothing happens yet. */
import { invalid } from "../api-error.ts";
import { runAsOf } from "../jobs/answer.ts";
import { type Job, settingsOf } from "../jobs/book.ts";
import type { AccessList } from "../jobs/rights.ts";
import { isObject, type Json, type JsonObject, objectsIn } from "../json.ts";
import type { TaskBehaviour } from "../options.ts";
import type { World } from "../world.ts";
import { blankTask, type Run, type TaskRun } from "./model.ts";

/** What a run is started with: a job, or the settings of a one-off run. */
export interface RunRequest {
  job?: Job;
  once?: { settings: JsonObject; access: AccessList };
  trigger: string;
  /** Milliseconds on the workspace's clock; default now. */
  at?: number;
  /** User name; default the job's creator. */
  creator?: string;
  /** `job_parameters`: name → value. */
  parameters?: Json | undefined;
  /** `notebook_params` and its like. */
  overriding?: JsonObject | undefined;
  /** Task keys; `+key` with all before it, `key+` with all after it. */
  only?: string[] | undefined;
  queueing?: boolean | undefined;
  behaviours?: Record<string, TaskBehaviour> | undefined;
  caller?: { run: Run; task: TaskRun };
}

/** @throws ApiError 400 when `only` names a task that is not there */
export function makeRun(world: World, request: RunRequest, at: number): Run {
  const { job, once, caller } = request;
  const settings = job ? settingsOf(job) : (once?.settings ?? {});
  const creator = request.creator ?? caller?.run.creator ?? job?.creator ?? "";
  if (job) job.runCount += 1;
  const queue = isObject(settings.queue) ? settings.queue.enabled === true : false;
  const run: Run = {
    runId: world.nextId(),
    sequence: world.count(),
    jobId: job?.id ?? world.nextId(),
    number: job?.runCount ?? 1,
    type: job ? "JOB_RUN" : "SUBMIT_RUN",
    trigger: request.trigger,
    triggerRunId: caller?.run.runId,
    settings,
    name: String(settings.name ?? "Untitled"),
    creator,
    runAs: job ? runAsOf(job, settings) : creator,
    access: once?.access,
    startTime: at,
    begunTime: 0,
    endTime: 0,
    phase: "PENDING",
    result: undefined,
    message: "",
    code: undefined,
    parameters: parametersOf(settings, request.parameters),
    overriding: request.overriding,
    queueing: request.queueing ?? queue,
    tasks: [],
    latest: new Map(),
    repairs: [],
    clusters: new Map(),
    behaviours: request.behaviours ?? {},
    stopping: undefined,
    caller,
  };
  const tasks = objectsIn(settings.tasks);
  const keys = request.only && selected(tasks, request.only);
  for (const task of tasks) {
    const key = String(task.task_key ?? "main");
    if (keys && !keys.has(key)) continue;
    const attempt = blankTask(world.nextId(), key, task, 0);
    attempt.startTime = at;
    run.tasks.push(attempt);
    run.latest.set(key, attempt);
    world.runs.addTask(run, attempt);
  }
  return run;
}

function parametersOf(settings: JsonObject, given: Json | undefined): Run["parameters"] {
  const values = isObject(given) ? { ...given } : {};
  const declared = objectsIn(settings.parameters).map((parameter) => {
    const name = String(parameter.name);
    const standard = String(parameter.default ?? "");
    const value = values[name] === undefined ? standard : String(values[name]);
    delete values[name];
    return { name, default: standard, value };
  });
  const others = Object.entries(values).map(([name, value]) => ({ name, default: "", value: String(value) }));
  return [...declared, ...others];
}

/** The tasks that `only` names, with those before (`+key`) or after (`key+`) them. */
function selected(tasks: JsonObject[], only: string[]): Set<string> {
  const before = new Map(
    tasks.map((task) => [String(task.task_key), objectsIn(task.depends_on).map((need) => String(need.task_key))]),
  );
  const after = new Map<string, string[]>();
  for (const [key, needs] of before) for (const need of needs) after.set(need, [...(after.get(need) ?? []), key]);
  const chosen = new Set<string>();
  for (const text of only) {
    const key = text.replace(/^\+|\+$/g, "");
    if (!before.has(key)) throw invalid(`Task ${key} is not a task of the job.`);
    chosen.add(key);
    if (text.startsWith("+")) for (const other of reachable(key, before)) chosen.add(other);
    if (text.endsWith("+")) for (const other of reachable(key, after)) chosen.add(other);
  }
  return chosen;
}

/** All keys that can be reached from one along the edges. */
export function reachable(from: string, edges: ReadonlyMap<string, string[]>): Set<string> {
  const seen = new Set<string>();
  const open = [from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    for (const next of edges.get(key) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return seen;
}
