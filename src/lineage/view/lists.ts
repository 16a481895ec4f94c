/** Datasets, jobs and edges of the graph as rows, a page at a time. */
import type { DatasetOrder, Direction, PageOf } from "../../model/lineage-question.ts";
import type { LineageDatasetRow, LineageEdgeRow, LineageJobRow, LineageNodeView } from "../../model/view-lineage.ts";
import { utc } from "../../util/clock.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import { rowOf } from "../graph/links.ts";
import { neighbours } from "../graph/walk.ts";
import { edgeRow, strengthOf } from "./edge.ts";
import { lastOf } from "./focus.ts";
import { nodeView } from "./node.ts";

/** A page. */
interface Page<T> {
  count: number;
  items: T[];
  next: string | null;
}

/** Cuts a page out of places that fit; only its rows are made. */
function page<T>(places: readonly number[], { limit, cursor }: PageOf, row: (place: number) => T): Page<T> {
  const from = Math.max(0, Number(cursor ?? 0) || 0);
  const end = from + limit;
  return {
    count: places.length,
    items: places.slice(from, end).map(row),
    next: end < places.length ? String(end) : null,
  };
}

/** Whether all words are in one of a node's names. */
export function fits(view: Pick<LineageNodeView, "name" | "label" | "namespace" | "aliases">, text: string): boolean {
  const names = [view.name, view.label, view.namespace, ...view.aliases.map(({ name }) => name)]
    .join("\n")
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => names.includes(word));
}

const isJob = (kind: string | undefined): boolean => kind === "job" || kind === "task" || kind === "principal";

function placesOf(graph: Adjacency, wanted: (kind: string | undefined) => boolean, text: string | undefined): number[] {
  return [...graph.nodes.keys()].filter(
    (place) =>
      wanted(graph.nodes[place]?.kind) && (text === undefined || text === "" || fits(nodeView(graph, place), text)),
  );
}

/** Neighbours that are jobs, or that are datasets. */
const others = (graph: Adjacency, place: number, direction: Direction, jobs: boolean): number =>
  [...neighbours(graph, place, direction)].filter(([, other]) => isJob(graph.nodes[other]?.kind) === jobs).length;

const bytesOf = (graph: Adjacency, place: number, direction: Direction): number =>
  [...neighbours(graph, place, direction)].reduce((sum, [edge]) => sum + (graph.edges.bytes[edge] as number), 0);

/** Places in another order than that of names; equal ones stay as they are. */
function sorted(graph: Adjacency, places: number[], sort: DatasetOrder | undefined): number[] {
  if (sort === undefined || sort === "name") return places;
  const weights = new Map(
    places.map((place) => [
      place,
      sort === "readers" ? others(graph, place, "down", true) : Date.parse(lastOf(graph, place, "up") ?? "1970-01-01"),
    ]),
  );
  return places.sort((a, b) => (weights.get(b) as number) - (weights.get(a) as number));
}

export function datasetRows(
  graph: Adjacency,
  wanted: PageOf & { sort?: DatasetOrder | undefined },
): Page<LineageDatasetRow> {
  return page(
    sorted(
      graph,
      placesOf(graph, (kind) => kind === "dataset", wanted.text),
      wanted.sort,
    ),
    wanted,
    (place) => ({
      ...nodeView(graph, place),
      readers: others(graph, place, "down", true),
      writers: others(graph, place, "up", true),
      lastReadAt: lastOf(graph, place, "down"),
      lastWrittenAt: lastOf(graph, place, "up"),
      bytesRead: bytesOf(graph, place, "down"),
      bytesWritten: bytesOf(graph, place, "up"),
    }),
  );
}

export function jobRows(graph: Adjacency, wanted: PageOf): Page<LineageJobRow> {
  return page(placesOf(graph, isJob, wanted.text), wanted, (place) => ({
    ...nodeView(graph, place),
    reads: others(graph, place, "up", false),
    writes: others(graph, place, "down", false),
    lastSeenAt: utc(
      [...rowOf(graph.up, place), ...rowOf(graph.down, place)].reduce(
        (last, edge) => Math.max(last, graph.edges.lastAt[edge] as number),
        0,
      ),
    ),
  }));
}

/** Edges by their ends' names. @param strength only those as sure as that */
export function edgeRows(
  graph: Adjacency,
  wanted: PageOf & { strength?: string | undefined; source?: string | undefined; node?: number | undefined },
): Page<LineageEdgeRow> {
  const { from, to, attributions, confidence, sources } = graph.edges;
  const { text } = wanted;
  const named = text === undefined || text === "" ? undefined : new Set(placesOf(graph, () => true, text));
  const places: number[] = [];
  for (let edge = 0; edge < from.length; edge++) {
    const [first, second] = [from[edge] as number, to[edge] as number];
    if (named !== undefined && !named.has(first) && !named.has(second)) continue;
    if (wanted.node !== undefined && first !== wanted.node && second !== wanted.node) continue;
    const seen = (of: Uint32Array) => graph.words[of[edge] as number] ?? [];
    if (wanted.source !== undefined && !seen(sources).includes(wanted.source)) continue;
    const strength = strengthOf(seen(attributions), confidence[edge] as number);
    if (wanted.strength !== undefined && strength !== wanted.strength) continue;
    places.push(edge);
  }
  return page(places, wanted, (edge) => edgeRow(graph, edge));
}
