/** Third step of the layout: how high each node stands, so that edges are short and straight. */

/**
 * Places next to wished ones, in the given order and at least `gap[i]` apart (between i-1 and i): the least squares
 * solution, by pooling neighbours that would overlap (isotonic regression).
 */
export function spread(wished: number[], gap: number[]): number[] {
  const shift: number[] = [];
  let total = 0;
  wished.forEach((_, index) => {
    total += index === 0 ? 0 : (gap[index] ?? 0);
    shift.push(total);
  });
  const blocks: { sum: number; size: number }[] = [];
  wished.forEach((wish, index) => {
    let block = { sum: wish - (shift[index] ?? 0), size: 1 };
    let last = blocks.at(-1);
    while (last && last.sum / last.size >= block.sum / block.size) {
      block = { sum: last.sum + block.sum, size: last.size + block.size };
      blocks.pop();
      last = blocks.at(-1);
    }
    blocks.push(block);
  });
  const placed: number[] = [];
  for (const { sum, size } of blocks)
    for (let at = 0; at < size; at += 1) placed.push(sum / size + (shift[placed.length] ?? 0));
  return placed;
}

/** Middle heights of all nodes; the first one of the picture is 0. `half` is half a node's height with its margin. */
export function heightsOf(columns: number[][], before: number[][], after: number[][], half: number[]): number[] {
  const y = new Array<number>(before.length).fill(0);
  const gaps = columns.map((column) =>
    column.map((node, index) => (half[node] ?? 0) + (half[column[index - 1] ?? node] ?? 0)),
  );
  columns.forEach((column, at) => {
    const start = spread(
      column.map(() => 0),
      gaps[at] ?? [],
    );
    column.forEach((node, index) => {
      y[node] = start[index] ?? 0;
    });
  });
  const settle = (at: number, sides: number[][][]) => {
    const column = columns[at] ?? [];
    const wished = column.map((node) => {
      const near = sides.flatMap((side) => side[node] ?? []);
      return near.length === 0 ? (y[node] ?? 0) : near.reduce((sum, other) => sum + (y[other] ?? 0), 0) / near.length;
    });
    spread(wished, gaps[at] ?? []).forEach((place, index) => {
      y[column[index] as number] = place;
    });
  };
  for (let pass = 0; pass < 4; pass += 1) {
    for (let at = 1; at < columns.length; at += 1) settle(at, [before]);
    for (let at = columns.length - 2; at >= 0; at -= 1) settle(at, [after]);
  }
  for (let at = 0; at < columns.length; at += 1) settle(at, [before, after]);
  const top = Math.min(...y.map((middle, node) => middle - (half[node] ?? 0)));
  return y.map((middle) => middle - top);
}
