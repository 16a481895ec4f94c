/** Which task runs used which cluster, and when: what turns a cluster id in an access log into a job. */

/** One attempt of one task of a job run. */
export interface TaskUse {
  workspaceId: string | null;
  /** What stays the same from run to run: the job id; for a submitted run, which has none that lasts, `submit:NAME`. */
  jobId: string;
  jobName: string | null;
  runId: string;
  taskKey: string | null;
  attempt: number;
  /** Null for serverless tasks: the API names no cluster for them. */
  clusterId: string | null;
  /** Start of the whole job run, epoch milliseconds. */
  runStart: number;
  /** Epoch milliseconds. */
  start: number;
  /** Epoch milliseconds, null while it runs. */
  end: number | null;
}

/** A cluster as the Clusters API tells it. */
export interface ClusterInfo {
  clusterId: string;
  name: string | null;
  /** Made for one job run, or by a person for all purposes; null where unknown. */
  kind: "job" | "all-purpose" | null;
  /** Private addresses of its nodes, and from when to when (epoch milliseconds, null: open) they were its own. */
  nodes?: { addresses: readonly string[]; from: number | null; to: number | null };
}

/** All that dumps of the Jobs and Clusters APIs told. */
export interface ClusterUses {
  tasks: TaskUse[];
  clusters: ClusterInfo[];
  /** Names of jobs by id, also of jobs without a run in the dumps. */
  jobNames: ReadonlyMap<string, string>;
}
