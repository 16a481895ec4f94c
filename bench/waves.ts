/** Waves of a large estate, against the same adjacency in maps and sets with the same search over it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openGraphs } from "../src/lineage/graph/read.ts";
import { componentsOf } from "../src/lineage/waves/components.ts";
import { estateOf } from "../src/lineage/waves/estate.ts";
import { waveEdgesOf } from "../src/lineage/waves/from-graph.ts";
import { groupsOf } from "../src/lineage/waves/groups.ts";
import { placingOrder } from "../src/lineage/waves/order.ts";
import { planWaves } from "../src/lineage/waves/plan.ts";
import type { WaveEdge } from "../src/model/wave.ts";
import { openStore } from "../src/store/open.ts";
import { type PlainEdge, seeEdges } from "../test/lineage-store.ts";
import { median } from "./measure/child.ts";
import { type Headline, headline } from "./measure/headline.ts";

const [JOBS, TABLES, EDGES, ROUNDS] = [5_000, 50_000, 300_000, 5];
const [AT, WINDOW, STORE_ROUNDS] = ["2026-11-20", 30, 3];
const PINS = { jobs: {}, tables: {} };

/** An estate in layers: a job writes its own tables and reads those of jobs before it; few read what comes later. */
function estate(): WaveEdge[] {
  let state = 7;
  const roll = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const each = TABLES / JOBS;
  const edge = (job: number, access: "read" | "write", table: number): WaveEdge => ({
    jobId: String(1_000_000 + job),
    jobName: `job ${job}`,
    table: `schema_${table % 97}.table_${table}`,
    access,
    candidates: [],
    lastSeen: "2026-11-01T00:00:00.000Z",
  });
  return Array.from({ length: EDGES }, (_, at) => {
    if (at < TABLES) return edge(Math.floor(at / each), "write", at);
    const job = roll(JOBS);
    const isBack = at % 50_000 === 0;
    const near = Math.max(0, job - 1 - roll(400));
    const table = isBack ? Math.min(TABLES - 1, (job + 3) * each) : near * each + roll(each);
    return edge(job, "read", table);
  });
}

/** The components as one would find them with maps and sets: a stack instead of recursion, no typed array. */
function componentsWithMaps(edges: readonly WaveEdge[]): number {
  const links = new Map<string, Set<string>>();
  const at = (node: string): Set<string> => {
    const known = links.get(node);
    if (known !== undefined) return known;
    const made = new Set<string>();
    links.set(node, made);
    return made;
  };
  for (const { jobId, table, access } of edges) {
    const [job, data] = [`j:${jobId}`, `t:${table}`];
    at(data).add(job);
    if (access === "write") at(job).add(data);
    else at(job);
  }
  const found = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  let count = 0;
  const enter = (node: string) => {
    low.set(node, found.size);
    found.set(node, found.size);
    open.push(node);
    isOpen.add(node);
    return { node, rest: at(node)[Symbol.iterator]() };
  };
  const lower = (node: string, value: number): void => void low.set(node, Math.min(low.get(node) ?? value, value));
  for (const start of links.keys()) {
    if (found.has(start)) continue;
    const path = [enter(start)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.next();
      if (next.done !== true) {
        const seen = found.get(next.value);
        if (seen === undefined) path.push(enter(next.value));
        else if (isOpen.has(next.value)) lower(top.node, seen);
        continue;
      }
      path.pop();
      const below = path.at(-1);
      if (below !== undefined) lower(below.node, low.get(top.node) ?? 0);
      if (low.get(top.node) !== found.get(top.node)) continue;
      count++;
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        isOpen.delete(member);
        if (member === top.node) break;
      }
    }
  }
  return count;
}

function timed<T>(work: () => T): { ms: number; value: T } {
  const from = performance.now();
  const value = work();
  return { ms: performance.now() - from, value };
}

/** Milliseconds from a store to the plan, as `lineage waves` asks it: the graph is read anew each time. */
async function viaStore(edges: readonly WaveEdge[]): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), "headgate-waves-"));
  const store = await openStore({ kind: "sqlite", path: path.join(folder, "state.db") });
  try {
    const seen = edges.map(({ jobId, table, access }): [string, PlainEdge] => {
      const relation = access === "write" ? "writes" : "reads";
      return [`${jobId} ${table} ${relation}`, { job: String(jobId), table: String(table), relation }];
    });
    await seeEdges(store, [...new Map(seen).values()]);
    const taken: number[] = [];
    for (let round = 0; round < STORE_ROUNDS; round++) {
      const from = performance.now();
      const graph = await openGraphs(store.lineage).at(AT, WINDOW);
      const plan = planWaves({ edges: waveEdgesOf(graph), capacity: { jobs: 50 } });
      taken.push(performance.now() - from);
      const placed = plan.waves.reduce((sum, { jobs, tables }) => sum + jobs + tables, 0);
      if (placed !== JOBS + TABLES) throw new Error(`${placed} placed from the store`);
    }
    return median(taken);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds from edges in memory to the plan, and of the search alone. Medians of rounds in turn. */
export async function run(): Promise<Headline[]> {
  const edges = estate();
  const whole: number[] = [];
  const searched: number[] = [];
  const withMaps: number[] = [];
  const ordered: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const maps = timed(() => componentsWithMaps(edges));
    const arrays = timed(() => groupsOf(estateOf(edges, [], PINS)));
    if (arrays.value.count !== maps.value) throw new Error(`${arrays.value.count} groups, but ${maps.value} with maps`);
    const again = timed(() => {
      componentsOf(arrays.value.hard);
      placingOrder(arrays.value);
    });
    const plan = timed(() => planWaves({ edges, capacity: { jobs: 50 } }));
    const placed = plan.value.waves.reduce((sum, { jobs, tables }) => sum + jobs + tables, 0);
    if (placed !== JOBS + TABLES) throw new Error(`${placed} placed`);
    withMaps.push(maps.ms);
    searched.push(arrays.ms);
    ordered.push(again.ms);
    whole.push(plan.ms);
  }
  const baseline = median(withMaps);
  const baselineName = "the groups alone, with Map and Set";
  const of = `${JOBS} jobs, ${TABLES} tables, ${EDGES} edges`;
  return [
    headline({
      name: `groups and their order from edges (${of})`,
      value: median(searched),
      unit: "ms",
      baseline,
      baselineName,
    }),
    headline({
      name: "components and order, numbered before",
      value: median(ordered),
      unit: "ms",
      baseline,
      baselineName,
    }),
    headline({
      name: "the whole plan with capacity, hubs and reasons",
      value: median(whole),
      unit: "ms",
      baseline,
      baselineName,
    }),
    headline({
      name: "the whole plan, from a store",
      value: await viaStore(edges),
      unit: "ms",
      baseline,
      baselineName,
    }),
  ];
}
