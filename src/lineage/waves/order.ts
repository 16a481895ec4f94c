/** In which order groups are placed: those with the longest way behind them first (Hu's level algorithm). */
import { row } from "./graph.ts";
import type { Groups } from "./groups.ts";

/** Each group after all it depends on. Ties by number, so that the same input gives the same order. */
export function placingOrder({
  count,
  along,
  after,
  soft,
}: Pick<Groups, "count" | "along" | "after" | "soft">): Uint32Array {
  const all = [along, after, soft.along, soft.after];
  const waiting = new Uint32Array(count);
  for (const links of all) for (const to of links.targets) waiting[to] = (waiting[to] as number) + 1;
  const sorted = new Uint32Array(count);
  let filled = 0;
  for (let group = 0; group < count; group++) if (waiting[group] === 0) sorted[filled++] = group;
  for (let at = 0; at < filled; at++) {
    for (const links of all) {
      for (const to of row(links, sorted[at] as number)) {
        waiting[to] = (waiting[to] as number) - 1;
        if (waiting[to] === 0) sorted[filled++] = to;
      }
    }
  }
  // steps to the last group that depends on it: what has to come first always has more
  const height = new Uint32Array(count);
  for (let at = count - 1; at >= 0; at--) {
    const group = sorted[at] as number;
    for (const links of all) {
      for (const to of row(links, group)) height[group] = Math.max(height[group] as number, (height[to] as number) + 1);
    }
  }
  return sorted.sort((a, b) => (height[b] as number) - (height[a] as number) || a - b);
}
