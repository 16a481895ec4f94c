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

const tablesOf = (edge: WaveEdge): readonly string[] =>
  edge.table === null ? (edge.tableCandidates ?? []) : [edge.table];

/** Numbers names in the order they come. */
function numbering() {
  const numbers = new Map<string, number>();
  return {
    names: (): string[] => [...numbers.keys()],
    of(name: string): number {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, numbers.size);
      return numbers.size - 1;
    },
  };
}

/** The nodes of what was numbered as it came: sorted, from `first`, without what is excluded (-1). */
function sortedNodes(
  names: readonly string[],
  compare: (a: string, b: string) => number,
  isOut: (name: string) => boolean,
  first = 0,
) {
  const order = Array.from(names.keys()).sort((a, b) => compare(names[a] as string, names[b] as string));
  const nodeOf = new Int32Array(names.length).fill(-1);
  const kept = order.filter((number) => !isOut(names[number] as string));
  kept.forEach((number, index) => {
    nodeOf[number] = first + index;
  });
  return { nodeOf, kept, out: order.filter((number) => nodeOf[number] === -1) };
}

/** Links between what was numbered as it came, as links between nodes. */
function renumbered(pairs: Pairs, from: Int32Array, to: Int32Array): Pairs {
  const nodes = noPairs();
  for (let at = 0; at < pairs.from.length; at++) {
    const [first, second] = [from[pairs.from[at] as number] as number, to[pairs.to[at] as number] as number];
    if (first !== -1 && second !== -1) link(nodes, first, second);
  }
  return nodes;
}

const backwards = ({ from, to }: Pairs): Pairs => ({ from: to, to: from });

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
  const jobNumbers = numbering();
  const tableNumbers = numbering();
  const names: { name: string | null; at: string }[] = [];
  const sizes: (number | undefined)[] = [];
  // job → table, but for `same`: turned where the table comes first
  const pairs = { write: noPairs(), read: noPairs() };
  const soft = { read: noPairs(), write: noPairs(), maintenance: noPairs() };
  const same = noPairs();

  for (const { name, bytes } of inventory) {
    const table = tableNumbers.of(name);
    // a table may be listed with several locations
    if (bytes !== null) sizes[table] = Math.max(sizes[table] ?? 0, bytes);
  }
  for (const edge of edges) {
    const { access, lastSeen } = edge;
    const tables = tablesOf(edge).map(tableNumbers.of);
    for (const alias of edge.aliases ?? []) if (tables[0] !== undefined) link(same, tables[0], tableNumbers.of(alias));
    const isCertain = edge.jobId !== null && edge.table !== null;
    for (const { jobId, jobName } of edge.jobId === null ? edge.candidates : [edge]) {
      if (jobId === null) continue;
      const job = jobNumbers.of(jobId);
      const known = names[job];
      if (known === undefined || (jobName !== null && isNewer(jobName, lastSeen, known))) {
        names[job] = { name: jobName, at: lastSeen };
      }
      if (access === "metadata" || access === "denied") continue;
      const into = isCertain && access !== "maintenance" ? pairs[access] : soft[access];
      for (const table of tables) link(into, job, table);
    }
  }

  const [jobIds, tableNames] = [jobNumbers.names(), tableNumbers.names()];
  const jobs = sortedNodes(jobIds, byId, (id) => pins.jobs[id] === "exclude");
  const tables = sortedNodes(tableNames, byText, (name) => pins.tables[name] === "exclude", jobs.kept.length);
  const jobAt = (job: number): WaveJob => ({ id: jobIds[job] as string, name: names[job]?.name ?? null });
  const nameAt = (table: number): string => tableNames[table] as string;
  const nodes = jobs.kept.length + tables.kept.length;
  const jobToTable = (from: Pairs): Links => linksOf(nodes, renumbered(from, jobs.nodeOf, tables.nodeOf));
  const tableToJob = (from: Pairs): Links => linksOf(nodes, renumbered(backwards(from), tables.nodeOf, jobs.nodeOf));
  const twins = renumbered(same, tables.nodeOf, tables.nodeOf);
  return {
    jobs: jobs.kept.map(jobAt),
    tables: tables.kept.map(nameAt),
    bytes: tables.kept.map((table) => sizes[table] ?? null),
    writes: jobToTable(pairs.write),
    reads: tableToJob(pairs.read),
    same: linksOf(nodes, { from: [...twins.from, ...twins.to], to: [...twins.to, ...twins.from] }),
    soft: [
      { access: "read", links: tableToJob(soft.read) },
      { access: "write", links: jobToTable(soft.write) },
      { access: "maintenance", links: tableToJob(soft.maintenance) },
    ],
    excluded: { jobs: jobs.out.map(jobAt), tables: tables.out.map(nameAt) },
  };
}

/** Whether a name was seen later than the one that is known; of two at one time the greater is taken. */
function isNewer(name: string, at: string, known: { name: string | null; at: string }): boolean {
  return known.name === null || (byText(at, known.at) || byText(name, known.name)) > 0;
}
