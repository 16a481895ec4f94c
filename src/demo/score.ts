/** Compares the lineage in the store with what truly happened: precision, recall, and each miss with its reason. Pure. */
import type { CatalogRow, TrueEdge } from "../../simulator/index.ts";
import type { LineageEdgeRow } from "../model/view-lineage.ts";

/** What a job does to a table. */
export interface Claim {
  jobId: string;
  table: string;
  access: "read" | "write" | "maintenance";
  /** OPTIMIZE and an UPDATE of nothing else look the same: it may have been the other. */
  unproven: boolean;
}

/** A true edge that was not found, or need not be, with why. */
export interface Missed {
  job: string;
  table: string;
  access: string;
  why: string;
}

/** How well the store knows. */
export interface Score {
  /** Reads, writes and maintenance of tables, each by one job. */
  claims: number;
  /** Right claims of all claims, 0 to 1; 1 without any. */
  precision: number;
  /** Found of those that can be known from what was left behind, 0 to 1; 1 without any. */
  recall: number;
  /** Claims that never happened. */
  wrong: Claim[];
  /** Can be known, and was not found. */
  missed: Missed[];
  /** Happened, but nobody can know it from what was left behind. */
  hidden: Missed[];
}

const ACCESS = { reads: "read", writes: "write", maintains: "maintenance" } as const;
const isAccess = (relation: string): relation is keyof typeof ACCESS => relation in ACCESS;
const keyOf = (one: { jobId: string; table: string; access: string }): string =>
  JSON.stringify([one.jobId, one.table, one.access]);

/**
 * The claims of edges: those that one job of the workspace is named for. Jobs elsewhere and places that are no tables
 * are left out: the truth is about tables.
 * @param tables names that a table may have
 */
export function claimsOf(edges: readonly LineageEdgeRow[], tables: ReadonlySet<string>): Claim[] {
  return edges.flatMap((edge): Claim[] => {
    const [job, dataset] =
      edge.fromNode.kind === "dataset" ? [edge.toNode, edge.fromNode] : [edge.fromNode, edge.toNode];
    const { jobId } = job;
    const table = [dataset.name, ...dataset.aliases.map(({ name }) => name)].find((name) => tables.has(name));
    if (jobId === null || table === undefined || edge.attributions.every((one) => one === "ambiguous")) return [];
    return edge.relations.filter(isAccess).map((relation) => ({
      jobId,
      table,
      access: ACCESS[relation],
      unproven: relation === "maintains" && edge.strength !== "sure",
    }));
  });
}

/** What rows of the catalog tell, as keys of job, table and access. */
function toldBy(rows: readonly CatalogRow[]): Set<string> {
  return new Set(
    rows.flatMap(({ entity_id: jobId, source_table_full_name: from, target_table_full_name: to }) => [
      ...(from === undefined ? [] : [keyOf({ jobId, table: from, access: "read" })]),
      ...(to === undefined ? [] : [keyOf({ jobId, table: to, access: "write" })]),
    ]),
  );
}

/** One thing that a job did to a table, by whichever of its tasks. */
interface Fact extends Omit<Claim, "access" | "unproven"> {
  job: string;
  access: string;
  isKnowable: boolean;
  why: string | undefined;
}

/** The truth by job: it can be known where it can be of one of its tasks. */
function factsOf(truth: readonly TrueEdge[], told: ReadonlySet<string>): Map<string, Fact> {
  const facts = new Map<string, Fact>();
  for (const { jobId, job, table, access, identifiable, why } of truth) {
    if (table === null || !(Object.values(ACCESS) as string[]).includes(access)) continue;
    const key = keyOf({ jobId, table, access });
    const known = facts.get(key) ?? { jobId, job, table, access, isKnowable: told.has(key), why: undefined };
    known.isKnowable ||= identifiable;
    known.why ??= why;
    facts.set(key, known);
  }
  return facts;
}

/**
 * Scores. A claim is right where the job truly did the same to the same table.
 * @param rows what the catalog has noted: it can be known too
 */
export function score(claims: readonly Claim[], truth: readonly TrueEdge[], rows: readonly CatalogRow[]): Score {
  const facts = factsOf(truth, toldBy(rows));
  const claimed = new Set(claims.map(keyOf));
  const isTrue = (claim: Claim) =>
    facts.has(keyOf(claim)) || (claim.unproven && facts.has(keyOf({ ...claim, access: "write" })));
  const wrong = claims.filter((claim) => !isTrue(claim));
  const known = [...facts.values()].filter(({ isKnowable }) => isKnowable);
  const missed = known.filter((fact) => !claimed.has(keyOf(fact)));
  const hidden = [...facts].filter(([key, fact]) => !fact.isKnowable && !claimed.has(key)).map(([, fact]) => fact);
  const share = (part: number, all: number): number => (all === 0 ? 1 : part / all);
  const missedOf = ({ job, table, access, why }: Fact, otherwise: string): Missed => ({
    job,
    table,
    access,
    why: why ?? otherwise,
  });
  return {
    claims: claims.length,
    precision: share(claims.length - wrong.length, claims.length),
    recall: share(known.length - missed.length, known.length),
    wrong,
    missed: missed.map((fact) => missedOf(fact, "it shows, and was not found")),
    hidden: hidden.map((fact) => missedOf(fact, "nothing that proves it was done")),
  };
}
