/** Two dates of the lineage compared, as text. */
import type { LineageDiffView, LineageEdgeRow } from "../../model/view-lineage.ts";
import { nodeText } from "./lineage-node.ts";
import { safe } from "./safe.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { count } from "./value.ts";

function edgeText(style: Style, edge: LineageEdgeRow): string {
  const doubt = edge.strength === "sure" ? "" : paint(style, "faint", ` (${edge.strength})`);
  return `${nodeText(style, edge.fromNode)} → ${nodeText(style, edge.toNode)}  ${paint(style, "faint", edge.relations.join(", "))}${doubt}`;
}

export function diffText(style: Style, view: LineageDiffView): string {
  const { counts } = view;
  const signed = (sign: string, tone: Tone, text: string): string => `${paint(style, tone, sign)} ${text}`;
  const lines = [
    paint(style, "strong", `${view.from} compared with ${view.to}`),
    `${count(counts.added, "edge")} new, ${count(counts.removed, "edge")} gone, ${counts.changed} changed, ${counts.same} the same`,
    ...(counts.nodesAdded + counts.nodesRemoved > 0
      ? [`${count(counts.nodesAdded, "node")} new, ${count(counts.nodesRemoved, "node")} gone`]
      : []),
    ...view.added.map((edge) => signed("+", "good", edgeText(style, edge))),
    ...view.removed.map((edge) => signed("-", "bad", edgeText(style, edge))),
    ...view.changed.map(({ after, text }) => signed("~", "warn", `${edgeText(style, after)}  ${safe(text)}`)),
  ];
  if (view.partial) lines.push("", "not all are shown; --limit shows more");
  return `${lines.join("\n")}\n`;
}
