/** Places the boxes of a whole estate: layers left to right, long ones folded into several columns. Pure. */
import type { Link } from "./layers.ts";
import { mapLayers } from "./map-layers.ts";

/** How large boxes and their letters are, in units of the map. */
export interface MapBox {
  width: number;
  height: number;
  font: number;
}

interface Shape {
  box: MapBox;
  /** From a box to the next one, aside and below; below up to `most` where there is room. */
  step: { x: number; y: number; most: number };
  /** Between two layers, where the lines are seen. */
  gap: number;
}
/** Of thousands of boxes the lines need room; of a few dozen each is to be read without a step nearer. */
const LARGE: Shape = { box: { width: 150, height: 20, font: 12 }, step: { x: 170, y: 28, most: 28 }, gap: 120 };
const SMALL: Shape = { box: { width: 150, height: 28, font: 14 }, step: { x: 162, y: 38, most: 72 }, gap: 24 };
const FEW = 150;
const SWEEPS = 8;
/** Width to height that a map strives for: that of a wide window. */
const ASPECT = 1.7;

/** Upper left corners of the boxes, in the order of the nodes. */
export interface MapLayout {
  x: Float32Array;
  y: Float32Array;
  width: number;
  height: number;
  box: MapBox;
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
function rowsFor(sizes: readonly number[], { step, gap }: Shape): number {
  const width = (rows: number) => sizes.reduce((sum, size) => sum + Math.ceil(size / rows) * step.x + gap, -gap);
  let [low, high] = [1, Math.max(1, ...sizes)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (width(middle) <= ASPECT * middle * step.y) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Places `count` nodes that links join from left to right. The same input gives the same picture. */
export function layoutMap(count: number, from: ArrayLike<number>, to: ArrayLike<number>): MapLayout {
  const [x, y] = [new Float32Array(count), new Float32Array(count)];
  const shape = count > FEW ? LARGE : SMALL;
  const { box, step, gap } = shape;
  if (count === 0) return { x, y, width: 0, height: 0, box };
  const links = Array.from({ length: from.length }, (_, edge) => ({
    from: from[edge] as number,
    to: to[edge] as number,
  })).filter((link) => link.from !== link.to);
  const filled = ordered(mapLayers(count, links), links, count);
  const sizes = filled.map(({ length }) => length);
  const rows = rowsFor(sizes, shape);
  const width = sizes.reduce((sum, size) => sum + Math.ceil(size / rows) * step.x + gap, -gap) - (step.x - box.width);
  // A wide picture of few rows is spread over the height of a window.
  const down = Math.max(step.y, Math.min(step.most, Math.floor(width / ASPECT / rows)));
  let left = 0;
  for (const layer of filled) {
    const columns = Math.ceil(layer.length / rows);
    const used = Math.ceil(layer.length / columns);
    const top = ((rows - used) * down) / 2;
    layer.forEach((node, index) => {
      x[node] = left + (index % columns) * step.x;
      y[node] = top + Math.floor(index / columns) * down;
    });
    left += columns * step.x + gap;
  }
  return { x, y, width, height: (rows - 1) * down + box.height, box };
}
