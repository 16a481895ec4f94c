/** GET /jobs/{jobId}/adopt-preview: what an adoption would write. Writing it is the command line's business. */
import type { Handlers } from "../handler.ts";
import type { ServerJobs } from "../server-deps.ts";

/** Handlers of taking over. */
export function takeoverRoutes(jobs: Pick<ServerJobs, "previewAdopt">): Pick<Handlers, "previewAdopt"> {
  return { previewAdopt: async ({ params }) => ({ value: await jobs.previewAdopt(params.jobId) }) };
}
