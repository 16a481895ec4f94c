/** What writes do to a job: create, reset, partial update, delete. Shared by the API and the control calls. */
import { ApiError, absent, invalid } from "../api-error.ts";
import type { Principal } from "../auth/principals.ts";
import { isObject, type Json, type JsonObject, objectsIn } from "../json.ts";
import type { World } from "../world.ts";
import { type Job, settingsOf } from "./book.ts";
import { checkLimits } from "./limits.ts";
import { normalise } from "./normalise.ts";
import { type AccessList, accessKey } from "./rights.ts";
import { checkStrictly, treatUnknown } from "./strict.ts";

/** The error for a job that is not there, as the workspace is set to answer it. */
export function missingJob(world: World, id: string): ApiError {
  const message = `Job ${id} does not exist.`;
  return world.options.missingJob === 404 ? absent(message) : invalid(message);
}

/**
 * Makes a job.
 * @param settings is kept and changed: hand in a value of your own
 * @throws ApiError 400 when the settings break a limit, or the workspace is full
 */
export function createJob(world: World, settings: JsonObject, creator: Principal, access?: AccessList): Job {
  if (world.jobs.count() >= 12_000) {
    throw new ApiError(
      400,
      "QUOTA_EXCEEDED",
      "The quota for the number of jobs has been reached. The current quota is 12000.",
    );
  }
  const prepared = prepare(world, settings, creator);
  return world.jobs.create(
    world.nextId(),
    prepared,
    creator.userName,
    access ?? new Map([[accessKey(creator), "IS_OWNER"]]),
  );
}

/** Replaces all settings; a reset without `run_as` keeps the old one. @throws ApiError 400 */
export function resetJob(world: World, job: Job, settings: JsonObject): void {
  world.jobs.change(job, prepare(world, settings, world.directory.find(job.creator), settingsOf(job)));
}

/**
 * Changes top-level fields: what is given is replaced whole, but `tasks` and `job_clusters` are merged by their key.
 * @param remove names of top-level fields, `tasks/KEY` or `job_clusters/KEY`
 * @throws ApiError 400
 */
export function updateJob(world: World, job: Job, changes: JsonObject, remove: string[]): void {
  const settings = structuredClone(settingsOf(job));
  for (const path of remove) removeField(settings, path);
  for (const [name, value] of Object.entries(changes)) {
    if (name === "tasks") settings.tasks = merge(settings.tasks, value, "task_key");
    else if (name === "job_clusters") settings.job_clusters = merge(settings.job_clusters, value, "job_cluster_key");
    else settings[name] = value;
  }
  world.jobs.change(job, prepare(world, settings, world.directory.find(job.creator)));
}

/** Checks and normalises settings. @param previous the settings before a reset. @throws ApiError 400 */
export function prepare(
  world: World,
  settings: JsonObject,
  creator: Principal | undefined,
  previous?: JsonObject,
): JsonObject {
  const { unknownFields, validation, cloud, runAs } = world.options;
  if (unknownFields !== "keep") treatUnknown(settings, unknownFields);
  checkLimits(settings, cloud);
  if (validation === "strict") checkStrictly(settings);
  const echoed = runAs === "always" && creator ? runAsOf(creator) : undefined;
  return normalise(settings, cloud, echoed, previous);
}

function runAsOf(principal: Principal): JsonObject {
  return principal.kind === "user" ? { user_name: principal.userName } : { service_principal_name: principal.userName };
}

function removeField(settings: JsonObject, path: string): void {
  const [name = "", key, ...rest] = path.split("/");
  if (key === undefined) {
    delete settings[name];
    return;
  }
  const keyName = name === "tasks" ? "task_key" : name === "job_clusters" ? "job_cluster_key" : undefined;
  if (keyName === undefined || rest.length > 0) {
    throw invalid(
      `fields_to_remove: '${path}' cannot be removed; only top-level fields, tasks/KEY and job_clusters/KEY can.`,
    );
  }
  settings[name] = objectsIn(settings[name]).filter((item) => item[keyName] !== key);
}

function merge(old: Json | undefined, changes: Json | undefined, key: string): Json[] {
  const replaced = new Map(objectsIn(changes).map((item) => [item[key], item]));
  const kept = objectsIn(old).map((item) => {
    const next = replaced.get(item[key]);
    replaced.delete(item[key]);
    return next ?? item;
  });
  return [...kept, ...replaced.values()];
}

/** The object of settings out of a request. @throws ApiError 400 when there is none */
export function settingsIn(value: Json | undefined, name: string): JsonObject {
  if (!isObject(value)) throw invalid(`${name} is required.`);
  return value;
}
