/** The Jobs API: create, get, list, reset, update, delete. */
import { invalid } from "../api-error.ts";
import type { Call, Route } from "../http/router.ts";
import { type Json, type RawJson, readId, wireId } from "../json.ts";
import type { World } from "../world.ts";
import { checkOwner, readAccessList } from "./access-list.ts";
import { getAnswer, listAnswer } from "./answer.ts";
import type { Job } from "./book.ts";
import { createJob, missingJob, resetJob, settingsIn, updateJob } from "./change.ts";
import { accessKey, demand, type Level, may } from "./rights.ts";

const API = "/api/2\\.[12]/jobs";

export const jobRoutes: Route[] = [
  { method: "POST", path: `${API}/create`, handle: create },
  { method: "GET", path: `${API}/get`, handle: get },
  { method: "GET", path: `${API}/list`, handle: list },
  { method: "POST", path: `${API}/reset`, handle: reset },
  { method: "POST", path: `${API}/update`, handle: update },
  { method: "POST", path: `${API}/delete`, handle: remove },
];

/** The id a request names. @throws ApiError 400 */
export function idIn(value: Json | undefined, name = "job_id"): string {
  const id = readId(value);
  if (id === undefined) throw invalid(`Missing or invalid required field: ${name}`);
  return id;
}

/** The job a request names, for a caller with this level. @throws ApiError 403 before 400 or 404 */
export function jobFor(world: World, call: Call, id: string, level: Level): Job {
  demand(call.principal, id, world.jobs.accessOf(id), level);
  const job = world.jobs.find(id);
  if (!job) throw missingJob(world, id);
  return job;
}

function create(world: World, call: Call): object {
  const settings = call.body();
  const access = settings.access_control_list;
  let rights: ReturnType<typeof readAccessList> | undefined;
  if (access !== undefined) {
    rights = readAccessList(access);
    // Without an owner in the list the creator is it.
    if (![...rights.values()].includes("IS_OWNER")) rights.set(accessKey(call.principal), "IS_OWNER");
    checkOwner(rights);
  }
  return { job_id: wireId(createJob(world, settings, call.principal, rights).id) };
}

function get(world: World, call: Call): object {
  const id = idIn(call.query.get("job_id") ?? undefined);
  const job = jobFor(world, call, id, "CAN_VIEW");
  return getAnswer(world, job, call.query.get("page_token"));
}

function reset(world: World, call: Call): object {
  const body = call.body();
  const job = jobFor(world, call, idIn(body.job_id), "CAN_MANAGE");
  resetJob(world, job, settingsIn(body.new_settings, "new_settings"));
  return {};
}

function update(world: World, call: Call): object {
  const body = call.body();
  const job = jobFor(world, call, idIn(body.job_id), "CAN_MANAGE");
  const changes = body.new_settings === undefined ? {} : settingsIn(body.new_settings, "new_settings");
  const remove = Array.isArray(body.fields_to_remove) ? body.fields_to_remove.map(String) : [];
  updateJob(world, job, changes, remove);
  return {};
}

function remove(world: World, call: Call): object {
  world.jobs.remove(jobFor(world, call, idIn(call.body().job_id), "CAN_MANAGE"));
  return {};
}

function list(world: World, call: Call): object {
  const { query, principal } = call;
  const limit = readLimit(query.get("limit"), 100);
  const name = query.get("name")?.toLowerCase();
  const expand = query.get("expand_tasks") === "true";
  const before = readToken(query.get("page_token"));
  const visible = function* (entries: ReturnType<World["jobs"]["walk"]>) {
    for (const entry of entries) {
      if (name && entry.version.nameLower !== name) continue;
      if (may(principal, entry.job.access, "CAN_VIEW")) yield entry;
    }
  };
  const jobs: RawJson[] = [];
  let skip = before === Infinity ? Number(query.get("offset") ?? 0) : 0; // deprecated, and without effect beside a token
  let last = 0;
  let first = 0;
  let more = false;
  for (const { job, version } of visible(world.jobs.walk(before))) {
    if (skip > 0) {
      skip -= 1;
      continue;
    }
    if (jobs.length === limit) {
      more = true;
      break;
    }
    jobs.push(listAnswer(world, job, version, expand));
    first ||= job.number;
    last = job.number;
  }
  if (jobs.length === 0) return {};
  return {
    jobs,
    has_more: more,
    next_page_token: more ? tokenOf(last) : undefined,
    prev_page_token:
      before === Infinity ? undefined : tokenOf(pageAbove(visible(world.jobs.walkUp(first)), first, limit)),
  };
}

/** The `before` of the page that ends just above a job. @param newer the jobs above it, the nearest first */
function pageAbove(newer: Iterable<{ job: Job }>, first: number, limit: number): number {
  let top = first;
  let count = 0;
  for (const { job } of newer) {
    top = job.number;
    count += 1;
    if (count === limit) break;
  }
  return top + 1;
}

function readLimit(text: string | null, maximum: number): number {
  if (text === null || text === "") return 20;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > maximum) {
    throw invalid(`The limit must be between 1 and ${maximum}, it is ${text}.`);
  }
  return limit;
}

function tokenOf(before: number): string {
  return Buffer.from(`before:${before}`).toString("base64url");
}

function readToken(token: string | null): number {
  if (token === null || token === "") return Infinity;
  const before = /^before:(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1];
  if (before === undefined) throw invalid(`Invalid page token: ${token}`);
  return Number(before);
}
