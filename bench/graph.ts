/** Traces over 10,000 nodes in typed arrays, against recursive SQL of the same question on the same SQLite file. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openGraphs } from "../src/lineage/graph/read.ts";
import { walk } from "../src/lineage/graph/walk.ts";
import { focusView } from "../src/lineage/view/focus.ts";
import { openStore } from "../src/store/open.ts";
import { openConnection } from "../src/store/sqlite/connection.ts";
import { systemClock } from "../src/util/clock.ts";
import { seeEdges } from "../test/lineage-store.ts";
import { median } from "./measure/child.ts";
import { type Headline, headline } from "./measure/headline.ts";

const [JOBS, TABLES, EDGES, ROUNDS] = [2_000, 8_000, 30_000, 5];
const [AT, FIRST, WINDOW] = ["2026-11-20", "2026-10-22", 30];

/** Everything downstream of a node, as one would ask the database: by its indexes, edges that were seen in the window. */
const SEEN = `exists (select 1 from sighting s where s.edge_id = e.id and s.day >= '${FIRST}' and s.day <= '${AT}')`;
const RECURSIVE = `
with recursive found(node) as (
  select cast(? as integer)
  union select e.to_node from found join edge e on e.from_node = found.node and e.relation = 'writes' and ${SEEN}
  union select e.from_node from found join edge e on e.to_node = found.node and e.relation = 'reads' and ${SEEN}
) select count(*) as count from found`;

function edges() {
  let state = 11;
  const roll = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const each = TABLES / JOBS;
  const seen = new Map<string, { job: string; table: string; relation: "reads" | "writes"; day: string }>();
  for (let at = 0; seen.size < EDGES; at++) {
    const isWrite = at < TABLES;
    const job = isWrite ? Math.floor(at / each) : roll(JOBS);
    const table = isWrite ? at : Math.max(0, job - 1 - roll(200)) * each + roll(each);
    const relation = isWrite ? "writes" : "reads";
    seen.set(`${job} ${table} ${relation}`, { job: String(job), table: `main.s.t${table}`, relation, day: AT });
  }
  return [...seen.values()];
}

async function timed<T>(work: () => T | Promise<T>): Promise<{ ms: number; value: T }> {
  const from = performance.now();
  const value = await work();
  return { ms: performance.now() - from, value };
}

/** Milliseconds: the graph from the store, and questions to it. Medians of rounds in turn. */
export async function run(): Promise<Headline[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "headgate-graph-"));
  const file = path.join(folder, "state.db");
  const store = await openStore({ kind: "sqlite", path: file });
  try {
    await seeEdges(store, edges());
    const sql = await openConnection(file, { clock: systemClock, durability: "normal", lockWaitMs: 5_000 });
    const [read, traced, shown, recursive] = [[], [], [], []] as number[][];
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const graph = await timed(() => openGraphs(store.lineage).at(AT, WINDOW));
        const start = graph.value.nodes.findIndex(({ name }) => name === `main.s.t${round * 3}`);
        const id = graph.value.nodes[start]?.id as number;
        const theirs = await timed(() => sql.run(RECURSIVE, [id]));
        const ours = await timed(() => walk(graph.value, [start], "down"));
        const expected = Number(theirs.value.rows[0]?.count);
        if (ours.value.reached.length !== expected)
          throw new Error(`${ours.value.reached.length}, but ${expected} by SQL`);
        const view = await timed(() => focusView(graph.value, start, { up: 2, down: 2, fold: 8 }));
        read?.push(graph.ms);
        traced?.push(ours.ms);
        shown?.push(view.ms);
        recursive?.push(theirs.ms);
      }
    } finally {
      sql.close();
    }
    const [baseline, baselineName] = [median(recursive ?? []), "recursive SQL of everything downstream"];
    const of = `${JOBS + TABLES} nodes, ${EDGES} edges`;
    const line = (name: string, values: number[] = []) =>
      headline({ name, value: median(values), unit: "ms", baseline, baselineName });
    return [
      line(`everything downstream of a table (${of})`, traced),
      line("the picture around it, two steps both ways", shown),
      line("the graph read from the store, once a date", read),
    ];
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}
