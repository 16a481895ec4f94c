/** Reads the graph at a date from the store, and keeps the last few: the one effectful file of this folder. */
import type { EdgeAt, LineageNode, LineageStore } from "../../store/lineage.ts";
import { type Adjacency, buildAdjacency } from "./adjacency.ts";
import { gatherThings, jobOfTask } from "./things.ts";

/** The parts of the store's door that a graph is read from. */
export type GraphStore = Pick<LineageStore, "edgesAt" | "nodes" | "findNodes" | "canon" | "revision">;

/** Nodes asked for at once, and edges held back until their names are known. */
const BATCH = 5_000;

async function readGraph(
  store: GraphStore,
  at: string,
  windowDays: number,
  canon: ReadonlyMap<number, number>,
): Promise<Adjacency> {
  const things = gatherThings(canon);
  const graph = buildAdjacency(at, windowDays, things);
  const asked = new Set<string>();
  /** Jobs of tasks that were not asked for yet: an edge names only the task, its job has the title. */
  const jobsOf = async (nodes: readonly LineageNode[]): Promise<LineageNode[]> => {
    const jobs = nodes.filter(({ kind }) => kind === "task").map(jobOfTask);
    const unknown = new Map(jobs.map((job) => [`${job.namespace}/${job.name}`, job]));
    for (const key of asked) unknown.delete(key);
    for (const key of unknown.keys()) asked.add(key);
    return unknown.size === 0 ? [] : store.findNodes([...unknown.values()]);
  };
  const know = async (ids: Iterable<number>) => {
    const missing = [...new Set(ids)].filter((id) => !things.isKnown(id));
    for (let from = 0; from < missing.length; from += BATCH) {
      const nodes = await store.nodes(missing.slice(from, from + BATCH));
      things.know([...nodes, ...(await jobsOf(nodes))]);
    }
  };
  await know([...canon.keys(), ...canon.values()]);
  let held: EdgeAt[] = [];
  const take = async () => {
    await know(held.flatMap(({ from, to }) => [from, to]));
    for (const edge of held) graph.add(edge);
    held = [];
  };
  for await (const edge of store.edgesAt(at, windowDays)) {
    held.push(edge);
    if (held.length === BATCH) await take();
  }
  await take();
  return graph.finish();
}

/** Graphs by date, kept while they are true. */
export interface Graphs {
  /** The graph at a day (`2026-11-20`). Asked twice at once, it is read once. */
  at(day: string, windowDays: number): Promise<Adjacency>;
  /** Bytes that are held now. */
  held(): number;
}

/**
 * Opens the graphs of a store. What was read is forgotten when something new was written, and the longest unused
 * first when all together are larger than `limit` bytes; the last one is kept however large it is.
 */
export function openGraphs(store: GraphStore, { limit = 256 * 2 ** 20 }: { limit?: number } = {}): Graphs {
  const kept = new Map<string, { graph: Promise<Adjacency>; bytes: number }>();
  let truth = "";

  const held = () => [...kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    held,
    async at(day, windowDays) {
      const { epoch, canon } = await store.canon();
      const now = `${epoch}/${await store.revision()}`;
      if (now !== truth) kept.clear();
      truth = now;
      const key = `${day}/${windowDays}`;
      const known = kept.get(key);
      const entry = known ?? { graph: readGraph(store, day, windowDays, canon), bytes: 0 };
      kept.delete(key);
      kept.set(key, entry);
      if (known !== undefined) return known.graph;
      try {
        const graph = await entry.graph;
        entry.bytes = graph.bytes;
        for (const [oldest, { bytes }] of kept) {
          if (held() <= limit || oldest === key) break;
          // One that is still being read has no size yet: nothing is won by forgetting it.
          if (bytes > 0) kept.delete(oldest);
        }
        return graph;
      } catch (error) {
        // A failed reading is tried again by the next question.
        if (kept.get(key) === entry) kept.delete(key);
        throw error;
      }
    },
  };
}
