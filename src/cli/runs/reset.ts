/** `headgate runs reset`: gives failed tasks a new attempt; with --replay also those that are done. */

import type { ProcessRef } from "../../model/run-ref.ts";
import { formatJson } from "../../util/int64-json.ts";
import type { TaskPath } from "../../util/task-path.ts";
import { answer, type CliContext } from "../context.ts";
import { resetText } from "../print/runs-step.ts";
import { withRuns } from "./open-runs.ts";
import type { RunFlags } from "./reference.ts";

export interface ResetFlags extends RunFlags {
  workflow?: number;
  sequence?: number;
  replay: boolean;
  rollbackWatermarks: boolean;
  reason?: string;
}

export default function reset(context: CliContext, flags: ResetFlags, what: ProcessRef | TaskPath): Promise<number> {
  return withRuns(context, async ({ runs, style }) => {
    const { projectCode, processLoad } = what;
    const task =
      "taskId" in what ? { workflowId: what.workflowId, taskId: what.taskId } : { workflowId: flags.workflow };
    const done = await runs.statusReset({
      projectCode,
      processLoad,
      processingDate: flags.date,
      executionId: flags.execution ?? (context.env.HEADGATE_EXECUTION || undefined),
      ...task,
      sequenceId: flags.sequence,
      replay: flags.replay,
      rollbackWatermarks: flags.rollbackWatermarks,
      reason: flags.reason,
    });
    answer(context, { text: () => resetText(style, done), json: () => formatJson(done, 2) });
    return 0;
  });
}
