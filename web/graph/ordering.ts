/** Second step of the layout: the order within each column, so that few edges cross. */
import type { Link } from "./layers.ts";

const SWEEPS = 12;

/** Neighbours of each node on one side, from links between next columns. */
export function neighbours(count: number, links: Link[], side: "before" | "after"): number[][] {
  const lists: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of links) {
    if (side === "before") lists[to]?.push(from);
    else lists[from]?.push(to);
  }
  return lists;
}

/** Crossings between two next columns: inversions, counted with a Fenwick tree. */
function crossingsBetween(left: number[], rightSize: number, after: number[][], place: Int32Array): number {
  const tree = new Int32Array(rightSize + 1);
  let seen = 0;
  let crossings = 0;
  for (const node of left) {
    const targets = (after[node] ?? []).map((to) => place[to] ?? 0).sort((a, b) => a - b);
    for (const target of targets) {
      let below = 0;
      for (let at = target + 1; at > 0; at -= at & -at) below += tree[at] ?? 0;
      crossings += seen - below;
    }
    for (const target of targets) {
      for (let at = target + 1; at <= rightSize; at += at & -at) tree[at] = (tree[at] ?? 0) + 1;
      seen += 1;
    }
  }
  return crossings;
}

/** Crossings of all edges under an order. */
export function countCrossings(columns: number[][], after: number[][]): number {
  let total = 0;
  const place = new Int32Array(after.length);
  for (let at = 0; at + 1 < columns.length; at += 1) {
    const right = columns[at + 1] ?? [];
    right.forEach((node, index) => {
      place[node] = index;
    });
    total += crossingsBetween(columns[at] ?? [], right.length, after, place);
  }
  return total;
}

function sortByNeighbours(column: number[], neighbour: number[][], place: Int32Array): number[] {
  const weight = new Map<number, number>();
  column.forEach((node, index) => {
    const near = neighbour[node] ?? [];
    const sum = near.reduce((total, other) => total + (place[other] ?? 0), 0);
    weight.set(node, near.length === 0 ? index : sum / near.length);
  });
  return [...column].sort((a, b) => (weight.get(a) ?? 0) - (weight.get(b) ?? 0));
}

/**
 * Columns in an order with few crossings: barycentre sweeps there and back, the best order of all kept.
 * Same input, same output.
 */
export function orderColumns(columns: number[][], count: number, links: Link[]): number[][] {
  const before = neighbours(count, links, "before");
  const after = neighbours(count, links, "after");
  let best = columns;
  let fewest = countCrossings(columns, after);
  let current = columns;
  const place = new Int32Array(count);
  const note = (column: number[]) =>
    column.forEach((node, index) => {
      place[node] = index;
    });
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    const next = [...current];
    const rightwards = sweep % 2 === 0;
    next.forEach(note);
    for (let step = 1; step < next.length; step += 1) {
      const at = rightwards ? step : next.length - 1 - step;
      next[at] = sortByNeighbours(next[at] ?? [], rightwards ? before : after, place);
      note(next[at] ?? []);
    }
    current = next;
    const crossings = countCrossings(next, after);
    if (crossings < fewest) {
      fewest = crossings;
      best = next;
    }
  }
  return best;
}
