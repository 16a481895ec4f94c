/** `headgate lineage coverage`: what the sources saw, and where the picture cannot be whole. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { coverageText } from "../print/lineage-coverage.ts";
import { withProject } from "../project.ts";
import { type MomentFlags, momentOf } from "./question-flags.ts";

export default function coverage(context: CliContext, flags: MomentFlags): Promise<number> {
  return withProject(context, async ({ lineage, style }) => {
    const view = await lineage.coverage(momentOf(flags));
    answer(context, { text: () => coverageText(style, view), json: () => formatJson(view, 2) });
    return 0;
  });
}
