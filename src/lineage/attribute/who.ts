/** Finds the task runs that may have sent a request: by its cluster, and where that is shared by its time. */
import type { Attribution, UnattributedReason } from "../../model/access-edge.ts";
import type { ClusterInfo, ClusterUses, TaskUse } from "../../model/cluster-use.ts";
import { clusterIdOf, createdAt } from "./cluster-id.ts";

/** Who sent a request. `tasks` is never empty; of several jobs only where `attribution` is ambiguous. */
export type Who = { attribution: Attribution; tasks: readonly TaskUse[] } | { reason: UnattributedReason };

/** Requests may arrive a little after their task has ended. */
const LATE_MS = 2_000;
/** The storage's clock may be behind that of the workspace by so much: a request before its task's start. */
const EARLY_MS = 2_000;
/** A job cluster is asked for when its run starts: its id tells the same time within a second or so. */
const CREATION_MS = 5_000;
/** A cluster that was made longer before the run than this is not the run's own. */
const SETUP_MS = 300_000;

const endOf = (task: TaskUse): number => task.end ?? Number.POSITIVE_INFINITY;
const jobsOf = (tasks: readonly TaskUse[]): number => new Set(tasks.map((task) => task.jobId)).size;

/** Task runs whose time meets [first, last]; where none does, those that had just ended or were about to start. */
function running(tasks: readonly TaskUse[], first: number, last: number): readonly TaskUse[] {
  const within = (early: number, late: number): TaskUse[] =>
    tasks.filter((task) => task.start - early <= last && endOf(task) + late >= first);
  const strict = within(0, 0);
  return strict.length > 0 ? strict : within(EARLY_MS, LATE_MS);
}

/** Tasks of one run: by time, else the one that was started last before, else all of them. */
function inRun(tasks: readonly TaskUse[], first: number, last: number): readonly TaskUse[] {
  const fit = running(tasks, first, last);
  if (fit.length > 0) return fit;
  const before = tasks.filter((task) => task.start <= first).sort((a, b) => b.start - a.start);
  return before.length > 0 ? before.slice(0, 1) : tasks;
}

/** What the name of a job cluster tells, where the dumps hold no run of it any more: `job-7-run-42-main`. */
function byName(cluster: ClusterInfo | undefined, names: ReadonlyMap<string, string>): TaskUse[] {
  const parts = /^job-(\d+)-run-(\d+)(?:-|$)/.exec(cluster?.name ?? "");
  if (parts === null || cluster === undefined) return [];
  const [, jobId = "", runId = ""] = parts;
  const jobName = names.get(jobId) ?? null;
  const { clusterId } = cluster;
  return [
    {
      workspaceId: null,
      jobId,
      jobName,
      runId,
      taskKey: null,
      attempt: 0,
      clusterId,
      runStart: 0,
      start: 0,
      end: null,
    },
  ];
}

/** True where one run had the cluster for itself: made for it, and used by no other. */
function isExclusive(tasks: readonly TaskUse[], info: ClusterInfo | undefined, clusterId: string): boolean {
  if (new Set(tasks.map((task) => task.runId)).size !== 1 || info?.kind === "all-purpose") return false;
  if (info?.kind === "job") return true;
  const start = Math.min(...tasks.map((task) => task.start));
  const created = createdAt(clusterId, start);
  return created !== undefined && created >= Math.min(...tasks.map((task) => task.runStart)) - SETUP_MS;
}

/** Answers who sent a request. */
export interface WhoIndex {
  /** @param first and last: epoch milliseconds of the first and last of some requests */
  find(clusterId: string, first: number, last: number): Who;
  /**
   * Who sent requests that name no cluster: the one cluster that had the address as that of a node at the time. Older
   * drivers (`wasb`) and programs on the driver send a client request id of their own.
   */
  at(address: string | null, first: number, last: number): Who;
  /** Addresses that {@link at} knows. */
  nodes: readonly string[];
  /** Clusters that several task runs used, as they may stand in the log: their requests are wanted by the second. */
  shared: readonly string[];
}

/** Builds the index of who used which cluster when. */
export function indexUses(uses: ClusterUses): WhoIndex {
  const byCluster = new Map<string, TaskUse[]>();
  const unplaced: TaskUse[] = [];
  for (const task of uses.tasks) {
    if (task.clusterId === null) unplaced.push(task);
    else {
      // whether an API writes the mark of managed compute or not: requests are asked for without it
      const clusterId = clusterIdOf(task.clusterId) ?? task.clusterId;
      byCluster.set(clusterId, [...(byCluster.get(clusterId) ?? []), task]);
    }
  }
  const byAddress = new Map<string, ClusterInfo[]>();
  for (const cluster of uses.clusters) {
    for (const address of cluster.nodes?.addresses ?? []) {
      byAddress.set(address, [...(byAddress.get(address) ?? []), cluster]);
    }
  }
  const infos = new Map(uses.clusters.map((cluster) => [cluster.clusterId, cluster]));
  const inferred = (clusterId: string, first: number): readonly TaskUse[] => {
    const named = byName(infos.get(clusterId), uses.jobNames);
    if (named.length > 0) return named;
    const created = createdAt(clusterId, first);
    if (created === undefined) return [];
    const fit = unplaced.filter((task) => Math.abs(task.runStart - created) <= CREATION_MS);
    return new Set(fit.map((task) => task.runId)).size === 1 ? fit : [];
  };
  const find = (clusterId: string, first: number, last: number): Who => {
    const tasks = byCluster.get(clusterId);
    if (tasks === undefined) {
      const guess = inferred(clusterId, first);
      if (guess.length === 0) return { reason: "unknown cluster" };
      return { attribution: "inferred", tasks: inRun(guess, first, last) };
    }
    if (isExclusive(tasks, infos.get(clusterId), clusterId)) {
      return { attribution: "exclusive", tasks: inRun(tasks, first, last) };
    }
    const fit = running(tasks, first, last);
    if (fit.length === 0) return { reason: "no run at that time" };
    return { attribution: jobsOf(fit) > 1 ? "ambiguous" : "window", tasks: fit };
  };
  return {
    // a serverless task's cluster cannot be foreseen: what was inferred may need the second too, at no cost of note
    shared: [...byCluster]
      .filter(([, tasks]) => tasks.length > 1)
      .flatMap(([clusterId]) => [clusterId, `${clusterId}-v2n`]),
    nodes: [...byAddress.keys()],
    find,
    at(address, first, last) {
      const there = (address === null ? [] : (byAddress.get(address) ?? [])).filter(
        ({ nodes }) => (nodes?.from ?? 0) <= last && (nodes?.to ?? Number.POSITIVE_INFINITY) + LATE_MS >= first,
      );
      const [only] = there;
      if (only === undefined || there.length > 1) return { reason: "no cluster id" };
      const who = find(clusterIdOf(only.clusterId) ?? only.clusterId, first, last);
      if ("reason" in who) return { reason: "no cluster id" };
      return who.attribution === "ambiguous" ? who : { ...who, attribution: "inferred" };
    },
  };
}
