/** Places the boxes of a whole estate: layers left to right, long ones folded into several columns. Pure. */
import type { Link } from "./layers.ts";
import { mapLayers } from "./map-layers.ts";

/** Box and gaps in units of the map. */
export const MAP_BOX = { width: 150, height: 20 };
const STEP = { x: 170, y: 28 };
/** Between two layers, where the lines are seen. */
const LAYER_GAP = 120;
const SWEEPS = 8;
/** Width to height that a map strives for: that of a wide window. */
const ASPECT = 1.7;

/** Upper left corners of the boxes, in the order of the nodes. */
export interface MapLayout {
  x: Float32Array;
  y: Float32Array;
  width: number;
  height: number;
}

/** Orders each layer by the middle of its neighbours' places, there and back; places are between 0 and 1. */
function ordered(layers: number[][], links: readonly Link[], count: number): number[][] {
  const before: number[][] = Array.from({ length: count }, () => []);
  const after: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of links) {
    before[to]?.push(from);
    after[from]?.push(to);
  }
  const place = new Float64Array(count);
  const note = (layer: readonly number[]) =>
    layer.forEach((node, index) => {
      place[node] = (index + 0.5) / layer.length;
    });
  layers.forEach(note);
  let current = layers;
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const rightwards = sweep % 2 === 0;
    const near = rightwards ? before : after;
    const next = [...current];
    for (let step = 0; step < next.length; step += 1) {
      const at = rightwards ? step : next.length - 1 - step;
      const layer = next[at] ?? [];
      const weight = new Map(
        layer.map((node) => {
          const others = near[node] ?? [];
          const own = place[node] ?? 0;
          return [
            node,
            others.length === 0 ? own : others.reduce((sum, other) => sum + (place[other] ?? 0), 0) / others.length,
          ];
        }),
      );
      next[at] = [...layer].sort((a, b) => (weight.get(a) ?? 0) - (weight.get(b) ?? 0) || a - b);
      note(next[at]);
    }
    current = next;
  }
  return current;
}

/** Rows of a column, so that the whole is about as wide as a window. */
function rowsFor(sizes: readonly number[]): number {
  const width = (rows: number) =>
    sizes.reduce((sum, size) => sum + Math.ceil(size / rows) * STEP.x + LAYER_GAP, -LAYER_GAP);
  let [low, high] = [1, Math.max(1, ...sizes)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (width(middle) <= ASPECT * middle * STEP.y) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Places `count` nodes that links join from left to right. The same input gives the same picture. */
export function layoutMap(count: number, from: ArrayLike<number>, to: ArrayLike<number>): MapLayout {
  const [x, y] = [new Float32Array(count), new Float32Array(count)];
  if (count === 0) return { x, y, width: 0, height: 0 };
  const links = Array.from({ length: from.length }, (_, edge) => ({
    from: from[edge] as number,
    to: to[edge] as number,
  })).filter((link) => link.from !== link.to);
  const filled = ordered(mapLayers(count, links), links, count);
  const rows = rowsFor(filled.map(({ length }) => length));
  let left = 0;
  for (const layer of filled) {
    const columns = Math.ceil(layer.length / rows);
    const used = Math.ceil(layer.length / columns);
    const top = ((rows - used) * STEP.y) / 2;
    layer.forEach((node, index) => {
      x[node] = left + (index % columns) * STEP.x;
      y[node] = top + Math.floor(index / columns) * STEP.y;
    });
    left += columns * STEP.x + LAYER_GAP;
  }
  return { x, y, width: left - LAYER_GAP - (STEP.x - MAP_BOX.width), height: (rows - 1) * STEP.y + MAP_BOX.height };
}
