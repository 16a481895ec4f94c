/** Rows of numbers in two typed arrays: the neighbours of every node of a graph. */

/** Row `n` is `edges[offsets[n]] … edges[offsets[n + 1] - 1]`. */
export interface Rows {
  readonly offsets: Uint32Array;
  readonly edges: Uint32Array;
}

/** Edges by the node at one end, in their own order within a row. Linear: one counting sort. */
export function rowsBy(nodes: number, ends: Uint32Array): Rows {
  const offsets = new Uint32Array(nodes + 1);
  for (const end of ends) offsets[end + 1] = (offsets[end + 1] as number) + 1;
  for (let n = 0; n < nodes; n++) offsets[n + 1] = (offsets[n + 1] as number) + (offsets[n] as number);
  const next = offsets.slice();
  const edges = new Uint32Array(ends.length);
  ends.forEach((end, edge) => {
    const at = next[end] as number;
    edges[at] = edge;
    next[end] = at + 1;
  });
  return { offsets, edges };
}

/** One row. */
export const rowOf = ({ offsets, edges }: Rows, node: number): Uint32Array =>
  edges.subarray(offsets[node], offsets[node + 1]);
