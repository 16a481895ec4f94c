/** What is drawn around a focus: boxes in columns and lines between them, with what a second date adds and takes. Pure. */
import type {
  LineageBundle,
  LineageDiffView,
  LineageEdgeRow,
  LineageEdgeView,
  LineageGraphNode,
  LineageGraphView,
  LineageNodeView,
} from "../../../../src/model/view-lineage.ts";

export type Mark = "same" | "add" | "del";

/** A table, a job, or a folded bundle of them. */
export interface Box {
  /** Id of the node, or of the bundle. */
  key: string;
  /** Steps from the focus. */
  level: number;
  mark: Mark;
  /** Null for a bundle. */
  node: LineageNodeView | null;
  /** With freshness and neighbours; null for a bundle and for what is gone. */
  full: LineageGraphNode | null;
  bundle: LineageBundle | null;
}

/** A line between two boxes. Where data also goes back (a job that reads what it writes), one line stands for both. */
export interface Line {
  /** Id of the edge; of a bundle's line that of the bundle. */
  id: string;
  from: string;
  to: string;
  mark: Mark;
  /** Null to and from a bundle. */
  edge: LineageEdgeView | null;
  /** The edge the other way. */
  back: LineageEdgeView | null;
}

export interface Picture {
  boxes: Box[];
  lines: Line[];
}

/** Boxes of what is gone, at most: a picture of two dates is first that of one. */
const GHOSTS = 12;

const key = (from: string, to: string) => `${from}\n${to}`;

/** Boxes and lines of a graph; with what `diff` adds and takes marked, where there is one. */
export function pictureOf(view: LineageGraphView, diff: LineageDiffView | undefined): Picture {
  const come = new Set(diff?.added.map(({ fromNode, toNode }) => key(fromNode.ref, toNode.ref)));
  const born = new Set(diff?.nodesAdded.map(({ ref }) => ref));
  const boxes: Box[] = view.nodes.map((node) => ({
    key: String(node.id),
    level: node.level,
    mark: born.has(node.ref) ? "add" : "same",
    node,
    full: node,
    bundle: null,
  }));
  const byRef = new Map(view.nodes.map((node) => [node.ref, node]));
  const refs = new Map(view.nodes.map(({ id, ref }) => [id, ref]));
  const marked = ({ from, to }: LineageEdgeView): Mark =>
    come.has(key(refs.get(from) ?? "", refs.get(to) ?? "")) ? "add" : "same";
  const lines = mergedLines(view, marked);
  for (const bundle of view.bundles) {
    boxes.push({ key: bundle.id, level: bundle.level, mark: "same", node: null, full: null, bundle });
    const [from, to] = bundle.direction === "down" ? [String(bundle.of), bundle.id] : [bundle.id, String(bundle.of)];
    lines.push({ id: bundle.id, from, to, mark: "same", edge: null, back: null });
  }
  const ghosts = new Map<string, Box>();
  for (const edge of diff?.removed ?? []) {
    const [from, to] = [boxOf(edge, "from"), boxOf(edge, "to")];
    if (from === undefined || to === undefined) continue;
    lines.push({ id: `gone-${edge.id}`, from, to, mark: "del", edge, back: null });
  }
  boxes.push(...ghosts.values());
  return { boxes, lines };

  /** The box of an end of an edge that is gone: one that is there, or one of its own beside it. */
  function boxOf(edge: LineageEdgeRow, end: "from" | "to"): string | undefined {
    const [own, other] = end === "from" ? [edge.fromNode, edge.toNode] : [edge.toNode, edge.fromNode];
    const known = byRef.get(own.ref);
    if (known !== undefined) return String(known.id);
    const beside = byRef.get(other.ref);
    if (beside === undefined) return undefined;
    const level = beside.level + (end === "from" ? -1 : 1);
    // Only where its column is shown at all, and what is folded there now may hold it.
    if (level < -view.up || level > view.down) return undefined;
    const made = ghosts.get(own.ref);
    if (made !== undefined) return made.key;
    if (ghosts.size >= GHOSTS) return undefined;
    const box: Box = { key: `gone-${own.id}`, level, mark: "del", node: own, full: null, bundle: null };
    ghosts.set(own.ref, box);
    return box.key;
  }
}

/** One line for the edges between two boxes, in the direction that leads to the right. */
function mergedLines(view: LineageGraphView, marked: (edge: LineageEdgeView) => Mark): Line[] {
  const level = new Map(view.nodes.map((node) => [node.id, node.level]));
  const edges = new Map(view.edges.map((edge) => [`${edge.from}-${edge.to}`, edge]));
  return view.edges.flatMap((edge): Line[] => {
    const back = edges.get(`${edge.to}-${edge.from}`) ?? null;
    const rightwards = (level.get(edge.from) ?? 0) < (level.get(edge.to) ?? 0);
    // The other of the two is the one that is drawn.
    if (back !== null && !rightwards && (level.get(edge.from) !== level.get(edge.to) || edge.from > edge.to)) return [];
    const mark = marked(edge) === "add" || (back !== null && marked(back) === "add") ? "add" : "same";
    return [{ id: edge.id, from: String(edge.from), to: String(edge.to), mark, edge, back }];
  });
}

/** Pixels of a line: from 1, barely believed, to 3.5, sure. */
export const thicknessOf = (edge: LineageEdgeView | null): number =>
  edge === null ? 1 : Math.round((1 + 2.5 * Math.max(0, Math.min(1, (edge.confidence - 0.4) / 0.55))) * 10) / 10;

/** The edge that a selection names, and whether it is gone; undefined where the picture has none. */
export function edgeOf(
  picture: Picture,
  id: string | null,
): { edge: LineageEdgeView; line: Line; from: LineageNodeView; to: LineageNodeView } | undefined {
  if (id === null) return undefined;
  const boxes = new Map(picture.boxes.map((box) => [box.key, box]));
  for (const line of picture.lines) {
    const edge = line.id === id ? line.edge : line.back?.id === id ? line.back : null;
    if (edge === null) continue;
    const [first, second] = [boxes.get(line.from)?.node, boxes.get(line.to)?.node];
    if (!first || !second) return undefined;
    return edge === line.edge ? { edge, line, from: first, to: second } : { edge, line, from: second, to: first };
  }
  return undefined;
}
