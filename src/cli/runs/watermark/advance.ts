/** `headgate runs watermark advance`: only forwards. */
import type { ProcessRef } from "../../../model/run-ref.ts";
import { formatJson } from "../../../util/int64-json.ts";
import { answer, type CliContext } from "../../context.ts";
import { movedText } from "../../print/runs-watermark.ts";
import { withRuns } from "../open-runs.ts";

export default function advance(
  context: CliContext,
  flags: { reason?: string; execution?: string; key?: string },
  process: ProcessRef,
  parameterName: string,
  value: string,
): Promise<number> {
  return withRuns(context, async ({ runs, style }) => {
    const { reason, execution: executionId } = flags;
    const moved = await runs.advanceWatermark(
      { ...process, parameterName, value, reason, executionId },
      { idempotencyKey: flags.key },
    );
    answer(context, { text: () => movedText(style, moved), json: () => formatJson(moved, 2) });
    return 0;
  });
}
