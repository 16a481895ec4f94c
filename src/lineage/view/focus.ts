/** The picture around a node: so many steps both ways, and whatever is too much folded into counted bundles. */
import type { Direction, FocusOptions } from "../../model/lineage-question.ts";
import type { LineageBundle, LineageCounts, LineageGraphNode, LineageGraphView } from "../../model/view-lineage.ts";
import { utc } from "../../util/clock.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import { movesData } from "../graph/direction.ts";
import { rowOf } from "../graph/links.ts";
import { neighbours, walk } from "../graph/walk.ts";
import { edgeView } from "./edge.ts";
import { countKinds, nodeView, refOf, spoken } from "./node.ts";

/** More boxes than this nobody reads: beyond them everything is folded. */
const MOST = 400;
/** Names that a bundle gives. */
const NAMED = 5;

interface Fold {
  of: number;
  direction: Direction;
  level: number;
  others: number[];
}

/** The picture around a place, without what the caller knows beside it. */
export function focusView(
  graph: Adjacency,
  focus: number,
  { up, down, fold, open = new Set() }: FocusOptions,
): Omit<LineageGraphView, "warnings"> {
  const levels = new Map([[focus, 0]]);
  const folds: Fold[] = [];
  const frontier: Record<Direction, number[]> = { up: [focus], down: [focus] };
  for (let step = 1; step <= Math.max(up, down); step++) {
    for (const direction of ["up", "down"] as const) {
      if (step > (direction === "up" ? up : down)) continue;
      const level = direction === "up" ? -step : step;
      const next: number[] = [];
      for (const node of frontier[direction]) {
        const others = strongest(graph, node, direction).filter((other) => !levels.has(other));
        const most = open.has(refOf(graph.nodes[node] as Adjacency["nodes"][number])) ? others.length : fold;
        // A bundle of one takes as much room as what is in it.
        const shown = others.length === most + 1 ? others.length : most;
        const kept = others.slice(0, Math.max(0, Math.min(shown, MOST - levels.size)));
        for (const other of kept) levels.set(other, level);
        next.push(...kept);
        if (kept.length < others.length) folds.push({ of: node, direction, level, others: others.slice(kept.length) });
      }
      frontier[direction] = next;
    }
  }
  const places = [...levels.keys()].sort((a, b) => (levels.get(a) as number) - (levels.get(b) as number) || a - b);
  return {
    at: graph.at,
    windowDays: graph.windowDays,
    focus: nodeView(graph, focus),
    up,
    down,
    nodes: places.map((place) => graphNode(graph, place, levels)),
    edges: places.flatMap((place) =>
      [...rowOf(graph.down, place)]
        .filter((edge) => levels.has(graph.edges.to[edge] as number))
        .map((edge) => edgeView(graph, edge)),
    ),
    bundles: folds.flatMap((one) => bundleOf(graph, one, levels)),
    beyond: { up: beyond(graph, focus, "up", up), down: beyond(graph, focus, "down", down) },
  };
}

/** Neighbours, the most certain and busiest first. */
function strongest(graph: Adjacency, node: number, direction: Direction): number[] {
  const { confidence, bytes, requests } = graph.edges;
  const weight = (of: Float64Array, edge: number) => of[edge] as number;
  return [...neighbours(graph, node, direction)]
    .sort(
      ([a, first], [b, second]) =>
        weight(confidence, b) - weight(confidence, a) ||
        weight(bytes, b) - weight(bytes, a) ||
        weight(requests, b) - weight(requests, a) ||
        first - second,
    )
    .map(([, other]) => other);
}

function graphNode(graph: Adjacency, place: number, levels: ReadonlyMap<number, number>): LineageGraphNode {
  const [sources, targets] = [[...neighbours(graph, place, "up")], [...neighbours(graph, place, "down")]];
  const hidden = (others: readonly (readonly [number, number])[]) =>
    others.filter(([, other]) => !levels.has(other)).length;
  const isDataset = graph.nodes[place]?.kind === "dataset";
  return {
    ...nodeView(graph, place),
    level: levels.get(place) as number,
    neighbours: { up: sources.length, down: targets.length },
    hidden: { up: hidden(sources), down: hidden(targets) },
    lastWrittenAt: isDataset ? lastOf(graph, place, "up") : null,
    lastReadAt: isDataset ? lastOf(graph, place, "down") : null,
  };
}

/** When data last came to a node or left it; null where it never did. */
export function lastOf(graph: Adjacency, place: number, direction: Direction): string | null {
  let last = Number.NEGATIVE_INFINITY;
  for (const edge of rowOf(graph[direction], place)) {
    if (movesData(graph.edges.relations[edge] as number)) last = Math.max(last, graph.edges.lastAt[edge] as number);
  }
  return Number.isFinite(last) ? utc(last) : null;
}

/** What is folded and came into the picture by no other way. */
function bundleOf(graph: Adjacency, fold: Fold, levels: ReadonlyMap<number, number>): LineageBundle[] {
  const others = fold.others.filter((other) => !levels.has(other));
  if (others.length === 0) return [];
  const of = graph.nodes[fold.of] as Adjacency["nodes"][number];
  const counts = countKinds(graph, others);
  return [
    {
      id: `${of.id}-${fold.direction}`,
      of: of.id,
      ref: refOf(of),
      direction: fold.direction,
      level: fold.level,
      counts,
      text: bundleText(of.kind === "dataset", fold.direction, counts),
      names: others.slice(0, NAMED).map((other) => spoken(nodeView(graph, other))),
    },
  ];
}

/** `37 more readers`, `9 more tables it reads`. */
function bundleText(isDataset: boolean, direction: Direction, { nodes, datasets }: LineageCounts): string {
  const plural = nodes === 1 ? "" : "s";
  // A view, clone or copy has tables on both ends.
  if (isDataset && datasets === nodes)
    return `${nodes} more table${plural} ${direction === "down" ? "after" : "before"} it`;
  if (isDataset) return `${nodes} more ${direction === "down" ? "reader" : "writer"}${plural}`;
  return `${nodes} more table${plural} it ${direction === "down" ? "writes" : "reads"}`;
}

function beyond(graph: Adjacency, focus: number, direction: Direction, depth: number): LineageCounts {
  const { reached, distance } = walk(graph, [focus], direction);
  return countKinds(
    graph,
    reached.filter((place) => (distance[place] as number) > depth),
  );
}
