/** The graph of the store as what a wave plan is made from: who reads and writes which table, and who only may. */
import type { WaveEdge } from "../../model/wave.ts";
import { utc } from "../../util/clock.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import { relationBit } from "../graph/direction.ts";
import { isPath } from "../graph/paths.ts";
import type { Thing } from "../graph/things.ts";
import { tableNode } from "../names.ts";

const ACCESS = { reads: "read", writes: "write", maintains: "maintenance" } as const;

/**
 * Names of the table that a dataset is: one, several where they share a location, none for a path: files of no table do
 * not move by themselves.
 */
function tableNames(thing: Thing): { namespace: string; name: string }[] {
  return [thing, ...thing.aliases].filter((node) => node.kind === "dataset" && !isPath(node));
}

/** Names, with their namespace where another thing has the same name. */
function naming(all: readonly { namespace: string; name: string }[]) {
  const namespaces = new Map<string, Set<string>>();
  for (const { namespace, name } of all) namespaces.set(name, (namespaces.get(name) ?? new Set()).add(namespace));
  return ({ namespace, name }: { namespace: string; name: string }): string =>
    (namespaces.get(name)?.size ?? 0) > 1 ? `${name} (${namespace})` : name;
}

/**
 * How the edges call a table that a person or an inventory names: as written where an edge has it so, else as the
 * workspace has it (lower case, `hive_metastore` before two parts).
 */
export function tableNaming(edges: readonly WaveEdge[]): (name: string) => string {
  const known = new Set(edges.flatMap(({ table, aliases = [] }) => (table === null ? aliases : [table, ...aliases])));
  return (name) => (known.has(name) ? name : tableNode("", name).name);
}

/** Edges in the order of the graph. Tables that a job reads and writes by a path alone are not among them. */
export function waveEdgesOf(graph: Adjacency): WaveEdge[] {
  const { nodes, edges } = graph;
  const tables = nodes.map(tableNames);
  const isJob = (node: Thing | undefined): node is Thing => node?.kind === "job" || node?.kind === "task";
  const tableName = naming(tables.flat());
  const jobName = naming(nodes.filter(isJob));
  const found: WaveEdge[] = [];
  for (let edge = 0; edge < edges.from.length; edge++) {
    const [from, to] = [edges.from[edge] as number, edges.to[edge] as number];
    const [job, dataset] = isJob(nodes[from]) ? [nodes[from], to] : [nodes[to], from];
    const [table, ...aliases] = (tables[dataset] ?? []).map(tableName);
    if (!isJob(job) || table === undefined) continue;
    const person = { jobId: jobName(job), jobName: job.title ?? null };
    const about = { table, ...(aliases.length > 0 ? { aliases } : {}), lastSeen: utc(edges.lastAt[edge] as number) };
    for (const relation of ["reads", "writes", "maintains"] as const) {
      const access = ACCESS[relation];
      const has = (bits: Uint8Array) => ((bits[edge] as number) & relationBit(relation)) !== 0;
      if (has(edges.owned)) found.push({ ...person, ...about, access, candidates: [] });
      if (has(edges.candidate)) found.push({ jobId: null, jobName: null, ...about, access, candidates: [person] });
    }
  }
  return found;
}
