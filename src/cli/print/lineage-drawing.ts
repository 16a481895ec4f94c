/** The surroundings of a node for programs that draw: Graphviz (DOT) and Mermaid. */
import type { LineageGraphView } from "../../model/view-lineage.ts";

/** A text in double quotes, as DOT has it. */
const quoted = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&").replaceAll("\n", " ")}"`;

const LINE = { sure: "solid", likely: "solid", unsure: "dashed" } as const;

export function dotText(view: LineageGraphView): string {
  const lines = ["digraph lineage {", "  rankdir=LR;", "  node [fontsize=11];"];
  for (const { id, kind, label, name, level } of view.nodes) {
    const shape = kind === "dataset" ? "box" : "ellipse";
    const bold = level === 0 ? ", penwidth=2" : "";
    lines.push(`  n${id} [shape=${shape}${bold}, label=${quoted(kind === "dataset" ? name : label)}];`);
  }
  for (const { id, text } of view.bundles) lines.push(`  "${id}" [shape=box, style=dotted, label=${quoted(text)}];`);
  for (const { from, to, strength, confidence } of view.edges) {
    const width = (0.5 + 1.5 * confidence).toFixed(2);
    lines.push(`  n${from} -> n${to} [style=${LINE[strength]}, penwidth=${width}];`);
  }
  for (const { id, of, direction } of view.bundles) {
    lines.push(direction === "up" ? `  "${id}" -> n${of} [style=dotted];` : `  n${of} -> "${id}" [style=dotted];`);
  }
  return `${[...lines, "}"].join("\n")}\n`;
}

/** Characters that mean something within Mermaid's quotes are written as their codes. */
const mermaid = (text: string): string =>
  `"${text.replace(/["#&<>\n]/g, (character) => `#${character.charCodeAt(0)};`)}"`;

export function mermaidText(view: LineageGraphView): string {
  const lines = ["flowchart LR"];
  const key = (id: number | string) => `n${String(id).replaceAll("-", "_")}`;
  for (const { id, kind, label, name } of view.nodes) {
    lines.push(kind === "dataset" ? `  ${key(id)}[${mermaid(name)}]` : `  ${key(id)}([${mermaid(label)}])`);
  }
  for (const { id, text } of view.bundles) lines.push(`  ${key(`b${id}`)}[[${mermaid(text)}]]`);
  for (const { from, to, strength } of view.edges) {
    lines.push(`  ${key(from)} ${strength === "unsure" ? "-.->" : "-->"} ${key(to)}`);
  }
  for (const { id, of, direction } of view.bundles) {
    const [from, to] = direction === "up" ? [key(`b${id}`), key(of)] : [key(of), key(`b${id}`)];
    lines.push(`  ${from} -.- ${to}`);
  }
  return `${lines.join("\n")}\n`;
}
