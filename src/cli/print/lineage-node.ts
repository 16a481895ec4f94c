/** How nodes and edges of the lineage read in a line of text. */
import type { LineageCounts, LineageNodeView, LineageWarning } from "../../model/view-lineage.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { count } from "./value.ts";

/** What people call a node: a table's whole name, a job's title with its id. */
export function nodeText(style: Style, node: LineageNodeView): string {
  if (node.kind === "dataset") return safe(node.name === node.label ? node.name : nameOf(node));
  const id = node.jobId !== null && node.label !== node.jobId ? paint(style, "faint", ` (${safe(node.jobId)})`) : "";
  return `${node.kind} ${paint(style, "strong", safe(node.label))}${id}`;
}

/** A path is told with where it is. */
const nameOf = (node: LineageNodeView): string =>
  node.namespace.startsWith("databricks://") ? node.name : `${node.namespace}/${node.name}`;

/** `2 jobs, 3 tables`; `nothing` where there is none. */
export function countsText({ nodes, jobs, datasets }: LineageCounts): string {
  const others = nodes - jobs - datasets;
  const parts = [
    ...(datasets > 0 ? [count(datasets, "table")] : []),
    ...(jobs > 0 ? [count(jobs, "job")] : []),
    ...(others > 0 ? [count(others, "other")] : []),
  ];
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

/** Warnings, one a line. */
export const warningLines = (style: Style, warnings: readonly LineageWarning[]): string[] =>
  warnings.map(({ text }) => `${paint(style, "warn", "may lack edges:")} ${safe(text)}`);

/** `as of 2026-11-20, seen within 30 days`. */
export const momentText = (style: Style, { at, windowDays }: { at: string; windowDays: number }): string =>
  paint(style, "faint", `as of ${at}, seen within ${count(windowDays, "day")}`);
