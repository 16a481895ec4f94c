/** Reads from a workspace which task runs used which cluster, and when. */
import type { ClusterUses, TaskUse } from "../model/cluster-use.ts";
import { lastingName } from "../model/lasting-name.ts";
import type { Run, TaskRun } from "../model/run.ts";
import type { JobsWorkspace } from "../workspace/workspace.ts";

/** The Jobs API forgets runs after so long (Jobs API reference: runs are kept 60 days). Milliseconds. */
const KEPT_MS = 60 * 86_400_000;
/** A run that was over when it was read may still be repaired for so long without being read again. Milliseconds. */
const SETTLED_MS = 2 * 86_400_000;

const msOf = (time: string | undefined): number | undefined => (time === undefined ? undefined : Date.parse(time));

/**
 * The uses of clusters of one run: one a task, or one of the run where it lists none. Tasks of one job cluster have its
 * id even where only one of them tells it, as for-each tasks do not.
 * @param iterations of its for-each tasks, by the run id of the task
 */
export function usesOfRun(
  run: Run,
  workspaceId: string,
  iterations: ReadonlyMap<string, readonly TaskRun[]> = new Map(),
): TaskUse[] {
  const runStart = msOf(run.startedAt) ?? 0;
  const name = run.oneOff ? lastingName(run.name || "Untitled") : run.name;
  const jobId = run.oneOff ? `submit:${name}` : (run.jobId ?? `run:${run.runId}`);
  const common = { workspaceId, jobId, jobName: name === "" ? null : name, runId: run.runId, runStart };
  const end = msOf(run.endedAt) ?? null;
  const byKey = new Map<string | undefined, string>();
  for (const { clusterKey, clusterId } of run.tasks) if (clusterKey && clusterId) byKey.set(clusterKey, clusterId);
  const use = (task: TaskRun): TaskUse => ({
    ...common,
    taskKey: task.taskKey === "" ? null : task.taskKey,
    attempt: task.attempt,
    clusterId: task.clusterId ?? byKey.get(task.clusterKey) ?? null,
    start: msOf(task.startedAt) ?? runStart,
    end: msOf(task.endedAt) ?? end,
  });
  if (run.tasks.length > 0) {
    return run.tasks.flatMap((task) => [
      use(task),
      // in the graph an iteration is its task: the next run has others
      ...(iterations.get(task.runId) ?? []).map((one) => use({ ...one, taskKey: task.taskKey })),
    ]);
  }
  return [{ ...common, taskKey: null, attempt: 0, clusterId: null, start: runStart, end }];
}

/** Uses of clusters as the workspace knows them. */
export interface UsesReader {
  /**
   * Reads what is new since the last call.
   * @param now epoch milliseconds
   * @returns all that is known, and the day from which on it is whole
   */
  read(now: number, signal?: AbortSignal): Promise<{ uses: ClusterUses; from: string }>;
}

/** Opens a reader; it remembers runs from call to call, so that only recent ones are asked for again. */
export function openUsesReader(workspace: Pick<JobsWorkspace, "listRuns" | "getRun" | "workspaceId">): UsesReader {
  const byRun = new Map<string, TaskUse[]>();
  /** Iterations with clusters of their own are told by the for-each task's own run only: one more call each. */
  const iterationsOf = async (run: Run): Promise<Map<string, TaskRun[]>> => {
    const found = new Map<string, TaskRun[]>();
    for (const { runId, clusterEach } of run.tasks) {
      if (clusterEach !== true) continue;
      const own = await workspace.getRun(runId);
      if (own?.iterations !== undefined) found.set(runId, own.iterations);
    }
    return found;
  };
  let readAt: number | undefined;
  return {
    async read(now, signal) {
      const workspaceId = await workspace.workspaceId();
      const forgotten = now - KEPT_MS;
      const open = [...byRun.values()].flat().filter(({ end }) => end === null);
      const oldest = Math.min(...open.map(({ runStart }) => runStart), (readAt ?? forgotten) - SETTLED_MS);
      const startedFrom = Math.max(forgotten, readAt === undefined ? forgotten : oldest);
      for await (const run of workspace.listRuns({ startedFrom, expandTasks: true })) {
        signal?.throwIfAborted();
        byRun.set(run.runId, usesOfRun(run, workspaceId, await iterationsOf(run)));
      }
      readAt = now;
      const tasks = [...byRun.values()].flat().sort((a, b) => (a.runId < b.runId ? -1 : 1));
      // the day on which the workspace begins to remember is not whole
      const from = new Date(forgotten + 86_400_000).toISOString().slice(0, 10);
      return { uses: { tasks, clusters: [], jobNames: new Map() }, from };
    },
  };
}
