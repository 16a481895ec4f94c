/** `headgate lineage graph`: what is around a table or job, as text, DOT, Mermaid or JSON. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { dotText, mermaidText } from "../print/lineage-drawing.ts";
import { graphText } from "../print/lineage-graph.ts";
import { withProject } from "../project.ts";
import { type MomentFlags, momentOf } from "./question-flags.ts";

export interface GraphFlags extends MomentFlags {
  depth?: number;
  direction: "both" | "up" | "down";
  fold?: number;
  draw?: "dot" | "mermaid";
}

const FOLD = 12;

export default function graph(context: CliContext, flags: GraphFlags, node: string): Promise<number> {
  return withProject(context, async ({ lineage, style }) => {
    const { depth = 1, direction, draw, fold = FOLD } = flags;
    const view = await lineage.graph(node, {
      ...momentOf(flags),
      up: direction === "down" ? 0 : depth,
      down: direction === "up" ? 0 : depth,
      fold,
    });
    const drawn = draw === "dot" ? dotText : draw === "mermaid" ? mermaidText : undefined;
    answer(context, { text: () => drawn?.(view) ?? graphText(style, view), json: () => formatJson(view, 2) });
    return 0;
  });
}
