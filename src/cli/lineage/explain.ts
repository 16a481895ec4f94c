/** `headgate lineage explain`: why an edge, or every edge of a table or job, is there. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { evidenceText, nodeEvidenceText } from "../print/lineage-evidence.ts";
import { withProject } from "../project.ts";
import { type MomentFlags, momentOf } from "./question-flags.ts";

export interface ExplainFlags extends MomentFlags {
  limit: number;
}

export default function explain(
  context: CliContext,
  flags: ExplainFlags,
  node: string,
  other?: string,
): Promise<number> {
  return withProject(context, async ({ lineage, style }) => {
    const moment = momentOf(flags);
    if (other !== undefined) {
      const edge = await lineage.evidence(node, other, moment);
      answer(context, { text: () => evidenceText(style, edge), json: () => formatJson(edge, 2) });
      return 0;
    }
    const view = await lineage.explain(node, { ...moment, limit: flags.limit });
    answer(context, { text: () => nodeEvidenceText(style, view), json: () => formatJson(view, 2) });
    return 0;
  });
}
