/** All that lies up- or downstream of a node, as text. */
import type { LineageNodeView, LineageTraceView } from "../../model/view-lineage.ts";
import { countsText, momentText, nodeText } from "./lineage-node.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";

/** A short name for a way: the label of each node. */
const shortName = ({ kind, label, name }: LineageNodeView): string => (kind === "dataset" ? name : label);

/** The way to a step, without its ends: ` over a → b`. */
function wayText(style: Style, view: LineageTraceView, path: readonly number[]): string {
  const names = new Map([view.start, ...view.steps].map((node) => [node.id, shortName(node)]));
  const between = path.slice(1, -1).map((id) => safe(names.get(id) ?? String(id)));
  if (between.length === 0) return "";
  const arrow = view.direction === "down" ? " → " : " ← ";
  return paint(style, "faint", `  over ${between.join(arrow)}`);
}

function stepLines(style: Style, view: LineageTraceView, steps: LineageTraceView["steps"]): string[] {
  return steps.map((step) => {
    const doubt = step.confidence < 0.9 ? paint(style, "warn", `  ${step.confidence.toFixed(2)}`) : "";
    return `  ${nodeText(style, step)}${wayText(style, view, step.path)}${doubt}`;
  });
}

const rest = (view: LineageTraceView): string[] =>
  view.beyond.nodes > 0 ? ["", `further away: ${countsText(view.beyond)}`] : [];

export function traceText(style: Style, view: LineageTraceView): string {
  const where = view.direction === "up" ? "upstream" : "downstream";
  const lines = [
    `${nodeText(style, view.start)}  ${momentText(style, view)}`,
    view.counts.nodes === 0 ? `nothing is known ${where} of it` : `${countsText(view.counts)} ${where}, nearest first`,
    ...stepLines(style, view, view.steps),
  ];
  return `${[...lines, ...rest(view)].join("\n")}\n`;
}

export function impactText(style: Style, view: LineageTraceView): string {
  const lines = [`${nodeText(style, view.start)}  ${momentText(style, view)}`];
  if (view.counts.nodes === 0) {
    lines.push("nobody is known to read what it feeds; what no source sees is not known");
  } else {
    lines.push(`feeds ${countsText(view.counts)}`);
  }
  for (const [title, isOne] of [
    ["jobs", (kind: string) => kind !== "dataset"],
    ["tables", (kind: string) => kind === "dataset"],
  ] as const) {
    const steps = view.steps.filter(({ kind }) => isOne(kind));
    if (steps.length > 0) lines.push("", paint(style, "strong", title), ...stepLines(style, view, steps));
  }
  return `${[...lines, ...rest(view)].join("\n")}\n`;
}
