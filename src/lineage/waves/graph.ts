/** Links between numbered nodes, row by row in two typed arrays. */

/** Row `n` is `targets[offsets[n]] … targets[offsets[n + 1] - 1]`, ascending, each once. */
export interface Links {
  readonly nodes: number;
  readonly offsets: Uint32Array;
  readonly targets: Uint32Array;
}

/** Links that are being gathered, in any order, with repeats. */
export interface Pairs {
  readonly from: number[];
  readonly to: number[];
}

/** No pairs yet. */
export const noPairs = (): Pairs => ({ from: [], to: [] });

/** Adds one link. */
export function link(pairs: Pairs, from: number, to: number): void {
  pairs.from.push(from);
  pairs.to.push(to);
}

/** Where each row begins, from the row of every item. */
function offsetsOf(nodes: number, rows: ArrayLike<number>): Uint32Array {
  const offsets = new Uint32Array(nodes + 1);
  for (let i = 0; i < rows.length; i++) offsets[(rows[i] as number) + 1] = (offsets[(rows[i] as number) + 1] ?? 0) + 1;
  for (let n = 0; n < nodes; n++) offsets[n + 1] = (offsets[n + 1] as number) + (offsets[n] as number);
  return offsets;
}

/** Items by row, in the order they come within a row. */
function fill(offsets: Uint32Array, rows: ArrayLike<number>, items: ArrayLike<number>): Uint32Array {
  const next = offsets.slice();
  const filled = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const at = next[row] as number;
    filled[at] = items[i] as number;
    next[row] = at + 1;
  }
  return filled;
}

/** The same links, backwards. */
export function reversed(links: Links): Links {
  const sources = new Uint32Array(links.targets.length);
  for (let n = 0; n < links.nodes; n++) sources.fill(n, links.offsets[n], links.offsets[n + 1]);
  const offsets = offsetsOf(links.nodes, links.targets);
  return { nodes: links.nodes, offsets, targets: fill(offsets, links.targets, sources) };
}

/** Takes repeats out of rows whose items ascend. */
function distinct({ nodes, offsets, targets }: Links): Links {
  const kept = new Uint32Array(nodes + 1);
  let written = 0;
  for (let n = 0; n < nodes; n++) {
    for (let i = offsets[n] as number; i < (offsets[n + 1] as number); i++) {
      const target = targets[i] as number;
      if (written > (kept[n] as number) && targets[written - 1] === target) continue;
      targets[written++] = target;
    }
    kept[n + 1] = written;
  }
  return { nodes, offsets: kept, targets: targets.slice(0, written) };
}

/** Links of the pairs, each once, whatever the order of the pairs was. Linear: two counting sorts. */
export function linksOf(nodes: number, { from, to }: Pairs): Links {
  const offsets = offsetsOf(nodes, to);
  return distinct(reversed({ nodes, offsets, targets: fill(offsets, to, from) }));
}

/** Nodes by the part they belong to, ascending: row `p` is part `p`. */
export function membersOf(parts: number, partOf: Uint32Array): Links {
  const offsets = offsetsOf(parts, partOf);
  return {
    nodes: parts,
    offsets,
    targets: fill(
      offsets,
      partOf,
      partOf.map((_, n) => n),
    ),
  };
}

/** One row. */
export const row = ({ offsets, targets }: Links, n: number): Uint32Array =>
  targets.subarray(offsets[n], offsets[n + 1]);
