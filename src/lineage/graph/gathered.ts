/** Edges while they are gathered into a graph: columns that grow, so that 300,000 of them are no objects. */
import type { EdgeAt } from "../../store/lineage.ts";
import { movesData, relationBit } from "./direction.ts";
import { createWordSets } from "./word-sets.ts";

type NumberArray = Uint8Array | Uint32Array | Float64Array;

const BYTES = ["relations", "candidate", "owned", "approximate"] as const;
const WORDS = ["from", "to", "sources", "attributions"] as const;
const NUMBERS = ["confidence", "requests", "files", "bytes", "commits", "runs", "firstAt", "lastAt"] as const;

/** Columns of edges; what they mean is said at `EdgeColumns`. Here ends are numbers of things. */
export type GatheredColumns = Record<(typeof BYTES)[number], Uint8Array> &
  Record<(typeof WORDS)[number], Uint32Array> &
  Record<(typeof NUMBERS)[number], Float64Array>;

function columnsFor(length: number): GatheredColumns {
  const made = (names: readonly string[], make: () => NumberArray) => names.map((name) => [name, make()]);
  return Object.fromEntries([
    ...made(BYTES, () => new Uint8Array(length)),
    ...made(WORDS, () => new Uint32Array(length)),
    ...made(NUMBERS, () => new Float64Array(length)),
  ]) as GatheredColumns;
}

/** The columns with more room. */
function grown(columns: GatheredColumns, length: number): GatheredColumns {
  const next = columnsFor(length);
  for (const name of [...BYTES, ...WORDS, ...NUMBERS]) next[name].set(columns[name] as never);
  return next;
}

/** The columns with their rows in another order. */
export function inOrder(columns: GatheredColumns, order: Uint32Array): GatheredColumns {
  const next = columnsFor(order.length);
  for (const name of [...BYTES, ...WORDS, ...NUMBERS]) {
    const [from, to] = [columns[name], next[name]];
    for (let row = 0; row < order.length; row++) to[row] = from[order[row] as number] as number;
  }
  return next;
}

/** Edges of the store, by the edge of the graph that each is a part of. */
export interface StoredParts {
  of: number[];
  ids: number[];
  relations: number[];
}

/** Gathers edges between things. */
export interface GatheredEdges {
  /** @param from and to: numbers of things, not the same */
  add(from: number, to: number, edge: EdgeAt): void;
  count(): number;
  columns(): GatheredColumns;
  readonly stored: StoredParts;
  /** Sets of words that `sources` and `attributions` refer to. */
  readonly words: readonly (readonly string[])[];
}

/** Whether a sighting names one owner; months that were rolled up no longer tell, and are taken for it. */
const isOwned = ({ attributions }: EdgeAt): boolean =>
  attributions.length === 0 || attributions.some((one) => one !== "ambiguous");

/** Things of one graph, at most: two of their numbers make one exact number. */
const MOST = 2 ** 26;

/** Begins to gather. */
export function gatherEdges(): GatheredEdges {
  const rows = new Map<number, number>();
  const stored: StoredParts = { of: [], ids: [], relations: [] };
  const words = createWordSets();
  let room = 1_024;
  let columns = columnsFor(room);
  let count = 0;

  function begin(row: number, from: number, to: number, edge: EdgeAt): void {
    columns.from[row] = from;
    columns.to[row] = to;
    columns.confidence[row] = edge.confidence;
    columns.runs[row] = edge.runs;
    columns.firstAt[row] = Date.parse(edge.firstAt);
    columns.lastAt[row] = Date.parse(edge.lastAt);
    columns.sources[row] = words.of(edge.sources);
    columns.attributions[row] = words.of(edge.attributions);
  }

  /** Two edges of the store are one here. */
  function join(row: number, edge: EdgeAt): void {
    const of = columns;
    const [before, now] = [movesData(of.relations[row] as number), movesData(relationBit(edge.relation))];
    // What moves data counts: that a job tidies up a table says not that it fills it.
    if (before === now) of.confidence[row] = Math.max(of.confidence[row] as number, edge.confidence);
    else if (now) of.confidence[row] = edge.confidence;
    // The same runs read and write: they are not counted twice.
    of.runs[row] = Math.max(of.runs[row] as number, edge.runs);
    of.firstAt[row] = Math.min(of.firstAt[row] as number, Date.parse(edge.firstAt));
    of.lastAt[row] = Math.max(of.lastAt[row] as number, Date.parse(edge.lastAt));
    of.sources[row] = words.with(of.sources[row] as number, edge.sources);
    of.attributions[row] = words.with(of.attributions[row] as number, edge.attributions);
  }

  return {
    stored,
    words: words.sets,
    count: () => count,
    columns: () => columns,
    add(from, to, edge) {
      const key = from * MOST + to;
      const known = rows.get(key);
      const row = known ?? count;
      if (known === undefined) {
        rows.set(key, row);
        count += 1;
        if (count > room) {
          room *= 2;
          columns = grown(columns, room);
        }
        begin(row, from, to, edge);
      } else join(row, edge);
      const relation = relationBit(edge.relation);
      columns.relations[row] = (columns.relations[row] as number) | relation;
      if (edge.attributions.includes("ambiguous"))
        columns.candidate[row] = (columns.candidate[row] as number) | relation;
      if (isOwned(edge)) columns.owned[row] = (columns.owned[row] as number) | relation;
      if (edge.approximate) columns.approximate[row] = 1;
      for (const name of ["requests", "files", "bytes", "commits"] as const) {
        columns[name][row] = (columns[name][row] as number) + edge[name];
      }
      stored.of.push(row);
      stored.ids.push(edge.edgeId);
      stored.relations.push(relation);
    },
  };
}
