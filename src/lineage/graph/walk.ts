/** What lies upstream or downstream of nodes: nearest first, with the way there. */
import type { Direction } from "../../model/lineage-question.ts";
import type { Adjacency } from "./adjacency.ts";
import { movesData } from "./direction.ts";
import { rowOf } from "./links.ts";

/** What a walk reached. */
export interface Walk {
  /** Places of nodes, the starts first, then by distance, then by name. */
  readonly reached: readonly number[];
  /** Steps from the nearest start by place; -1 = not reached. */
  readonly distance: Int32Array;
  /** The node before, on the most certain of the shortest ways, by place; -1 for starts and what was not reached. */
  readonly via: Int32Array;
  /** The least certain edge of that way. */
  readonly confidence: Float64Array;
}

/** Neighbours that data comes from or goes to: places of edges and their other ends. */
export function* neighbours(
  graph: Adjacency,
  node: number,
  direction: Direction,
): Iterable<[edge: number, other: number]> {
  const { from, to, relations } = graph.edges;
  const other = direction === "down" ? to : from;
  for (const edge of rowOf(graph[direction], node)) {
    if (movesData(relations[edge] as number)) yield [edge, other[edge] as number];
  }
}

/** Walks from some nodes in one direction. Circles are fine: a node is reached once, by a shortest way. */
export function walk(
  graph: Adjacency,
  starts: readonly number[],
  direction: Direction,
  depth: number = Number.POSITIVE_INFINITY,
): Walk {
  const size = graph.nodes.length;
  const distance = new Int32Array(size).fill(-1);
  const via = new Int32Array(size).fill(-1);
  const confidence = new Float64Array(size);
  let level = [...new Set(starts)].sort((a, b) => a - b);
  for (const start of level) {
    distance[start] = 0;
    confidence[start] = 1;
  }
  const reached = [...level];
  const rows = graph[direction];
  const ends = direction === "down" ? graph.edges.to : graph.edges.from;
  for (let step = 1; level.length > 0 && step <= depth; step++) {
    const next: number[] = [];
    for (const node of level) {
      const [from, end] = [rows.offsets[node] as number, rows.offsets[node + 1] as number];
      for (let at = from; at < end; at++) {
        const edge = rows.edges[at] as number;
        if (!movesData(graph.edges.relations[edge] as number)) continue;
        const other = ends[edge] as number;
        const known = distance[other] as number;
        if (known !== -1 && known !== step) continue;
        const certain = Math.min(confidence[node] as number, graph.edges.confidence[edge] as number);
        if (known === -1) {
          distance[other] = step;
          next.push(other);
        } else if (certain <= (confidence[other] as number)) continue;
        via[other] = node;
        confidence[other] = certain;
      }
    }
    // Places are in the order of names.
    level = next.sort((a, b) => a - b);
    for (const node of level) reached.push(node);
  }
  return { reached, distance, via, confidence };
}

/** The way to a node, start and node included. */
export function wayTo({ via }: Walk, node: number): number[] {
  const way = [node];
  for (let at = via[node] as number; at !== -1; at = via[at] as number) way.push(at);
  return way.reverse();
}
