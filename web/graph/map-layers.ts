/** Layers of a whole estate: what feeds one another in a circle stands together, all else left of what it feeds. Pure. */
import { columnsOf, type Link } from "./layers.ts";

/** More layers than this make a thread of a picture: longer chains are pushed together. */
const MOST = 40;

/** Rows of neighbours in two flat arrays: those of `node` are `ends[starts[node]]` up to `ends[starts[node + 1]]`. */
function rows(count: number, links: readonly Link[], forwards: boolean): { starts: Int32Array; ends: Int32Array } {
  const starts = new Int32Array(count + 1);
  for (const link of links) {
    const own = forwards ? link.from : link.to;
    starts[own + 1] = (starts[own + 1] as number) + 1;
  }
  for (let node = 0; node < count; node += 1)
    starts[node + 1] = (starts[node + 1] as number) + (starts[node] as number);
  const next = starts.slice();
  const ends = new Int32Array(links.length);
  for (const link of links) {
    const own = forwards ? link.from : link.to;
    ends[next[own] as number] = forwards ? link.to : link.from;
    next[own] = (next[own] as number) + 1;
  }
  return { starts, ends };
}

/** For each node the number of its strongly connected component (Kosaraju's two walks, without recursion). */
export function componentsOf(count: number, links: readonly Link[]): { of: Int32Array; size: number } {
  const down = rows(count, links, true);
  const up = rows(count, links, false);
  const seen = new Uint8Array(count);
  const next = down.starts.slice();
  const done: number[] = [];
  for (let root = 0; root < count; root += 1) {
    if (seen[root] === 1) continue;
    seen[root] = 1;
    const stack = [root];
    while (stack.length > 0) {
      const node = stack.at(-1) as number;
      const at = next[node] as number;
      if (at === down.starts[node + 1]) {
        done.push(node);
        stack.pop();
        continue;
      }
      next[node] = at + 1;
      const end = down.ends[at] as number;
      if (seen[end] === 1) continue;
      seen[end] = 1;
      stack.push(end);
    }
  }
  const of = new Int32Array(count).fill(-1);
  let size = 0;
  for (const root of done.reverse()) {
    if (of[root] !== -1) continue;
    const stack = [root];
    of[root] = size;
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      for (let at = up.starts[node] as number; at < (up.starts[node + 1] as number); at += 1) {
        const end = up.ends[at] as number;
        if (of[end] !== -1) continue;
        of[end] = size;
        stack.push(end);
      }
    }
    size += 1;
  }
  return { of, size };
}

/** Nodes of each layer, from left to right; none is empty. */
export function mapLayers(count: number, links: readonly Link[]): number[][] {
  const { of, size } = componentsOf(count, links);
  const between = links
    .map(({ from, to }) => ({ from: of[from] as number, to: of[to] as number }))
    .filter(({ from, to }) => from !== to);
  const columns = columnsOf(size, between);
  const deepest = columns.reduce((most, column) => Math.max(most, column), 0) + 1;
  const layers: number[][] = [];
  for (let node = 0; node < count; node += 1) {
    const column = columns[of[node] as number] as number;
    const at = deepest <= MOST ? column : Math.floor((column * MOST) / deepest);
    while (layers.length <= at) layers.push([]);
    layers[at]?.push(node);
  }
  return layers.filter((layer) => layer.length > 0);
}
