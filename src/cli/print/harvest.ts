/** What a harvest counted, in words. */
import type { HarvestCounts } from "../../lineage/harvest/counts.ts";

const count = (value: number, one: string, many: string): string =>
  `${value.toLocaleString("en-US")} ${value === 1 ? one : many}`;

/** One line: how many lines and events, and then only what there was. */
export function harvestText(counts: HarvestCounts): string {
  const details: [number, string][] = [
    [counts.reassembled, "put together from parts"],
    [counts.duplicates, "repeated"],
    [counts.truncated, "torn"],
    [counts.invalid, "invalid"],
    [counts.masked, "with masked names"],
  ];
  const told = details
    .filter(([value]) => value > 0)
    .map(([value, what]) => `${value.toLocaleString("en-US")} ${what}`);
  const found = `${count(counts.events, "event", "events")} in ${count(counts.lines, "line", "lines")}`;
  return `${[found, ...told].join(", ")}\n`;
}
