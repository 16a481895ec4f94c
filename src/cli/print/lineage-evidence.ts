/** Why an edge is there, as text. */
import type { LineageEvidenceView, LineageNodeEvidenceView } from "../../model/view-lineage.ts";
import { momentText, nodeText } from "./lineage-node.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { table } from "./table.ts";
import { count } from "./value.ts";

const candidateLines = (style: Style, candidates: LineageEvidenceView["candidates"]): string[] =>
  candidates.map(({ node, share }) => `    ${share.toFixed(2)}  ${nodeText(style, node)}`);

export function evidenceText(style: Style, view: LineageEvidenceView): string {
  const { edge } = view;
  const lines = [
    paint(style, "strong", safe(view.title)),
    momentText(style, view),
    "",
    safe(view.text),
    `confidence ${edge.confidence.toFixed(2)}, ${edge.strength}; last seen ${edge.lastAt.slice(0, 16)}Z`,
    safe(view.agreement),
  ];
  if (view.sources.length > 1)
    lines.push(...view.sources.map(({ source, text }) => `  ${safe(source)}: ${safe(text)}`));
  if (view.doubt !== null) lines.push("", `${paint(style, "warn", "why not sure:")} ${safe(view.doubt)}`);
  if (view.candidates.length > 0) lines.push("  it was one of", ...candidateLines(style, view.candidates));
  if (edge.approximate) lines.push(paint(style, "faint", "counts of older months are in proportion to their days"));
  if (view.columns.length > 0) {
    lines.push(
      "",
      count(view.columns.length, "column"),
      ...table(
        style,
        [{ title: "from" }, { title: "how" }, { title: "to" }],
        view.columns.map(({ from, fromColumn, kind, to, toColumn }) => [
          `${from.label}.${fromColumn}`,
          kind.toLowerCase(),
          `${to.label}.${toColumn}`,
        ]),
      ).map((line) => `  ${line}`),
    );
  }
  return `${lines.join("\n")}\n`;
}

export function nodeEvidenceText(style: Style, view: LineageNodeEvidenceView): string {
  const lines = [`${nodeText(style, view.node)}  ${momentText(style, view)}`];
  for (const { namespace, name } of view.node.aliases) {
    lines.push(
      paint(style, "faint", safe(`also ${namespace.startsWith("databricks://") ? name : `${namespace}/${name}`}`)),
    );
  }
  for (const { edge, title, text, doubt, agreement, candidates } of view.items) {
    lines.push("", safe(title), `  ${safe(text)}`);
    lines.push(paint(style, "faint", `  ${edge.strength}, ${edge.confidence.toFixed(2)}; ${safe(agreement)}`));
    if (doubt !== null) lines.push(`  ${paint(style, "warn", "why not sure:")} ${safe(doubt)}`);
    lines.push(...candidateLines(style, candidates));
  }
  if (view.count > view.items.length) {
    lines.push("", `${count(view.count - view.items.length, "edge")} more; --limit ${view.count} shows all`);
  }
  return `${lines.join("\n")}\n`;
}
