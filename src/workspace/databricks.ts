/** The door JobsWorkspace over the Jobs API 2.2. */
import type { DatabricksClient } from "../clients/databricks/client.ts";
import { isMissing } from "../clients/databricks/missing.ts";
import { HeadgateError } from "../errors.ts";
import type { Run } from "../model/run.ts";
import { isObject } from "../util/json.ts";
import { jobOf, runOf } from "./map.ts";
import { openSavedQueries } from "./saved-queries.ts";
import type { CallOptions, JobAnswer, JobsWorkspace, RunWindow } from "./workspace.ts";

/** Opens the jobs of a workspace. */
export function openDatabricksWorkspace({ client }: { client: DatabricksClient }): JobsWorkspace {
  const { jobs, runs, permissions, identity } = client;

  async function getJob(jobId: string, options: CallOptions = {}): Promise<JobAnswer> {
    try {
      return { kind: "found", job: jobOf(await jobs.get(decimal(jobId), options.signal)) };
    } catch (error) {
      if (isMissing(error)) return { kind: "missing" };
      if (error instanceof HeadgateError && error.code === "forbidden") {
        return { kind: "forbidden", message: [error.message, error.hint].filter(Boolean).join(". ") };
      }
      throw error;
    }
  }

  async function* listRuns(window: RunWindow): AsyncGenerator<Run> {
    let left = window.limit ?? Number.POSITIVE_INFINITY;
    if (left <= 0) return;
    for await (const run of runs.list({ ...window, pageSize: window.limit })) {
      yield runOf(run);
      if (--left <= 0) return;
    }
  }

  return {
    host: client.host,
    clockSkew: client.clockSkew,
    workspaceId: identity.workspaceId,
    me: async () => {
      const me = await identity.me();
      const { userName, displayName } = me;
      if (typeof userName !== "string") throw new HeadgateError("remote_error", "SCIM Me answered without a userName");
      const groups = Array.isArray(me.groups) ? me.groups.filter(isObject) : [];
      return {
        userName,
        displayName: typeof displayName === "string" ? displayName : undefined,
        admin: groups.some((group) => group.display === "admins"),
      };
    },
    listJobs: async function* (options) {
      for await (const job of jobs.list(options)) yield jobOf(job);
    },
    getJob,
    createJob: async (settings, options) => String(await jobs.create(settings, options?.signal)),
    resetJob: (jobId, settings, options) => jobs.reset(decimal(jobId), settings, options?.signal),
    updateJob: (jobId, settings, remove = [], options = {}) =>
      jobs.update(decimal(jobId), settings, remove, options.signal),
    deleteJob: (jobId, options) => unlessMissing(jobs.delete(decimal(jobId), options?.signal)),
    getPermissions: (jobId, options) => permissions.get(decimal(jobId), options?.signal),
    setPermissions: (jobId, list, options) => permissions.set(decimal(jobId), list, options?.signal),
    runNow: async (jobId, { token, jobParameters }) => {
      const parameters = jobParameters === undefined ? {} : { job_parameters: jobParameters };
      return String(await jobs.runNow(decimal(jobId), { idempotency_token: token, ...parameters }));
    },
    ...openSavedQueries(client),
    listRuns,
    getRun: async (runId) => {
      const run = await runs.get(decimal(runId)).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      });
      return run === undefined ? undefined : runOf(run);
    },
  };
}

async function unlessMissing(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Only a well-formed id may be sent: the service answers 400 to a malformed one exactly as to a missing one. */
function decimal(id: string): string {
  if (/^\d{1,19}$/.test(id)) return id;
  throw new HeadgateError("input_invalid", `"${id}" is no job or run id`, { hint: "An id has digits only." });
}
