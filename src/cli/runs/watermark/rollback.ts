/** `headgate runs watermark rollback`: sets a watermark to what it was before a run or a change. */
import { HeadgateError } from "../../../errors.ts";
import type { ProcessRef } from "../../../model/run-ref.ts";
import { formatJson } from "../../../util/int64-json.ts";
import { answer, type CliContext } from "../../context.ts";
import { movedText } from "../../print/runs-watermark.ts";
import { withRuns } from "../open-runs.ts";

export interface RollbackFlags {
  beforeExecution?: string;
  beforeChange?: number;
  preview: boolean;
  reason?: string;
}

export default function rollback(
  context: CliContext,
  flags: RollbackFlags,
  process: ProcessRef,
  parameterName: string,
): Promise<number> {
  const { beforeExecution: beforeExecutionId, beforeChange: beforeSeq, preview, reason } = flags;
  if ((beforeExecutionId === undefined) === (beforeSeq === undefined)) {
    throw new HeadgateError("usage", "before which run or change?", {
      hint: "give --before-execution ID or --before-change NUMBER; headgate runs watermark history shows both",
    });
  }
  return withRuns(context, async ({ runs, style }) => {
    const moved = await runs.rollbackWatermark({
      ...process,
      parameterName,
      beforeExecutionId,
      beforeSeq,
      preview,
      reason,
    });
    answer(context, { text: () => movedText(style, moved, preview), json: () => formatJson({ ...moved, preview }, 2) });
    return 0;
  });
}
