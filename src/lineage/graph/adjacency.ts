/**
 * The graph at a date in memory: nodes sorted by name, edges in typed arrays in the direction of the data, neighbours
 * by row. Names of one thing are one node, and all that one node does to another is one edge.
 */
import type { EdgeAt, LineageNode } from "../../store/lineage.ts";
import { flowOf } from "./direction.ts";
import { type GatheredEdges, gatherEdges, inOrder } from "./gathered.ts";
import { type Rows, rowsBy } from "./links.ts";
import type { Thing, Things } from "./things.ts";

/** Edges by column; `from` and `to` are places of nodes. */
export interface EdgeColumns {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Sets of relations, see direction.ts. */
  readonly relations: Uint8Array;
  /** Those of them that only may be: whoever was seen doing it is one of several. */
  readonly candidate: Uint8Array;
  /** Those of them that one owner was seen doing. */
  readonly owned: Uint8Array;
  readonly confidence: Float64Array;
  readonly requests: Float64Array;
  readonly files: Float64Array;
  readonly bytes: Float64Array;
  readonly commits: Float64Array;
  readonly runs: Float64Array;
  /** Milliseconds since 1970 UTC. */
  readonly firstAt: Float64Array;
  readonly lastAt: Float64Array;
  /** Places in `words`: most edges were seen by the same sources in the same way. */
  readonly sources: Uint32Array;
  readonly attributions: Uint32Array;
  /** 1 where counts are a part of whole months. */
  readonly approximate: Uint8Array;
}

/** The graph at a date. Nodes and edges are named by their place. */
export interface Adjacency {
  /** The day, and how many days up to it an edge stays. */
  readonly at: string;
  readonly windowDays: number;
  /** By name, then namespace and kind. */
  readonly nodes: readonly Thing[];
  /** Place of a node by its id in the store, or that of any of its names. */
  readonly placeOf: ReadonlyMap<number, number>;
  readonly edges: EdgeColumns;
  /** Sets of words that edges refer to. */
  readonly words: readonly (readonly string[])[];
  /** The store's edges that are one edge here: row by edge, each with its relation. */
  readonly stored: { readonly offsets: Uint32Array; readonly ids: Float64Array; readonly relations: Uint8Array };
  /** Edges that leave a node, sorted by their other end. */
  readonly down: Rows;
  /** Edges that enter a node, sorted by their other end. */
  readonly up: Rows;
  /** About how much memory all this takes. */
  readonly bytes: number;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** An order of nodes that is the same in every store. */
const byName = (a: LineageNode, b: LineageNode): number =>
  byText(a.name, b.name) || byText(a.namespace, b.namespace) || byText(a.kind, b.kind);

/** Takes the edges of a date one by one, and makes the graph of them. */
export interface AdjacencyBuilder {
  /** Both ends have to be known to the things. */
  add(edge: EdgeAt): void;
  finish(): Adjacency;
}

/** Begins a graph of things. */
export function buildAdjacency(at: string, windowDays: number, things: Things): AdjacencyBuilder {
  const gathered = gatherEdges();
  return {
    add(edge) {
      const flow = flowOf(edge);
      const [from, to] = [things.of(flow.from), things.of(flow.to)];
      // Two names of one table: what was copied from the one to the other went nowhere.
      if (from !== to) gathered.add(from, to, edge);
    },
    finish() {
      const all = things.all();
      const columns = gathered.columns();
      const used = new Set<number>();
      for (let row = 0; row < gathered.count(); row++) {
        used.add(columns.from[row] as number).add(columns.to[row] as number);
      }
      const order = [...used].sort((a, b) => byName(all[a] as Thing, all[b] as Thing));
      const places = new Uint32Array(all.length);
      const placeOf = new Map<number, number>();
      order.forEach((thing, place) => {
        places[thing] = place;
        placeOf.set((all[thing] as Thing).id, place);
        for (const id of (all[thing] as Thing).members) placeOf.set(id, place);
      });
      const nodes = order.map((thing) => all[thing] as Thing);
      return { at, windowDays, nodes, placeOf, words: gathered.words, ...sorted(gathered, nodes.length, places) };
    },
  };
}

/** Bytes of a node beside its edges: an object with three texts, and its row in two maps. */
const NODE_BYTES = 300;

/** Rows by the places of both ends: two counting sorts. */
function orderOf(from: Uint32Array, to: Uint32Array, nodes: number): Uint32Array {
  const byTo = rowsBy(nodes, to).edges;
  const fromOf = byTo.map((row) => from[row] as number);
  return rowsBy(nodes, fromOf).edges.map((at) => byTo[at] as number);
}

function sorted(gathered: GatheredEdges, nodes: number, places: Uint32Array) {
  const count = gathered.count();
  const placesOf = (things: Uint32Array) => things.subarray(0, count).map((thing) => places[thing] as number);
  const { from, to } = gathered.columns();
  const order = orderOf(placesOf(from), placesOf(to), nodes);
  const columns = inOrder(gathered.columns(), order);
  columns.from = columns.from.map((thing) => places[thing] as number);
  columns.to = columns.to.map((thing) => places[thing] as number);
  const edgeOf = new Uint32Array(count);
  order.forEach((row, edge) => {
    edgeOf[row] = edge;
  });
  const { of, ids, relations } = gathered.stored;
  const parts = rowsBy(
    count,
    Uint32Array.from(of, (row) => edgeOf[row] as number),
  );
  const stored = {
    offsets: parts.offsets,
    ids: Float64Array.from(parts.edges, (part) => ids[part] as number),
    relations: Uint8Array.from(parts.edges, (part) => relations[part] as number),
  };
  const [down, up] = [rowsBy(nodes, columns.from), rowsBy(nodes, columns.to)];
  const arrays = [...Object.values(columns), ...Object.values(stored), down.offsets, down.edges, up.offsets, up.edges];
  return {
    edges: columns satisfies EdgeColumns,
    stored,
    down,
    up,
    bytes: arrays.reduce((sum, array: { byteLength: number }) => sum + array.byteLength, nodes * NODE_BYTES),
  };
}
