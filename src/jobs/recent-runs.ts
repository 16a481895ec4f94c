/** The last runs of many jobs, in few requests. */
import { HeadgateError } from "../errors.ts";
import type { Run } from "../model/run.ts";
import type { RunMark } from "../model/view.ts";
import type { JobsWorkspace } from "../workspace/workspace.ts";
import { markOf } from "./health.ts";

/** Up to this many jobs are asked one by one; beyond it the workspace's runs are read once, newest first. */
const ONE_BY_ONE = 60;
const WORKSPACE_RUNS = 2_400;
const AT_ONCE = 8;

/** The last `count` runs of each job, newest last. Jobs without a run in what was read are absent. */
export async function recentRuns(
  workspace: JobsWorkspace,
  jobIds: readonly string[],
  count: number,
): Promise<Map<string, RunMark[]>> {
  const runs = new Map<string, Run[]>();
  const take = async (window: { jobId?: string; limit: number }) => {
    for await (const run of workspace.listRuns({ ...window, expandTasks: true })) {
      if (run.jobId === undefined) continue;
      const list = runs.get(run.jobId);
      if (list) list.push(run);
      else runs.set(run.jobId, [run]);
    }
  };
  if (jobIds.length <= ONE_BY_ONE) {
    const queue = [...jobIds];
    const worker = async () => {
      for (let jobId = queue.shift(); jobId !== undefined; jobId = queue.shift()) {
        try {
          await take({ jobId, limit: count });
        } catch (error) {
          // Whoever may see a job may not always see its runs; the others are still told of.
          if (!(error instanceof HeadgateError) || error.code !== "forbidden") throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  } else await take({ limit: WORKSPACE_RUNS });
  const marks = new Map<string, RunMark[]>();
  for (const [jobId, list] of runs) {
    list.sort((a, b) => ((a.startedAt ?? "") < (b.startedAt ?? "") ? -1 : 1));
    marks.set(jobId, list.slice(-count).map(markOf));
  }
  return marks;
}
