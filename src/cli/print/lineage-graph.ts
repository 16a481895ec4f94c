/** The surroundings of a node as text: what comes in by steps, the node, what goes out. */
import type { LineageEdgeView, LineageGraphView } from "../../model/view-lineage.ts";
import { countsText, momentText, nodeText, warningLines } from "./lineage-node.ts";
import { paint, type Style } from "./style.ts";
import { count } from "./value.ts";

const DOUBT: Record<LineageEdgeView["strength"], string> = { sure: "", likely: " (likely)", unsure: " (unsure)" };

/** What a node does to those nearer to the focus, or they to it. */
function manner(view: LineageGraphView, id: number, level: number): string {
  const levels = new Map(view.nodes.map((node) => [node.id, node.level]));
  const nearer = view.edges.filter(({ from, to }) => {
    const other = from === id ? to : to === id ? from : undefined;
    return other !== undefined && Math.abs(levels.get(other) ?? 0) < Math.abs(level);
  });
  const relations = [...new Set(nearer.flatMap((edge) => edge.relations))];
  const doubts = nearer.map(({ strength }) => strength);
  const doubt = doubts.length > 0 && doubts.every((one) => one !== "sure") ? DOUBT[doubts[0] ?? "sure"] : "";
  return `${relations.join(", ")}${doubt}`;
}

export function graphText(style: Style, view: LineageGraphView): string {
  const lines = [`${nodeText(style, view.focus)}  ${momentText(style, view)}`];
  const levels = [...new Set([...view.nodes, ...view.bundles].map(({ level }) => level))].sort((a, b) => a - b);
  for (const level of levels.filter((one) => one !== 0)) {
    const steps = count(Math.abs(level), "step");
    lines.push("", paint(style, "strong", `${steps} ${level < 0 ? "upstream" : "downstream"}`));
    for (const node of view.nodes.filter((one) => one.level === level)) {
      const hidden = level < 0 ? node.hidden.up : node.hidden.down;
      const further = hidden > 0 ? paint(style, "faint", `  +${hidden} ${level < 0 ? "before" : "after"}`) : "";
      lines.push(`  ${nodeText(style, node)}  ${paint(style, "faint", manner(view, node.id, level))}${further}`);
    }
    for (const bundle of view.bundles.filter((one) => one.level === level)) {
      lines.push(
        paint(
          style,
          "faint",
          `  ${bundle.text}: ${bundle.names.join(", ")}${bundle.counts.nodes > bundle.names.length ? ", …" : ""}`,
        ),
      );
    }
  }
  const { up, down } = view.beyond;
  if (view.up > 0 && up.nodes > 0) lines.push("", `further upstream: ${countsText(up)}`);
  if (view.down > 0 && down.nodes > 0) lines.push("", `further downstream: ${countsText(down)}`);
  if (view.nodes.length === 1) lines.push("", "nothing comes in or goes out here");
  const warnings = warningLines(style, view.warnings);
  if (warnings.length > 0) lines.push("", ...warnings);
  return `${lines.join("\n")}\n`;
}
