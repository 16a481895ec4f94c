/** What is in the graph of one date and not in that of another. Pure. */
import type { LineageDiffView, LineageEdgeRow } from "../../model/view-lineage.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import { edgeRow, strengthOf } from "./edge.ts";
import { nodeView, refOf } from "./node.ts";
import { listed } from "./words.ts";

/** Places of edges by what they join. Names, not ids: which id stands for a thing may have changed between readings. */
function edgesByKey(graph: Adjacency, near: ReadonlySet<string> | undefined): Map<string, number> {
  const refs = graph.nodes.map(refOf);
  const found = new Map<string, number>();
  for (let edge = 0; edge < graph.edges.from.length; edge++) {
    const [from, to] = [refs[graph.edges.from[edge] as number] ?? "", refs[graph.edges.to[edge] as number] ?? ""];
    if (near === undefined || near.has(from) || near.has(to)) found.set(`${from}\n${to}`, edge);
  }
  return found;
}

/** How an edge is, beside its counts. */
function mannerOf(graph: Adjacency, edge: number) {
  const { relations, attributions, confidence } = graph.edges;
  return {
    relations: relations[edge] as number,
    strength: strengthOf(graph.words[attributions[edge] as number] ?? [], confidence[edge] as number),
  };
}

/**
 * @param near only edges that touch one of these nodes, by ref; all when absent
 * @param limit rows of each list
 */
export function diffView(
  before: Adjacency,
  after: Adjacency,
  { near, limit }: { near?: ReadonlySet<string> | undefined; limit: number },
): LineageDiffView {
  const [old, now] = [edgesByKey(before, near), edgesByKey(after, near)];
  const added: number[] = [];
  const removed: number[] = [];
  const changed: [before: number, after: number][] = [];
  let same = 0;
  for (const [key, edge] of now) {
    const was = old.get(key);
    if (was === undefined) {
      added.push(edge);
      continue;
    }
    const [then, here] = [mannerOf(before, was), mannerOf(after, edge)];
    if (then.relations === here.relations && then.strength === here.strength) same++;
    else changed.push([was, edge]);
  }
  for (const [key, edge] of old) if (!now.has(key)) removed.push(edge);
  const missingIn = (graph: Adjacency, other: Adjacency) => {
    const known = new Set(other.nodes.map(refOf));
    return [...graph.nodes.keys()].filter((place) => {
      const ref = refOf(graph.nodes[place] as Adjacency["nodes"][number]);
      return !known.has(ref) && (near === undefined || near.has(ref));
    });
  };
  const [come, gone] = [missingIn(after, before), missingIn(before, after)];
  return {
    from: before.at,
    to: after.at,
    windowDays: after.windowDays,
    counts: {
      added: added.length,
      removed: removed.length,
      changed: changed.length,
      same,
      nodesAdded: come.length,
      nodesRemoved: gone.length,
    },
    nodesAdded: come.slice(0, limit).map((place) => nodeView(after, place)),
    nodesRemoved: gone.slice(0, limit).map((place) => nodeView(before, place)),
    added: added.slice(0, limit).map((edge) => edgeRow(after, edge)),
    removed: removed.slice(0, limit).map((edge) => edgeRow(before, edge)),
    changed: changed.slice(0, limit).map(([was, is]) => {
      const [then, here] = [edgeRow(before, was), edgeRow(after, is)];
      return { before: then, after: here, text: changeText(then, here) };
    }),
    partial: [added, removed, changed, come, gone].some(({ length }) => length > limit),
  };
}

/** `was likely, is sure`; `now also writes`. */
function changeText(before: LineageEdgeRow, after: LineageEdgeRow): string {
  const parts: string[] = [];
  if (before.strength !== after.strength) parts.push(`was ${before.strength}, is ${after.strength}`);
  const come = after.relations.filter((one) => !before.relations.includes(one));
  const gone = before.relations.filter((one) => !after.relations.includes(one));
  if (come.length > 0) parts.push(`now also ${listed(come)}`);
  if (gone.length > 0) parts.push(`no more ${listed(gone)}`);
  return parts.join("; ");
}
