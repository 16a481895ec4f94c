/** Compares what an attribution says with what truly happened: precision, recall, and each miss with its reason. Pure. */
import type { TrueEdge } from "../../simulator/index.ts";
import type { AccessEdge } from "../model/access-edge.ts";

/** What is compared of an edge. */
export type Claim = Pick<AccessEdge, "jobId" | "taskKey" | "table" | "access" | "candidates" | "unproven">;

/** A true edge that was not found, or need not be, with why. */
export interface Missed {
  job: string;
  task: string;
  table: string;
  access: string;
  why: string;
}

/** How well an attribution did. */
export interface Score {
  /** Reads, writes and maintenance of tables that were given to one job. */
  claims: number;
  /** Right claims of all claims, 0 to 1; 1 without any. */
  precision: number;
  /** Found of those that can be known from the logs, 0 to 1; 1 without any. */
  recall: number;
  /** Claims that never happened. */
  wrong: Claim[];
  /** Can be known, and was not found. */
  missed: Missed[];
  /** Happened, but nobody can know it from these logs. */
  hidden: Missed[];
}

const JUDGED: readonly string[] = ["read", "write", "maintenance"];

const missedOf = ({ job, task, table, access, why }: TrueEdge, otherwise: string): Missed => ({
  job,
  task,
  table: table ?? "",
  access,
  why: why ?? otherwise,
});

/** Whether a claim's task, or one of those it leaves open, is the task. Without any the job alone is claimed. */
function namesTask({ taskKey, candidates }: Claim, task: string): boolean {
  if (taskKey !== null) return taskKey === task;
  return candidates.length === 0 || candidates.some((one) => one.taskKey === task);
}

/** Whether it happened. OPTIMIZE and an UPDATE of nothing else look the same, so unproven maintenance may be the latter. */
const isTrue = (claim: Claim, edge: TrueEdge): boolean =>
  namesTask(claim, edge.task) &&
  (claim.access === edge.access ||
    (claim.unproven === true && claim.access === "maintenance" && edge.access === "write"));

/**
 * Scores. A claim is right where the same job and task (any of the tasks it leaves open) truly did the same to the same
 * table. What can be known is to be found with its task where the task can be known too, else among the candidates.
 */
export function score(edges: readonly Claim[], truth: readonly TrueEdge[]): Score {
  const keyOf = (jobId: string | null, table: string | null): string => `${jobId}\n${table}`;
  const claims = edges.filter(
    ({ jobId, table, access }) => jobId !== null && table !== null && JUDGED.includes(access),
  );
  const group = <T extends { jobId: string | null; table: string | null }>(list: readonly T[]) => {
    const groups = new Map<string, T[]>();
    for (const one of list) {
      const key = keyOf(one.jobId, one.table);
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    return (key: string): readonly T[] => groups.get(key) ?? [];
  };
  const trueAt = group(truth);
  const claimedAt = group(claims);
  const wrong = claims.filter((claim) => !trueAt(keyOf(claim.jobId, claim.table)).some((edge) => isTrue(claim, edge)));
  const happened = truth.filter(({ table, access }) => table !== null && JUDGED.includes(access));
  const known = happened.filter(({ identifiable }) => identifiable);
  const missed = known.filter(
    (edge) =>
      !claimedAt(keyOf(edge.jobId, edge.table)).some(
        (claim) =>
          claim.access === edge.access &&
          (edge.taskIdentifiable ? claim.taskKey === edge.task : namesTask(claim, edge.task)),
      ),
  );
  const share = (part: number, all: number): number => (all === 0 ? 1 : part / all);
  return {
    claims: claims.length,
    precision: share(claims.length - wrong.length, claims.length),
    recall: share(known.length - missed.length, known.length),
    wrong,
    missed: missed.map((edge) => missedOf(edge, "the logs show it, and it was not found")),
    hidden: happened
      .filter(({ identifiable }) => !identifiable)
      .map((edge) => missedOf(edge, "nothing that proves it was done")),
  };
}
