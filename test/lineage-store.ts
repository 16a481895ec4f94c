/** Puts edges into a store as an ingest would: nodes, edges, and sightings day by day. */
import type { NodeKey, Relation, Sighting } from "../src/store/lineage.ts";
import type { Store } from "../src/store/transaction.ts";

/** An edge to be seen, by names: a job id (or JOB/TASK), and a table or a path. */
export interface PlainEdge extends Partial<Omit<Sighting, "edgeId">> {
  job: string;
  table: string;
  relation?: Relation;
  /** `2026-11-20` when absent. */
  day?: string;
  /** `logs` when absent. */
  source?: string;
}

/** The workspace that job ids and table names are of. */
export const NAMESPACE = "databricks://1";

/** A job, a task where there is a slash. */
export const jobKey = (id: string): NodeKey => ({
  kind: id.includes("/") ? "task" : "job",
  namespace: NAMESPACE,
  name: id,
});

/** A table by name, or by its files where the name is an address. */
export function datasetKey(name: string): NodeKey {
  const [, namespace = NAMESPACE, path = name] = /^([a-z0-9]+:\/\/[^/]+)\/(.*)$/.exec(name) ?? [];
  return { kind: "dataset", namespace, name: path };
}

/** Writes edges, with all that is not said of them made up: seen once, exclusively, at six in the morning. */
export async function seeEdges(store: Store, edges: readonly PlainEdge[]): Promise<void> {
  const { lineage } = store;
  const jobs = await lineage.upsertNodes(edges.map(({ job }) => jobKey(job)));
  const tables = await lineage.upsertNodes(edges.map(({ table }) => datasetKey(table)));
  const ids = await lineage.upsertEdges(
    edges.map(({ relation = "reads" }, at) => ({ from: jobs[at] as number, to: tables[at] as number, relation })),
  );
  const days = new Map<string, { source: string; day: string; sightings: Sighting[] }>();
  edges.forEach((edge, at) => {
    const { job: _job, table: _table, relation: _relation, day = "2026-11-20", source = "logs", ...seen } = edge;
    const key = `${source} ${day}`;
    const of = days.get(key) ?? { source, day, sightings: [] };
    days.set(key, of);
    of.sightings.push({
      edgeId: ids[at] as number,
      method: "log",
      attribution: "exclusive",
      groupId: "",
      requests: 10,
      files: 2,
      bytes: 1_000,
      commits: 0,
      runs: 1,
      firstAt: `${day}T06:00:00.000Z`,
      lastAt: `${day}T06:10:00.000Z`,
      confidence: 0.98,
      ...seen,
    });
  });
  for (const content of days.values()) await lineage.replaceDay({ ...content, ruleset: "1", units: [] });
}
