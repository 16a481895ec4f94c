/** The whole graph as parallel arrays: small enough to be sent, all that a picture of thousands of nodes needs. */
import type { LineageOverviewView } from "../../model/view-lineage.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import { RELATIONS } from "../graph/direction.ts";
import { strengthOf } from "./edge.ts";
import { countKinds, nodeView } from "./node.ts";

const KINDS = ["job", "task", "dataset", "principal"];
const STRENGTHS = ["sure", "likely", "unsure"];

/** @param limit nodes; those with most neighbours are given where there are more */
export function overviewView(graph: Adjacency, limit: number): LineageOverviewView {
  const { nodes, edges, words } = graph;
  const kept = keptNodes(graph, limit);
  const placeIn = new Int32Array(nodes.length).fill(-1);
  kept.forEach((place, index) => {
    placeIn[place] = index;
  });
  const namespaces: string[] = [];
  const namespaceAt = new Map<string, number>();
  const shown: LineageOverviewView["nodes"] = { id: [], kind: [], namespace: [], name: [], label: [] };
  for (const place of kept) {
    const { id, kind, namespace, name, label } = nodeView(graph, place);
    let at = namespaceAt.get(namespace);
    if (at === undefined) {
      at = namespaces.push(namespace) - 1;
      namespaceAt.set(namespace, at);
    }
    shown.id.push(id);
    shown.kind.push(KINDS.indexOf(kind));
    shown.namespace.push(at);
    shown.name.push(name);
    shown.label.push(label === name ? "" : label);
  }
  const drawn: LineageOverviewView["edges"] = { from: [], to: [], relation: [], confidence: [], strength: [] };
  for (let edge = 0; edge < edges.from.length; edge++) {
    const [from, to] = [placeIn[edges.from[edge] as number] as number, placeIn[edges.to[edge] as number] as number];
    if (from === -1 || to === -1) continue;
    const confidence = edges.confidence[edge] as number;
    drawn.from.push(from);
    drawn.to.push(to);
    // The first of several: reading and writing come before the rest.
    drawn.relation.push(31 - Math.clz32((edges.relations[edge] as number) & -(edges.relations[edge] as number)));
    drawn.confidence.push(Math.round(confidence * 100));
    drawn.strength.push(STRENGTHS.indexOf(strengthOf(words[edges.attributions[edge] as number] ?? [], confidence)));
  }
  return {
    at: graph.at,
    windowDays: graph.windowDays,
    counts: { ...countKinds(graph, nodes.keys()), edges: edges.from.length },
    partial: kept.length < nodes.length,
    kinds: KINDS,
    namespaces,
    relations: [...RELATIONS],
    nodes: shown,
    edges: drawn,
  };
}

/** Places in the order of names; of too many, those with most neighbours. */
function keptNodes({ nodes, down, up }: Adjacency, limit: number): number[] {
  const all = [...nodes.keys()];
  if (all.length <= limit) return all;
  const degree = ({ offsets }: { offsets: Uint32Array }, place: number) =>
    (offsets[place + 1] as number) - (offsets[place] as number);
  const weight = all.map((place) => degree(down, place) + degree(up, place));
  return all
    .sort((a, b) => (weight[b] as number) - (weight[a] as number) || a - b)
    .slice(0, limit)
    .sort((a, b) => a - b);
}
