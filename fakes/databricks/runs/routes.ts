/** The Jobs API on runs: run-now, submit, get, list, get-output, cancel, cancel-all, delete, repair. */
import { ApiError, invalid } from "../api-error.ts";
import type { Call, Route } from "../http/router.ts";
import { readAccessList } from "../jobs/access-list.ts";
import { readPageToken } from "../jobs/answer.ts";
import { prepare } from "../jobs/change.ts";
import { checkRunParameters } from "../jobs/limits.ts";
import { accessKey, demand, type Level, may } from "../jobs/rights.ts";
import { idIn, jobFor } from "../jobs/routes.ts";
import { isObject, type Json, type JsonObject, readId, wireId } from "../json.ts";
import type { World } from "../world.ts";
import { describeOutput, describeRun, describeTaskAsRun, pageOfRun, type RunView } from "./answer.ts";
import { catchUp, startRun, stopRun } from "./engine.ts";
import { isDone, type Run, type TaskRun } from "./model.ts";
import { repairRun } from "./repair.ts";

const API = "/api/2\\.[12]/jobs";
/** Parameters of the times before job parameters. */
const OVERRIDING = [
  "notebook_params",
  "python_params",
  "python_named_params",
  "jar_params",
  "spark_submit_params",
  "sql_params",
  "dbt_commands",
  "pipeline_params",
];

export const runRoutes: Route[] = (
  [
    ["POST", "/run-now", runNow],
    ["POST", "/runs/submit", submit],
    ["GET", "/runs/get", get],
    ["GET", "/runs/list", list],
    ["GET", "/runs/get-output", output],
    ["POST", "/runs/cancel", cancel],
    ["POST", "/runs/cancel-all", cancelAll],
    ["POST", "/runs/delete", remove],
    ["POST", "/runs/repair", repair],
  ] as const
).map(([method, path, handle]) => ({
  method,
  path: API + path,
  handle: (world, call) => {
    catchUp(world);
    return handle(world, call);
  },
}));

function mayOn(world: World, call: Call, run: Run, level: Level): boolean {
  const access = run.access ?? world.jobs.accessOf(run.jobId);
  return access ? may(call.principal, access, level) : call.principal.admin;
}

/** @throws ApiError 400 for a run that is not there, 403 for one of somebody else */
function runFor(world: World, call: Call, id: string, level: Level): { run: Run; task: TaskRun | undefined } {
  const owner = world.runs.findTask(id);
  const run = world.runs.find(id) ?? owner?.run;
  if (!run) throw invalid(`Run ${id} does not exist.`);
  if (!mayOn(world, call, run, level)) {
    demand(call.principal, run.jobId, run.access ?? world.jobs.accessOf(run.jobId) ?? new Map(), level);
  }
  return { run, task: owner?.task };
}

/** @returns the run that this token started before */
function repeated(world: World, token: Json | undefined, scope: string): Run | undefined {
  if (token === undefined || token === "") return undefined;
  if (typeof token !== "string" || token.length > 64)
    throw invalid("The idempotency_token must have at most 64 characters.");
  const id = world.runs.tokens.get(`${scope}/${token}`);
  if (id === undefined) return undefined;
  const run = world.runs.find(id);
  if (!run) throw invalid(`The run of the idempotency token '${token}' has been deleted.`);
  return run;
}

function remember(world: World, token: Json | undefined, scope: string, run: Run): void {
  if (typeof token === "string" && token !== "") world.runs.tokens.set(`${scope}/${token}`, run.runId);
}

function runNow(world: World, call: Call): object {
  const body = call.body();
  const job = jobFor(world, call, idIn(body.job_id), "CAN_MANAGE_RUN");
  const scope = `job ${job.id}`;
  let run = repeated(world, body.idempotency_token, scope);
  if (!run) {
    const overriding = Object.fromEntries(
      OVERRIDING.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]),
    );
    for (const [name, value] of Object.entries({ ...overriding, job_parameters: body.job_parameters })) {
      checkRunParameters(value, name);
    }
    run = startRun(world, {
      job,
      trigger: "ONE_TIME",
      creator: call.principal.userName,
      parameters: body.job_parameters,
      overriding: Object.keys(overriding).length > 0 ? overriding : undefined,
      only: Array.isArray(body.only) ? body.only.map(String) : undefined,
      queueing: isObject(body.queue) ? body.queue.enabled === true : undefined,
    });
    remember(world, body.idempotency_token, scope, run);
  }
  return { run_id: wireId(run.runId), number_in_job: run.number };
}

function submit(world: World, call: Call): object {
  const { run_name, idempotency_token, access_control_list, ...settings } = call.body();
  const scope = `submit ${call.principal.userName}`;
  let run = repeated(world, idempotency_token, scope);
  if (!run) {
    const access = readAccessList(access_control_list);
    access.set(accessKey(call.principal), "IS_OWNER");
    settings.name = run_name ?? "Untitled";
    const prepared = prepare(world, settings, call.principal);
    run = startRun(world, {
      once: { settings: prepared, access },
      trigger: "ONE_TIME",
      creator: call.principal.userName,
    });
    remember(world, idempotency_token, scope, run);
  }
  return { run_id: wireId(run.runId) };
}

function get(world: World, call: Call): object {
  const { query } = call;
  const { run, task } = runFor(world, call, idIn(query.get("run_id") ?? undefined, "run_id"), "CAN_VIEW");
  const view: RunView = {
    tasks: true,
    history: query.get("include_history") === "true",
    resolved: query.get("include_resolved_values") === "true",
  };
  const whole = task ? describeTaskAsRun(world, run, task, view) : describeRun(world, run, view);
  return pageOfRun(whole, readPageToken(query.get("page_token")));
}

function list(world: World, call: Call): object {
  const { query } = call;
  const flag = (name: string) => query.get(name) === "true";
  const number = (name: string, standard: number): number => {
    const value = query.get(name) ? Number(query.get(name)) : standard;
    if (Number.isNaN(value)) throw invalid(`${name} must be a number.`);
    return value;
  };
  const asked = number("limit", 20);
  if (!Number.isInteger(asked) || asked < 0 || asked > 25)
    throw invalid(`The limit must be between 0 and 25, it is ${asked}.`);
  if (flag("active_only") && flag("completed_only"))
    throw invalid("Only one of active_only and completed_only can be true.");
  const jobId = query.get("job_id") ? idIn(query.get("job_id") ?? undefined) : undefined;
  if (jobId !== undefined) demand(call.principal, jobId, world.jobs.accessOf(jobId), "CAN_VIEW");
  const from = number("start_time_from", 0);
  const to = number("start_time_to", Infinity);
  const type = query.get("run_type");
  const at = readToken(query.get("page_token"), to);
  const found: Run[] = [];
  let more = false;
  for (const run of world.runs.walk(jobId, at.time, at.sequence)) {
    if (run.startTime < from) break;
    if (run.startTime > to || (flag("active_only") && isDone(run)) || (flag("completed_only") && !isDone(run)))
      continue;
    if ((type && run.type !== type) || !mayOn(world, call, run, "CAN_VIEW")) continue;
    if (found.length === (asked || 25)) {
      more = true;
      break;
    }
    found.push(run);
  }
  const last = found.at(-1);
  const view = { tasks: flag("expand_tasks"), history: false, resolved: false };
  return {
    runs: found.length > 0 ? found.map((run) => element(describeRun(world, run, view))) : undefined,
    has_more: more,
    next_page_token: more && last ? tokenOf(last) : undefined,
  };
}

/** A run in a list: at most 100 elements an array, the rest by `runs/get`. */
function element(whole: JsonObject): JsonObject {
  return { ...pageOfRun(whole, 0), next_page_token: undefined };
}

function tokenOf(run: Run): string {
  return Buffer.from(`run:${run.startTime}:${run.sequence}`).toString("base64url");
}

function readToken(token: string | null, until: number): { time: number; sequence: number } {
  if (token === null || token === "") return { time: until, sequence: Infinity };
  const match = /^run:(\d+):(\d+)$/.exec(Buffer.from(token, "base64url").toString());
  if (!match) throw invalid(`Invalid page token: ${token}`);
  return { time: Number(match[1]), sequence: Number(match[2]) };
}

function output(world: World, call: Call): object {
  const { run, task } = runFor(world, call, idIn(call.query.get("run_id") ?? undefined, "run_id"), "CAN_VIEW");
  const one = task ?? (run.tasks.length === 1 ? run.tasks[0] : undefined);
  if (!one) {
    throw invalid(
      "Retrieving the output of runs with multiple tasks is not supported. Please retrieve the output of each individual task run instead.",
    );
  }
  return describeOutput(world, run, one);
}

function cancel(world: World, call: Call): object {
  const { run } = runFor(world, call, idIn(call.body().run_id, "run_id"), "CAN_MANAGE_RUN");
  stopRun(world, run, "CANCELED", world.clock.now());
  return {};
}

function cancelAll(world: World, call: Call): object {
  const body = call.body();
  const id = readId(body.job_id);
  if (id !== undefined) {
    jobFor(world, call, id, "CAN_MANAGE_RUN");
    stopAll(world, [...(world.runs.active.get(id) ?? []), ...(world.runs.queued.get(id) ?? [])]);
    return {};
  }
  if (body.all_queued_runs !== true) throw invalid("One of job_id and all_queued_runs must be given.");
  const queued = [...world.runs.queued.values()].flat();
  stopAll(
    world,
    queued.filter((run) => mayOn(world, call, run, "CAN_MANAGE_RUN")),
  );
  return {};
}

function stopAll(world: World, runs: Run[]): void {
  // Queued runs first, so that none of them takes the place of one that ends.
  for (const run of runs.toReversed()) stopRun(world, run, "CANCELED", world.clock.now());
}

function remove(world: World, call: Call): object {
  const { run } = runFor(world, call, idIn(call.body().run_id, "run_id"), "CAN_MANAGE");
  if (!isDone(run)) throw new ApiError(400, "INVALID_STATE", `Run ${run.runId} is active and cannot be deleted.`);
  world.runs.remove(run);
  return {};
}

function repair(world: World, call: Call): object {
  const body = call.body();
  const { run } = runFor(world, call, idIn(body.run_id, "run_id"), "CAN_MANAGE_RUN");
  return { repair_id: wireId(repairRun(world, run, body)) };
}
