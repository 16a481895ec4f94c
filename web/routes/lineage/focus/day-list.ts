/** Days of a histogram: every day from the first to the last, with what was seen on it. Pure. */
import type { LineageCoverageView } from "../../../../src/model/view-lineage.ts";

const DAY_MS = 86_400_000;

export interface DayBar {
  day: string;
  /** What was seen by all sources together. */
  seen: number;
  /** Nothing was read of this day: a hole, not a quiet day. */
  hole: boolean;
}

const at = (day: string) => Date.parse(`${day}T00:00:00.000Z`);

/** Every day from the first of which something is known to the last, a month that was rolled up left out. */
export function dayList(days: LineageCoverageView["days"]): DayBar[] {
  const sums = new Map<string, number>();
  for (const { day, requests, edges } of days)
    if (day.length === 10) sums.set(day, (sums.get(day) ?? 0) + Math.max(requests, edges));
  const known = [...sums.keys()].sort();
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return [];
  return Array.from({ length: Math.round((at(last) - at(first)) / DAY_MS) + 1 }, (_, index) => {
    const day = new Date(at(first) + index * DAY_MS).toISOString().slice(0, 10);
    return { day, seen: sums.get(day) ?? 0, hole: !sums.has(day) };
  });
}
