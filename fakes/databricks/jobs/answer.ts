/** How a job looks in answers: whole or in pages of 100 elements, in lists with and without its tasks. */
import { invalid } from "../api-error.ts";
import { formatJson, isObject, type Json, type JsonObject, RawJson, wireId } from "../json.ts";
import type { World } from "../world.ts";
import { type Job, type JobVersion, settingsOf } from "./book.ts";

/** Elements of one array in one answer. */
export const PAGE = 100;
const PAGED = ["tasks", "job_clusters", "environments", "parameters"];

/** The user name under which a job runs. */
export function runAsOf(job: Job, settings: JsonObject): string {
  const runAs = isObject(settings.run_as) ? settings.run_as : {};
  return String(runAs.user_name ?? runAs.service_principal_name ?? runAs.group_name ?? job.creator);
}

/**
 * The answer of `jobs/get`: at most 100 elements of each array; arrays that ended on an earlier page are absent.
 * @throws ApiError 400 on a page token that is none
 */
export function getAnswer(world: World, job: Job, pageToken: string | null): JsonObject {
  const settings = settingsOf(job);
  const from = readPageToken(pageToken);
  const { part, more } = pageOf(settings, PAGED, from);
  const { budget, usage } = world.options.policies;
  return {
    job_id: wireId(job.id),
    creator_user_name: job.creator,
    run_as_user_name: runAsOf(job, settings),
    created_time: job.createdAt,
    effective_budget_policy_id: settings.budget_policy_id ?? budget,
    effective_usage_policy_id: settings.usage_policy_id ?? usage,
    settings: withVersionId(world, part),
    has_more: more ? true : undefined,
    next_page_token: more ? pageTokenOf(from + PAGE) : undefined,
  };
}

/** One job of a list, made once for each version of a job. */
export function listAnswer(world: World, job: Job, version: JobVersion, expand: boolean): RawJson {
  const known = expand ? version.longText : version.shortText;
  if (known !== undefined) return new RawJson(known);
  const { part, more } = pageOf(version.settings, PAGED, 0);
  if (!expand) {
    part.tasks = undefined;
    part.job_clusters = undefined;
  }
  const text = formatJson({
    job_id: wireId(job.id),
    creator_user_name: job.creator,
    created_time: job.createdAt,
    settings: withVersionId(world, part),
    has_more: expand && more ? true : undefined,
  });
  // `deployment.version_id` changes by itself, so such a job is written anew each time.
  if (!isObject(part.deployment)) version[expand ? "longText" : "shortText"] = text;
  return new RawJson(text);
}

/** A copy of an object with one page of each of these arrays. */
export function pageOf(owner: JsonObject, names: string[], from: number): { part: JsonObject; more: boolean } {
  const part = { ...owner };
  let more = false;
  for (const name of names) {
    const list = owner[name];
    if (!Array.isArray(list)) continue;
    const slice: Json[] = from === 0 && list.length <= PAGE ? list : list.slice(from, from + PAGE);
    part[name] = slice.length > 0 || from === 0 ? slice : undefined;
    if (list.length > from + PAGE) more = true;
  }
  return { part, more };
}

/** Writes the position in arrays as an opaque token. */
export function pageTokenOf(from: number): string {
  return Buffer.from(`elements:${from}`).toString("base64url");
}

/** @throws ApiError 400 on a token that is none of ours */
export function readPageToken(token: string | null): number {
  if (token === null || token === "") return 0;
  const from = /^elements:(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1];
  if (from === undefined) throw invalid(`Invalid page token: ${token}`);
  return Number(from);
}

function withVersionId(world: World, settings: JsonObject): JsonObject {
  if (!isObject(settings.deployment)) return settings;
  return { ...settings, deployment: { ...settings.deployment, version_id: String(1_000_000 + world.count()) } };
}
