/** `headgate lineage diff`: what moves data on one day and did not on another. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { diffText } from "../print/lineage-diff.ts";
import { withProject } from "../project.ts";

export interface DiffFlags {
  from: string;
  to: string;
  window?: number;
  limit: number;
  exitCode: boolean;
}

/** Differences were found, and `--exit-code` asks to say so. */
const DIFFERS = 2;

export default function diff(context: CliContext, flags: DiffFlags, node?: string): Promise<number> {
  return withProject(context, async ({ lineage, style }) => {
    const { from, to, window: windowDays, limit } = flags;
    const view = await lineage.diff({ from, to, windowDays, node, limit });
    answer(context, { text: () => diffText(style, view), json: () => formatJson(view, 2) });
    const { added, removed, changed } = view.counts;
    return flags.exitCode && added + removed + changed > 0 ? DIFFERS : 0;
  });
}
