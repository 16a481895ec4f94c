/** A node of the graph as it is shown: what it is called, what else it is called, and how to ask for it again. */
import type { LineageCounts, LineageNodeView } from "../../model/view-lineage.ts";
import type { NodeKey } from "../../store/lineage.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import { isPath } from "../graph/paths.ts";
import { neighbours } from "../graph/walk.ts";

/** A text that stands for a node at any date and in any store. */
export const refOf = (node: NodeKey): string => `${node.kind}:${node.namespace}/${node.name}`;

/** The last part of a name, and all before it. */
function parts(node: NodeKey): { last: string; before: string } {
  const cut = node.name.lastIndexOf(isPath(node) ? "/" : ".");
  return { last: node.name.slice(cut + 1) || node.name, before: cut > 0 ? node.name.slice(0, cut) : "" };
}

/** `orders` below `main.sales`; `Nightly sales` below `job 481120933371`. */
function shownAs(node: NodeKey & { title?: string | undefined }): { label: string; detail: string } {
  const { last, before } = parts(node);
  switch (node.kind) {
    case "dataset":
      if (!isPath(node)) return { label: last, detail: before || node.namespace };
      return { label: last, detail: before === "" ? node.namespace : `${node.namespace}/${before}` };
    case "job":
    case "task":
      if (node.title !== undefined && node.title !== node.name) {
        return { label: node.title, detail: `${node.kind} ${node.name}` };
      }
      return { label: node.name, detail: node.kind === "job" && /^\d+$/.test(node.name) ? "job" : node.namespace };
    case "principal":
      return { label: node.title ?? node.name, detail: "person or application" };
  }
}

/** Id of a job in its workspace; of a task, that of its job. */
export function jobIdOf(node: NodeKey): string | null {
  if (node.kind !== "job" && node.kind !== "task") return null;
  const id = node.kind === "task" ? node.name.split("/", 1)[0] : node.name;
  return id !== undefined && node.namespace.startsWith("databricks://") ? id : null;
}

/** A node by its place. */
export function nodeView(graph: Pick<Adjacency, "nodes">, place: number): LineageNodeView {
  const node = graph.nodes[place];
  if (node === undefined) throw new RangeError(`the graph has no node ${place}`);
  const { id, kind, namespace, name, aliases } = node;
  return {
    ref: refOf(node),
    id,
    kind,
    namespace,
    name,
    ...shownAs(node),
    jobId: jobIdOf(node),
    aliases: aliases.map((other) => ({ namespace: other.namespace, name: other.name })),
  };
}

/** What people call a node: the name of a table, the title of a job. */
export const spoken = (node: Pick<LineageNodeView, "kind" | "name" | "label">): string =>
  node.kind === "dataset" ? node.name : node.label;

/** How many of each kind. */
export function countKinds(graph: Pick<Adjacency, "nodes">, places: Iterable<number>): LineageCounts {
  const counts = { nodes: 0, jobs: 0, datasets: 0 };
  for (const place of places) {
    counts.nodes++;
    const kind = graph.nodes[place]?.kind;
    if (kind === "dataset") counts.datasets++;
    else if (kind === "job" || kind === "task") counts.jobs++;
  }
  return counts;
}

/** Neighbours by direction. */
export function degreeOf(graph: Adjacency, place: number): { up: number; down: number } {
  return { up: [...neighbours(graph, place, "up")].length, down: [...neighbours(graph, place, "down")].length };
}
