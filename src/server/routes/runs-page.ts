/** GET /runs/grid, /runs/timeline, /runs/watermarks: what the Runs view shows. */
import type { RunCause } from "../../model/view-runs.ts";
import type { RUNS_PAGE_ROUTES } from "../api/runs-page.ts";
import type { Handlers } from "../handler.ts";
import type { ServerDeps } from "../server-deps.ts";

/** Handlers of the Runs view. */
export function runsPageRoutes({
  runs,
  causes,
}: Pick<ServerDeps, "runs" | "causes">): Pick<Handlers, keyof typeof RUNS_PAGE_ROUTES> {
  return {
    getRunsGrid: async ({ query }) => ({ value: await runs.grid(query) }),
    getRunsGridTasks: async ({ params, query }) => ({ value: await runs.gridTasks({ ...params, ...query }) }),
    async getRunTimeline({ query }) {
      const timeline = await runs.timeline(query);
      const { projectCode, processLoad, processingDate, executionId } = timeline;
      if (executionId === null || causes === undefined) return { value: timeline };
      const found = await causes({ projectCode, processLoad, processingDate, executionId });
      const told = found.map(
        ({ kind, workflowId, taskId, sentence }): RunCause => ({ kind, workflowId, taskId, sentence }),
      );
      // What nobody can explain is at least named.
      return { value: told.length === 0 ? timeline : { ...timeline, causes: told } };
    },
    getWatermarks: async ({ query }) => ({ value: await runs.watermarks(query) }),
    previewRollback: async ({ query }) => ({ value: await runs.previewRollback(query) }),
  };
}
