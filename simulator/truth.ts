/** The truth: which task did what to which table, counted as it happens, and whether the logs as delivered can tell. */
import type { Played } from "./logs/play.ts";
import type { Sender } from "./logs/sender.ts";
import type { Access } from "./spark/steps.ts";
import { folderName, type HappenedRun, type World } from "./world.ts";

/** One task and one table. */
export interface TrueEdge {
  jobId: string;
  job: string;
  task: string;
  /** Null for a path of no table. */
  table: string | null;
  /** `container@account/path`. */
  folder: string;
  access: Access;
  relation: "reads" | "writes" | "maintains" | "looks at" | "was denied";
  /** The job can be told from the logs and the dumps: some request of it proves it, has arrived, and is nobody else's. */
  identifiable: boolean;
  /** The task too, not only its job. */
  taskIdentifiable: boolean;
  /** Why not, where one of the two is not. */
  why?: string;
  runs: number;
  requests: number;
  firstAt: string;
  lastAt: string;
}

/** Who used a table or path without a job. */
export interface OtherUse {
  client: string;
  of: string;
  access: Access;
  requests: number;
}

/** What became of the records. */
export interface Counts {
  /** Requests that were made. */
  requests: number;
  /** Lines that were written, with repeats. */
  lines: number;
  duplicates: number;
  /** In the file of the hour after theirs. */
  late: number;
  /** Never delivered. */
  lost: number;
  /** Cut in the middle: the last line of a file that is still written. */
  torn: number;
  /** Of accounts without a diagnostic setting. */
  notLogged: number;
  retries: number;
  denied: number;
  probes: number;
  otherServices: number;
}

/** Everything that is true. */
export interface Truth {
  seed: string;
  from: string;
  to: string;
  edges: TrueEdge[];
  others: OtherUse[];
  counts: Counts;
}

const RELATIONS: Record<Access, TrueEdge["relation"]> = {
  read: "reads",
  write: "writes",
  maintenance: "maintains",
  metadata: "looks at",
  denied: "was denied",
};

/** Requests near the begin or end of another run count as its too. */
const NEAR_MS = 3_000;

interface Pending {
  edge: TrueEdge;
  runs: Set<string>;
  ofJob: number;
  ofTask: number;
  /** Reasons met, with how often. */
  reasons: Map<string, number>;
}

/** Whether a request proves its access for good. */
function isProof({ access, request }: Played): boolean {
  if (typeof request.status !== "number" || request.status >= 300) return false;
  const { shows } = request;
  if (access === "read") return shows === "rows";
  if (access === "write") return shows === "commit" || shows === "moved" || shows === "put";
  return access === "maintenance" && (shows === "commit" || shows === "deleted");
}

/** Who else may have sent what a run sent. */
function rivalsIndex(runs: readonly HappenedRun[]) {
  const byCluster = new Map<string, HappenedRun[]>();
  for (const run of runs) {
    if (run.clusterId === null) continue;
    const known = byCluster.get(run.clusterId);
    if (known === undefined) byCluster.set(run.clusterId, [run]);
    else known.push(run);
  }
  return (run: HappenedRun, time: number): { job: boolean; task: boolean } => {
    const others = (byCluster.get(run.clusterId ?? "") ?? []).filter(
      (other) => other !== run && other.start - NEAR_MS <= time && other.end + NEAR_MS >= time,
    );
    const job = others.some((other) => other.jobId !== run.jobId);
    return { job, task: job || others.some((other) => other.taskKey !== run.taskKey) };
  };
}

/** Opens the book of what is true. */
export function openTruth(world: World, runs: readonly HappenedRun[]) {
  const tables = new Map(world.tables.map((table) => [table.name, table]));
  const rivals = rivalsIndex(runs);
  const pending = new Map<string, Pending>();
  const others = new Map<string, OtherUse>();

  const reasonOf = (played: Played, run: HappenedRun, fate: "arrived" | "lost" | "not logged"): string | undefined => {
    const table = tables.get(played.request.of);
    if (played.access === "denied") return "denied";
    if (played.access === "metadata") return "only the log was read";
    if (played.hidden !== undefined) return played.hidden;
    if (fate === "not logged") return "the account is not logged";
    if (table?.folder !== undefined && folderName(table.folder) !== folderName(played.request.folder))
      return "its folder had another name then";
    if (run.clusterId === null) return "its requests name no cluster of a run";
    if (!run.clusterKnown) return "the runs do not name its cluster";
    return fate === "lost" ? "its records were lost" : undefined;
  };

  return {
    /** Counts a request. @param fate what became of its record */
    add(played: Played, sender: Sender, fate: "arrived" | "lost" | "not logged"): void {
      const { request, access, time } = played;
      const isTable = tables.has(request.of);
      const { run } = sender;
      if (run === undefined) {
        const client = sender.guest ?? `notebook on ${sender.prefix}`;
        const key = `${client}\n${request.of}\n${access}`;
        const known = others.get(key) ?? { client, of: request.of, access, requests: 0 };
        others.set(key, known);
        known.requests += 1;
        return;
      }
      if (request.shows === undefined) return;
      const key = `${run.jobId}\n${run.taskKey}\n${request.of}\n${access}`;
      const at = new Date(time).toISOString();
      const known: Pending = pending.get(key) ?? {
        edge: {
          jobId: run.jobId,
          job: run.jobName,
          task: run.taskKey,
          table: isTable ? request.of : null,
          folder: folderName(request.folder),
          access,
          relation: RELATIONS[access],
          identifiable: false,
          taskIdentifiable: false,
          runs: 0,
          requests: 0,
          firstAt: at,
          lastAt: at,
        },
        runs: new Set(),
        ofJob: 0,
        ofTask: 0,
        reasons: new Map(),
      };
      pending.set(key, known);
      known.runs.add(`${run.runId}/${run.attempt}`);
      known.edge.requests += 1;
      known.edge.lastAt = at;
      const proves = isProof(played);
      if (!proves && access !== "denied" && access !== "metadata" && played.hidden === undefined) return;
      const rival = rivals(run, time);
      const why = reasonOf(played, run, fate) ?? (rival.job ? "another job was on the cluster" : undefined);
      if (why === undefined) {
        known.ofJob += 1;
        if (!rival.task) known.ofTask += 1;
      }
      const reason = why ?? (rival.task ? "another task was on the cluster" : undefined);
      if (reason !== undefined) known.reasons.set(reason, (known.reasons.get(reason) ?? 0) + 1);
    },
    /** What is true after all. */
    close(): Pick<Truth, "edges" | "others"> {
      const edges = [...pending.values()].map(({ edge, runs: seen, ofJob, ofTask, reasons }): TrueEdge => {
        const [most] = [...reasons].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
        const why = ofTask > 0 ? undefined : (most?.[0] ?? "nothing that proves it was done");
        return {
          ...edge,
          identifiable: ofJob > 0,
          taskIdentifiable: ofTask > 0,
          ...(why === undefined ? {} : { why }),
          runs: seen.size,
        };
      });
      const byKey = <T extends object>(list: T[]): T[] =>
        list
          .map((one) => [JSON.stringify(one), one] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([, one]) => one);
      return { edges: byKey(edges), others: byKey([...others.values()]) };
    },
  };
}

export type TruthBook = ReturnType<typeof openTruth>;
