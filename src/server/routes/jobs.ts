/** GET /jobs, /jobs/{resource} and its history, /history of all jobs. The list comes from memory, one job from the workspace. */
import { filterJobs } from "../filter-jobs.ts";
import type { Fleet } from "../fleet.ts";
import type { Handlers } from "../handler.ts";
import type { ServerJobs } from "../server-deps.ts";

/** Handlers of the fleet. */
export function jobsRoutes(
  jobs: ServerJobs,
  fleet: Fleet,
): Pick<Handlers, "listJobs" | "getJob" | "getJobHistory" | "recentChanges"> {
  return {
    listJobs: async ({ query }) => ({ value: filterJobs(await fleet.current(), query) }),
    getJob: async ({ params }) => ({ value: await jobs.explain(params.resource) }),
    async getJobHistory({ params }) {
      const items = await jobs.history(params.resource);
      return { value: { count: items.length, items, next: null } };
    },
    recentChanges: async ({ query }) => ({ value: await jobs.recentChanges({ count: query.limit }) }),
  };
}
