/** An edge of the graph as it is shown. */
import type { LineageEdgeRow, LineageEdgeView } from "../../model/view-lineage.ts";
import { utc } from "../../util/clock.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import { relationsIn } from "../graph/direction.ts";
import { nodeView } from "./node.ts";

/** Attributions that name no one job. */
const DOUBTFUL: ReadonlySet<string> = new Set(["ambiguous", "inferred", "none"]);

/** From here on an edge with one owner is sure. */
const SURE = 0.9;

/** How sure an edge is. Attributions are those of all its sightings: one that names the job is enough. */
export function strengthOf(attributions: readonly string[], confidence: number): LineageEdgeView["strength"] {
  const isOwned = attributions.length === 0 || attributions.some((one) => !DOUBTFUL.has(one));
  if (!isOwned) return "unsure";
  return confidence >= SURE ? "sure" : "likely";
}

/** The attribution that counts for an edge: the one that says most. */
export function bestAttribution(attributions: readonly string[]): string {
  const order = ["exclusive", "window", "inferred", "ambiguous", "none"];
  return order.find((one) => attributions.includes(one)) ?? attributions[0] ?? "";
}

/** An edge by its place. */
export function edgeView(graph: Adjacency, edge: number): LineageEdgeView {
  const { edges, nodes, words } = graph;
  const [from, to] = [nodes[edges.from[edge] as number]?.id ?? 0, nodes[edges.to[edge] as number]?.id ?? 0];
  const attributions = [...(words[edges.attributions[edge] as number] ?? [])];
  const confidence = edges.confidence[edge] as number;
  return {
    id: `${from}-${to}`,
    from,
    to,
    relations: relationsIn(edges.relations[edge] as number),
    confidence,
    strength: strengthOf(attributions, confidence),
    attributions,
    sources: [...(words[edges.sources[edge] as number] ?? [])],
    requests: edges.requests[edge] as number,
    files: edges.files[edge] as number,
    bytes: edges.bytes[edge] as number,
    commits: edges.commits[edge] as number,
    runs: edges.runs[edge] as number,
    firstAt: utc(edges.firstAt[edge] as number),
    lastAt: utc(edges.lastAt[edge] as number),
    approximate: edges.approximate[edge] === 1,
  };
}

/** An edge with both ends. */
export function edgeRow(graph: Adjacency, edge: number): LineageEdgeRow {
  return {
    ...edgeView(graph, edge),
    fromNode: nodeView(graph, graph.edges.from[edge] as number),
    toNode: nodeView(graph, graph.edges.to[edge] as number),
  };
}
