/** `headgate runs watermark history`: who or what moved a watermark, when, from what to what; newest first. */
import type { ProcessRef } from "../../../model/run-ref.ts";
import { formatJson } from "../../../util/int64-json.ts";
import { answer, type CliContext } from "../../context.ts";
import { watermarkHistoryText } from "../../print/runs-watermark.ts";
import { withRuns } from "../open-runs.ts";

export default function history(
  context: CliContext,
  flags: { limit: number },
  process: ProcessRef,
  parameterName?: string,
): Promise<number> {
  return withRuns(context, async ({ runs, style }) => {
    const items = await runs.watermarkHistory({ ...process, parameterName, limit: flags.limit });
    answer(context, {
      text: () => watermarkHistoryText(style, items),
      json: () => formatJson({ count: items.length, items, next: null }, 2),
    });
    return 0;
  });
}
