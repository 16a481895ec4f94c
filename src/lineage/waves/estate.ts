/** Edges as numbered jobs and tables with the links between them; the order of the edges leaves no trace. */
import type { WaveCut, WaveEdge, WaveJob, WavePins, WaveTable } from "../../model/wave.ts";
import { type Links, link, linksOf, noPairs, type Pairs } from "./graph.ts";

/** Jobs are nodes from 0, tables the nodes after them, each sorted by name. */
export interface Estate {
  jobs: WaveJob[];
  tables: string[];
  /** By table, from 0; null where unknown. */
  bytes: (number | null)[];
  /** Job → tables it writes. */
  writes: Links;
  /** Table → jobs that read it. */
  reads: Links;
  /** Table ↔ table of the same location. */
  same: Links;
  /** What may be, from what has to move first to what follows. */
  soft: { access: WaveCut["access"]; links: Links }[];
  excluded: { jobs: WaveJob[]; tables: string[] };
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Ids that are numbers by their value, before those that are not (runs that were submitted). */
export function byId(a: string, b: string): number {
  const [first, second] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (first !== second) return first ? -1 : 1;
  return (first ? a.length - b.length : 0) || byText(a, b);
}

/** Every job with the name it had when it was last seen. */
function jobsOf(edges: readonly WaveEdge[]): WaveJob[] {
  const seen = new Map<string, { name: string | null; at: string }>();
  for (const edge of edges) {
    for (const { jobId, jobName } of edge.jobId === null ? edge.candidates : [edge]) {
      if (jobId === null) continue;
      const known = seen.get(jobId);
      const order =
        known === undefined ? 1 : byText(edge.lastSeen, known.at) || byText(jobName ?? "", known.name ?? "");
      if (order > 0 && (jobName !== null || known === undefined)) seen.set(jobId, { name: jobName, at: edge.lastSeen });
    }
  }
  return [...seen].map(([id, { name }]) => ({ id, name })).sort((a, b) => byId(a.id, b.id));
}

const tablesOf = (edge: WaveEdge): readonly string[] =>
  edge.table === null ? (edge.tableCandidates ?? []) : [edge.table];

/**
 * Numbers what the edges name. A table and its writers are linked both ways by whoever plans: here are only facts.
 * Certain is an edge of one job and one table; of several, and maintenance, is soft: OPTIMIZE moves no data between
 * tables, so it ties nothing. Metadata and refused accesses order nothing; paths of no table do not move.
 */
export function estateOf(
  edges: readonly WaveEdge[],
  inventory: readonly WaveTable[],
  pins: Pick<WavePins, "jobs" | "tables">,
): Estate {
  const allJobs = jobsOf(edges);
  const sizes = new Map<string, number | null>();
  for (const { name, bytes } of inventory) {
    // a table may be listed with several locations
    if (!sizes.has(name) || (bytes ?? -1) > (sizes.get(name) ?? -1)) sizes.set(name, bytes);
  }
  for (const edge of edges) {
    for (const name of tablesOf(edge)) if (!sizes.has(name)) sizes.set(name, null);
    for (const name of edge.aliases ?? []) if (!sizes.has(name)) sizes.set(name, null);
  }
  const allTables = [...sizes.keys()].sort(byText);
  const outJobs = new Set(Object.keys(pins.jobs).filter((id) => pins.jobs[id] === "exclude"));
  const outTables = new Set(Object.keys(pins.tables).filter((name) => pins.tables[name] === "exclude"));
  const jobs = allJobs.filter(({ id }) => !outJobs.has(id));
  const tables = allTables.filter((name) => !outTables.has(name));

  const jobNode = new Map(jobs.map(({ id }, node) => [id, node]));
  const tableNode = new Map(tables.map((name, index) => [name, jobs.length + index]));
  const pairs = { write: noPairs(), read: noPairs(), same: noPairs() };
  const soft = { read: noPairs(), write: noPairs(), maintenance: noPairs() };
  for (const edge of edges) {
    const { access } = edge;
    const names = tablesOf(edge);
    for (const alias of edge.aliases ?? []) both(pairs.same, tableNode.get(names[0] ?? ""), tableNode.get(alias));
    if (access === "metadata" || access === "denied") continue;
    const certain = edge.jobId !== null && edge.table !== null && access !== "maintenance";
    for (const { jobId } of edge.jobId === null ? edge.candidates : [edge]) {
      const job = jobNode.get(jobId ?? "");
      for (const name of names) {
        const table = tableNode.get(name);
        if (job === undefined || table === undefined) continue;
        const into = certain ? pairs[access] : soft[access];
        if (access === "write") link(into, job, table);
        else link(into, table, job);
      }
    }
  }
  const nodes = jobs.length + tables.length;
  return {
    jobs,
    tables,
    bytes: tables.map((name) => sizes.get(name) ?? null),
    writes: linksOf(nodes, pairs.write),
    reads: linksOf(nodes, pairs.read),
    same: linksOf(nodes, pairs.same),
    soft: (["read", "write", "maintenance"] as const).map((access) => ({
      access,
      links: linksOf(nodes, soft[access]),
    })),
    excluded: {
      jobs: allJobs.filter(({ id }) => outJobs.has(id)),
      tables: allTables.filter((name) => outTables.has(name)),
    },
  };
}

function both(pairs: Pairs, a: number | undefined, b: number | undefined): void {
  if (a === undefined || b === undefined || a === b) return;
  link(pairs, a, b);
  link(pairs, b, a);
}
