/** Jobs API 2.2: definitions. Every read of a job is whole, whatever the number of its tasks. */
import type { JsonObject } from "../../util/json.ts";
import { HttpFailure } from "../http/failure.ts";
import type { Connection } from "./connection.ts";
import { isMissing } from "./missing.ts";
import { joinPages, readPages } from "./pages.ts";
import { answeredId, type Int64, type WireJob, wireId } from "./wire.ts";

/** Arrays of a job's settings that `jobs/get` shows 100 a page. */
const PAGED_SETTINGS = ["tasks", "job_clusters", "environments", "parameters"] as const;

/** See {@link jobsApi}. The `patience` of a write ends its waiting for a repeat; a write under way is let finish. */
export interface JobsApi {
  /** @returns the new id. Never repeated after a lost answer (there is no idempotency key): see `facts.sent`. */
  create(settings: JsonObject, patience?: AbortSignal): Promise<WireJob["job_id"]>;
  /** The whole job, with all pages of its arrays. @throws HttpFailure, {@link isMissing} when there is none */
  get(jobId: string, signal?: AbortSignal): Promise<WireJob>;
  /** All jobs we may see, whole; `name` is matched exactly but for case. */
  list(options?: { name?: string | undefined; signal?: AbortSignal | undefined }): AsyncGenerator<WireJob>;
  reset(jobId: string, settings: JsonObject, patience?: AbortSignal): Promise<void>;
  update(jobId: string, settings: JsonObject, remove: string[], patience?: AbortSignal): Promise<void>;
  delete(jobId: string, patience?: AbortSignal): Promise<void>;
  runNow(jobId: string, body: JsonObject & { idempotency_token: string }): Promise<WireJob["job_id"]>;
}

/** The calls on job definitions (Databricks Jobs API 2.2 reference). */
export function jobsApi(connection: Connection): JobsApi {
  const post = (verb: string, json: JsonObject, safe: boolean, grant: string, patience?: AbortSignal) =>
    connection.json({ method: "POST", path: `/api/2.2/jobs/${verb}`, json, safe, grant, patience });

  async function get(jobId: string, signal?: AbortSignal): Promise<WireJob> {
    let job: JsonObject | undefined;
    const pages = readPages((page_token) =>
      connection.json({
        method: "GET",
        path: "/api/2.2/jobs/get",
        query: { job_id: jobId, page_token },
        safe: true,
        grant: `CAN_VIEW on job ${jobId}`,
        signal,
      }),
    );
    for await (const page of pages) {
      if (job === undefined) job = page;
      else {
        const settings = joinPages(objectOf(job.settings), objectOf(page.settings), PAGED_SETTINGS);
        job = { ...job, settings };
      }
    }
    const { next_page_token, has_more, ...whole } = job ?? {};
    return { ...whole, job_id: idOf(whole, "job_id", "GET /api/2.2/jobs/get", false) };
  }

  /** @throws HttpFailure where the answer names no id: a proxy may have answered for the service, which may have acted */
  function idOf(answer: JsonObject, member: string, call: string, sent: boolean): Int64 {
    const id = answeredId(answer, member);
    if (id !== undefined) return id;
    const facts = { call, host: new URL(connection.host).host, status: 200, sent };
    throw new HttpFailure("unavailable", { ...facts, serviceMessage: `the answer names no ${member}` });
  }

  /** A list entry as it is, or the job read again where the list shows only a part of it. */
  async function whole(entry: WireJob, signal: AbortSignal | undefined): Promise<WireJob | undefined> {
    if (entry.has_more !== true) return entry;
    try {
      return await get(String(entry.job_id), signal);
    } catch (error) {
      if (isMissing(error)) return undefined; // deleted since it was listed
      throw error;
    }
  }

  async function* list(options: { name?: string | undefined; signal?: AbortSignal | undefined } = {}) {
    const { name, signal } = options;
    const pages = readPages((page_token) =>
      connection.json({
        method: "GET",
        path: "/api/2.2/jobs/list",
        query: { limit: 100, expand_tasks: true, name, page_token },
        safe: true,
        grant: "workspace access (entitlement workspace-access)",
        signal,
      }),
    );
    for await (const page of pages) {
      const entries = (page.jobs ?? []) as WireJob[];
      for (const job of await Promise.all(entries.map((entry) => whole(entry, signal)))) {
        if (job !== undefined) yield job;
      }
    }
  }

  return {
    get,
    list,
    create: async (settings, patience) => {
      const grant = "the right to create jobs (entitlement workspace-access)";
      const answer = await post("create", settings, false, grant, patience);
      return idOf(answer, "job_id", "POST /api/2.2/jobs/create", true);
    },
    reset: async (jobId, new_settings, patience) => {
      await post("reset", { job_id: wireId(jobId), new_settings }, true, `CAN_MANAGE on job ${jobId}`, patience);
    },
    update: async (jobId, new_settings, remove, patience) => {
      const fields = remove.length === 0 ? {} : { fields_to_remove: remove };
      const body = { job_id: wireId(jobId), new_settings, ...fields };
      await post("update", body, true, `CAN_MANAGE on job ${jobId}`, patience);
    },
    delete: async (jobId, patience) => {
      await post("delete", { job_id: wireId(jobId) }, true, `CAN_MANAGE on job ${jobId}`, patience);
    },
    runNow: async (jobId, body) => {
      const answer = await post("run-now", { ...body, job_id: wireId(jobId) }, true, `CAN_MANAGE_RUN on job ${jobId}`);
      return idOf(answer, "run_id", "POST /api/2.2/jobs/run-now", false);
    },
  };
}

function objectOf(value: unknown): JsonObject {
  return (value ?? {}) as JsonObject;
}
