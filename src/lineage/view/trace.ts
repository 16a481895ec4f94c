/** All that lies up- or downstream of a node, nearest first, with the way there. */
import type { Direction } from "../../model/lineage-question.ts";
import type { LineageTraceView } from "../../model/view-lineage.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import { walk, wayTo } from "../graph/walk.ts";
import { countKinds, nodeView } from "./node.ts";

/** @param depth undefined = all the way */
export function traceView(
  graph: Adjacency,
  start: number,
  direction: Direction,
  depth: number | undefined,
): LineageTraceView {
  const walked = walk(graph, [start], direction);
  const others = walked.reached.filter((place) => place !== start);
  const isNear = (place: number) => depth === undefined || (walked.distance[place] as number) <= depth;
  const near = others.filter(isNear);
  return {
    at: graph.at,
    windowDays: graph.windowDays,
    start: nodeView(graph, start),
    direction,
    depth: depth ?? null,
    counts: countKinds(graph, near),
    beyond: countKinds(
      graph,
      others.filter((place) => !isNear(place)),
    ),
    steps: near.map((place) => ({
      ...nodeView(graph, place),
      distance: walked.distance[place] as number,
      path: wayTo(walked, place).map((step) => graph.nodes[step]?.id ?? 0),
      confidence: walked.confidence[place] as number,
    })),
  };
}
