/** The Permissions API for jobs: get, put (replaces), patch (adds and changes). */
import { denied } from "../api-error.ts";
import type { Call, Route } from "../http/router.ts";
import type { World } from "../world.ts";
import { accessAnswer, checkOwner, entriesIn, readAccessList } from "./access-list.ts";
import type { Job } from "./book.ts";
import { missingJob } from "./change.ts";
import { levelOf, may } from "./rights.ts";

const PATH = "/api/2\\.0/permissions/jobs/(\\d+)";

export const permissionRoutes: Route[] = [
  { method: "GET", path: PATH, handle: (world, call) => answer(world, jobToManage(world, call)) },
  { method: "PUT", path: PATH, handle: put },
  { method: "PATCH", path: PATH, handle: patch },
];

function jobToManage(world: World, call: Call): Job {
  const id = call.groups[0] ?? "";
  const access = world.jobs.accessOf(id);
  if (access ? !may(call.principal, access, "CAN_MANAGE") : !call.principal.admin) {
    throw denied(
      `${call.principal.userName} does not have Manage permissions on Job with ID: ElasticJobId(${id}). Please contact the owner or an administrator for access.`,
    );
  }
  const job = world.jobs.find(id);
  if (!job) throw missingJob(world, id);
  return job;
}

function put(world: World, call: Call): object {
  const job = jobToManage(world, call);
  const access = readAccessList(entriesIn(call.body()));
  checkOwner(access);
  replace(call, job, access);
  return answer(world, job);
}

function patch(world: World, call: Call): object {
  const job = jobToManage(world, call);
  const changes = readAccessList(entriesIn(call.body()));
  const access = new Map(job.access);
  const newOwner = [...changes].find(([, level]) => level === "IS_OWNER")?.[0];
  // A new owner takes the place of the old one.
  if (newOwner !== undefined) for (const [key, level] of access) if (level === "IS_OWNER") access.delete(key);
  for (const [key, level] of changes) access.set(key, level);
  checkOwner(access);
  replace(call, job, access);
  return answer(world, job);
}

/** Only the owner and admins may hand a job over. @throws ApiError 403 */
function replace(call: Call, job: Job, access: Job["access"]): void {
  const ownerOf = (list: Job["access"]) => [...list].find(([, level]) => level === "IS_OWNER")?.[0];
  const handsOver = ownerOf(job.access) !== ownerOf(access);
  if (handsOver && !call.principal.admin && levelOf(call.principal, job.access) !== "IS_OWNER") {
    throw denied(`${call.principal.userName} does not have Owner permissions on job ${job.id}.`);
  }
  job.access = access;
}

function answer(world: World, job: Job): object {
  return accessAnswer(job.id, job.access, (userName) => world.directory.find(userName)?.displayName);
}
