/** `headgate lineage impact`: everything that depends on a table or job, with the way there. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { impactText } from "../print/lineage-trace.ts";
import { withProject } from "../project.ts";
import { type MomentFlags, momentOf } from "./question-flags.ts";

export interface ImpactFlags extends MomentFlags {
  depth?: number;
}

export default function impact(context: CliContext, flags: ImpactFlags, node: string): Promise<number> {
  return withProject(context, async ({ lineage, style }) => {
    const view = await lineage.trace(node, { ...momentOf(flags), direction: "down", depth: flags.depth });
    answer(context, { text: () => impactText(style, view), json: () => formatJson(view, 2) });
    return 0;
  });
}
