/**
 * The graph at a date in memory: nodes sorted by name, edges in typed arrays in the direction of the data, neighbours
 * by row. Names of one thing are one node, and all that one node does to another is one edge.
 */
import type { EdgeAt, LineageNode } from "../../store/lineage.ts";
import { flowOf, movesData, relationBit } from "./direction.ts";
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

/** Numbers sets of words. */
function wordSets() {
  const places = new Map<string, number>();
  const sets: string[][] = [];
  return {
    sets,
    of(words: readonly string[]): number {
      const set = [...new Set(words)].sort(byText);
      const key = set.join("\u001f");
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, sets.length);
      sets.push(set);
      return sets.length - 1;
    },
  };
}

/** One edge while it is gathered; ends are numbers of things. */
interface Gathered {
  from: number;
  to: number;
  relations: number;
  candidate: number;
  owned: number;
  seen: EdgeAt;
  sources: number;
  attributions: number;
  ids: number[];
  each: number[];
}

/** Whether a sighting names one owner; months that were rolled up no longer tell, and are taken for it. */
const isOwned = ({ attributions }: EdgeAt): boolean =>
  attributions.length === 0 || attributions.some((one) => one !== "ambiguous");

/** Takes the edges of a date one by one, and makes the graph of them. */
export interface AdjacencyBuilder {
  /** Both ends have to be known to the things. */
  add(edge: EdgeAt): void;
  finish(): Adjacency;
}

/** Begins a graph of things. */
export function buildAdjacency(at: string, windowDays: number, things: Things): AdjacencyBuilder {
  const gathered = new Map<number, Map<number, Gathered>>();
  const words = wordSets();

  return {
    add(edge) {
      const flow = flowOf(edge);
      const [from, to] = [things.of(flow.from), things.of(flow.to)];
      // Two names of one table: what was copied from the one to the other went nowhere.
      if (from === to) return;
      const row = gathered.get(from) ?? new Map<number, Gathered>();
      gathered.set(from, row);
      const known = row.get(to);
      const relations = relationBit(edge.relation);
      const [sources, attributions] = [words.of(edge.sources), words.of(edge.attributions)];
      const candidate = edge.attributions.includes("ambiguous") ? relations : 0;
      const owned = isOwned(edge) ? relations : 0;
      if (known === undefined) {
        const kinds = { relations, candidate, owned, sources, attributions };
        row.set(to, { from, to, ...kinds, seen: edge, ids: [edge.edgeId], each: [relations] });
        return;
      }
      const confidence = surer(known, { relations, seen: edge });
      known.relations |= relations;
      known.candidate |= candidate;
      known.owned |= owned;
      known.seen = { ...together(known.seen, edge), confidence };
      known.sources = words.of([...(words.sets[known.sources] ?? []), ...edge.sources]);
      known.attributions = words.of([...(words.sets[known.attributions] ?? []), ...edge.attributions]);
      known.ids.push(edge.edgeId);
      known.each.push(relations);
    },
    finish() {
      const all = things.all();
      const edges: Gathered[] = [];
      const used = new Set<number>();
      for (const row of gathered.values()) {
        for (const edge of row.values()) {
          edges.push(edge);
          used.add(edge.from).add(edge.to);
        }
      }
      const order = [...used].sort((a, b) => byName(all[a] as Thing, all[b] as Thing));
      const nodes = order.map((thing) => all[thing] as Thing);
      const places = new Int32Array(all.length).fill(-1);
      const placeOf = new Map<number, number>();
      order.forEach((thing, place) => {
        places[thing] = place;
        placeOf.set((all[thing] as Thing).id, place);
        for (const id of (all[thing] as Thing).members) placeOf.set(id, place);
      });
      const place = (thing: number): number => places[thing] as number;
      edges.sort((a, b) => place(a.from) - place(b.from) || place(a.to) - place(b.to));
      return { at, windowDays, nodes, placeOf, words: words.sets, ...columnsOf(edges, nodes.length, place) };
    },
  };
}

/** Confidence of two that are one edge. What moves data counts: that a job tidies up a table says not that it fills it. */
function surer(a: Pick<Gathered, "relations" | "seen">, b: Pick<Gathered, "relations" | "seen">): number {
  if (movesData(a.relations) === movesData(b.relations)) return Math.max(a.seen.confidence, b.seen.confidence);
  return (movesData(a.relations) ? a : b).seen.confidence;
}

/** What was seen of two edges that are one. */
function together(a: EdgeAt, b: EdgeAt): Omit<EdgeAt, "confidence"> {
  return {
    ...a,
    requests: a.requests + b.requests,
    files: a.files + b.files,
    bytes: a.bytes + b.bytes,
    commits: a.commits + b.commits,
    // The same runs read and write: they are not counted twice.
    runs: Math.max(a.runs, b.runs),
    firstAt: byText(a.firstAt, b.firstAt) < 0 ? a.firstAt : b.firstAt,
    lastAt: byText(a.lastAt, b.lastAt) > 0 ? a.lastAt : b.lastAt,
    approximate: a.approximate || b.approximate,
  };
}

/** Bytes of a node beside its edges: an object with three texts, and its row in two maps. */
const NODE_BYTES = 300;

function columnsOf(edges: readonly Gathered[], nodes: number, place: (id: number) => number) {
  const { length } = edges;
  const numbers = (of: (seen: EdgeAt) => number) => Float64Array.from(edges, ({ seen }) => of(seen));
  const columns: EdgeColumns = {
    from: Uint32Array.from(edges, ({ from }) => place(from)),
    to: Uint32Array.from(edges, ({ to }) => place(to)),
    relations: Uint8Array.from(edges, ({ relations }) => relations),
    candidate: Uint8Array.from(edges, ({ candidate }) => candidate),
    owned: Uint8Array.from(edges, ({ owned }) => owned),
    confidence: numbers((seen) => seen.confidence),
    requests: numbers((seen) => seen.requests),
    files: numbers((seen) => seen.files),
    bytes: numbers((seen) => seen.bytes),
    commits: numbers((seen) => seen.commits),
    runs: numbers((seen) => seen.runs),
    firstAt: numbers((seen) => Date.parse(seen.firstAt)),
    lastAt: numbers((seen) => Date.parse(seen.lastAt)),
    sources: Uint32Array.from(edges, ({ sources }) => sources),
    attributions: Uint32Array.from(edges, ({ attributions }) => attributions),
    approximate: Uint8Array.from(edges, ({ seen }) => Number(seen.approximate)),
  };
  const offsets = new Uint32Array(length + 1);
  edges.forEach(({ ids }, edge) => {
    offsets[edge + 1] = (offsets[edge] as number) + ids.length;
  });
  const stored = {
    offsets,
    ids: Float64Array.from(edges.flatMap((edge) => edge.ids)),
    relations: Uint8Array.from(edges.flatMap((edge) => edge.each)),
  };
  const [down, up] = [rowsBy(nodes, columns.from), rowsBy(nodes, columns.to)];
  const arrays = [...Object.values(columns), ...Object.values(stored), down.offsets, down.edges, up.offsets, up.edges];
  return {
    edges: columns,
    stored,
    down,
    up,
    bytes: arrays.reduce((sum, array: { byteLength: number }) => sum + array.byteLength, nodes * NODE_BYTES),
  };
}
