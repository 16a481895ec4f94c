/** `headgate runs pending`: the tasks of a run that may be started now. */
import type { ProcessRef } from "../../model/run-ref.ts";
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { pendingText } from "../print/runs-pending.ts";
import { withRuns } from "./open-runs.ts";
import { type RunFlags, runOf } from "./reference.ts";

export interface PendingFlags extends RunFlags {
  workflow?: number;
  sequence?: number;
  all: boolean;
}

export default function pending(context: CliContext, flags: PendingFlags, process: ProcessRef): Promise<number> {
  return withRuns(context, async ({ runs, style }) => {
    const run = await runOf(context, runs, process, flags);
    const found = await runs.getPendingTasks({
      ...run,
      workflowId: flags.workflow,
      sequenceId: flags.sequence,
      all: flags.all,
    });
    answer(context, { text: () => pendingText(style, found), json: () => formatJson(found, 2) });
    return 0;
  });
}
