/** What declaring did: one line a thing that was new or changed, and the sum. */

import type { Json } from "../../util/json.ts";
import { safe } from "./safe.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { count, valueText } from "./value.ts";

interface Declared {
  key: string;
  outcome: "created" | "updated" | "unchanged";
  changes: { field: string; before: unknown; after: unknown }[];
}

const SIGN: Record<Declared["outcome"], [string, Tone]> = {
  created: ["+", "good"],
  updated: ["~", "change"],
  unchanged: [" ", "faint"],
};

function lines(style: Style, { key, outcome, changes }: Declared): string[] {
  if (outcome === "unchanged") return [];
  const [sign, tone] = SIGN[outcome];
  const fields =
    outcome === "updated"
      ? changes.map(({ field, before, after }) => {
          const [from, to] = [before, after].map((value) => valueText((value ?? null) as Json, 40));
          return `    ${safe(field)}  ${from} → ${to}`;
        })
      : [];
  return [`${paint(style, tone, sign)} ${safe(key)}`, ...fields];
}

/** The report as text. */
export function declaredText(style: Style, items: readonly Declared[], noun: string): string {
  const sum = (["created", "updated", "unchanged"] as const)
    .map((outcome) => [outcome, items.filter((item) => item.outcome === outcome).length] as const)
    .filter(([, number]) => number > 0)
    .map(([outcome, number]) => `${number} ${outcome}`);
  const total = `${count(items.length, noun)}${sum.length > 0 ? `: ${sum.join(", ")}` : ""}`;
  return [...items.flatMap((item) => lines(style, item)), paint(style, "strong", total)].join("\n");
}
