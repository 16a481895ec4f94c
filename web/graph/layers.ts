/** First step of the layout: in which column each task stands. */

/** A directed edge between node numbers: `from` runs before `to`. */
export interface Link {
  from: number;
  to: number;
}

/** Links without those that close a circle (a definition may hold one before the service refuses it). */
export function withoutCircles(count: number, links: Link[]): Link[] {
  const out: Link[][] = Array.from({ length: count }, () => []);
  for (const link of links) out[link.from]?.push(link);
  const state = new Uint8Array(count);
  const back = new Set<Link>();
  for (let root = 0; root < count; root += 1) {
    if (state[root] !== 0) continue;
    const stack: { node: number; next: number }[] = [{ node: root, next: 0 }];
    state[root] = 1;
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as { node: number; next: number };
      const link = out[top.node]?.[top.next];
      top.next += 1;
      if (link === undefined) {
        state[top.node] = 2;
        stack.pop();
      } else if (state[link.to] === 1) back.add(link);
      else if (state[link.to] === 0) {
        state[link.to] = 1;
        stack.push({ node: link.to, next: 0 });
      }
    }
  }
  return back.size === 0 ? links : links.filter((link) => !back.has(link));
}

/** Node numbers, each after all it depends on. The links must be free of circles. */
export function inOrder(count: number, links: Link[]): number[] {
  const waiting = new Int32Array(count);
  const out: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of links) {
    out[from]?.push(to);
    waiting[to] = (waiting[to] ?? 0) + 1;
  }
  const order: number[] = [];
  for (let node = 0; node < count; node += 1) if (waiting[node] === 0) order.push(node);
  for (let at = 0; at < order.length; at += 1)
    for (const to of out[order[at] as number] ?? []) {
      waiting[to] = (waiting[to] ?? 0) - 1;
      if (waiting[to] === 0) order.push(to);
    }
  return order;
}

/**
 * Column of each node: as far left as its dependencies allow; then a node that more depend on than it depends on moves
 * right to its first dependent, which makes edges short.
 */
export function columnsOf(count: number, links: Link[]): number[] {
  const order = inOrder(count, links);
  const column = new Array<number>(count).fill(0);
  const before: number[][] = Array.from({ length: count }, () => []);
  const after: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of links) {
    before[to]?.push(from);
    after[from]?.push(to);
  }
  for (const node of order)
    for (const from of before[node] ?? []) column[node] = Math.max(column[node] ?? 0, (column[from] ?? 0) + 1);
  for (const node of [...order].reverse()) {
    const out = after[node] ?? [];
    if (out.length === 0 || out.length <= (before[node]?.length ?? 0)) continue;
    column[node] = Math.min(...out.map((to) => column[to] ?? 0)) - 1;
  }
  return column;
}
