/** Jobs API 2.2: runs. */
import type { JsonObject } from "../../util/json.ts";
import type { Connection } from "./connection.ts";
import { isMissing } from "./missing.ts";
import { joinPages, readPages } from "./pages.ts";
import { type WireRun, wireId } from "./wire.ts";

/** Arrays of a run that `runs/get` shows 100 a page. */
const PAGED = ["tasks", "job_clusters", "job_parameters", "repair_history", "iterations"] as const;

/** The reference says both "up to 25" and "less than 25": 24 is always safe. */
const LIMIT = 24;

/** Which runs; times in epoch milliseconds. */
export interface RunsQuery {
  jobId?: string | undefined;
  activeOnly?: boolean | undefined;
  startedFrom?: number | undefined;
  startedTo?: number | undefined;
  expandTasks?: boolean | undefined;
  /** Elements a page, where the caller wants few (at most 24). */
  pageSize?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** See {@link runsApi}. */
export interface RunsApi {
  /** All runs of a window, paged to its end; whole with `expandTasks`. The order is not promised by the service. */
  list(query: RunsQuery): AsyncGenerator<WireRun>;
  /** The whole run, with all pages of its arrays. */
  get(runId: string): Promise<WireRun>;
  /** Output of ONE TASK's run (400 for the parent of several). */
  output(taskRunId: string): Promise<JsonObject>;
  /** Asks for the end of a run; it ends later. */
  cancel(runId: string): Promise<void>;
}

/** The calls on runs (Databricks Jobs API 2.2 reference). */
export function runsApi(connection: Connection): RunsApi {
  async function* list(query: RunsQuery) {
    const pages = readPages((page_token) =>
      connection.json({
        method: "GET",
        path: "/api/2.2/jobs/runs/list",
        query: {
          job_id: query.jobId,
          active_only: query.activeOnly === true ? true : undefined,
          start_time_from: query.startedFrom,
          start_time_to: query.startedTo,
          expand_tasks: query.expandTasks === true ? true : undefined,
          limit: Math.min(query.pageSize ?? LIMIT, LIMIT),
          page_token,
        },
        safe: true,
        grant: query.jobId === undefined ? "CAN_VIEW on the jobs" : `CAN_VIEW on job ${query.jobId}`,
        signal: query.signal,
      }),
    );
    for await (const page of pages) {
      const runs = (page.runs ?? []) as WireRun[];
      if (query.expandTasks !== true) yield* runs;
      else for (const run of await Promise.all(runs.map(whole))) if (run !== undefined) yield run;
    }
  }

  /** A list entry as it is, or the run read again where the list shows only a part of its tasks. */
  async function whole(entry: WireRun): Promise<WireRun | undefined> {
    if (entry.has_more !== true) return entry;
    try {
      return await get(String(entry.run_id));
    } catch (error) {
      if (isMissing(error)) return undefined; // deleted since it was listed
      throw error;
    }
  }

  async function get(runId: string): Promise<WireRun> {
    let run: JsonObject | undefined;
    const pages = readPages((page_token) =>
      connection.json({
        method: "GET",
        path: "/api/2.2/jobs/runs/get",
        query: { run_id: runId, page_token },
        safe: true,
        grant: `CAN_VIEW on the job of run ${runId}`,
      }),
    );
    for await (const page of pages) run = run === undefined ? page : joinPages(run, page, PAGED);
    const { next_page_token, has_more, ...whole } = run ?? {};
    return whole as WireRun;
  }

  return {
    list,
    get,
    output: (taskRunId) =>
      connection.json({
        method: "GET",
        path: "/api/2.2/jobs/runs/get-output",
        query: { run_id: taskRunId },
        safe: true,
        grant: `CAN_VIEW on the job of run ${taskRunId}`,
      }),
    cancel: async (runId) => {
      await connection.json({
        method: "POST",
        path: "/api/2.2/jobs/runs/cancel",
        json: { run_id: wireId(runId) },
        safe: true,
        grant: `CAN_MANAGE_RUN on the job of run ${runId}`,
      });
    },
  };
}
