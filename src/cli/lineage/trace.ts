/** `headgate lineage trace`: where a table's data comes from, or goes to. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { traceText } from "../print/lineage-trace.ts";
import { withProject } from "../project.ts";
import { type MomentFlags, momentOf } from "./question-flags.ts";

export interface TraceFlags extends MomentFlags {
  direction: "up" | "down";
  depth?: number;
}

export default function trace(context: CliContext, flags: TraceFlags, node: string): Promise<number> {
  return withProject(context, async ({ lineage, style }) => {
    const view = await lineage.trace(node, {
      ...momentOf(flags),
      direction: flags.direction,
      depth: flags.depth,
    });
    answer(context, { text: () => traceText(style, view), json: () => formatJson(view, 2) });
    return 0;
  });
}
