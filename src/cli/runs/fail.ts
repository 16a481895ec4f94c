/** `headgate runs fail`: a task has failed. */

import { formatJson } from "../../util/int64-json.ts";
import type { TaskPath } from "../../util/task-path.ts";
import { answer, type CliContext } from "../context.ts";
import { stepText } from "../print/runs-step.ts";
import type { EndFlags } from "./end.ts";
import { withRuns } from "./open-runs.ts";
import { repeatOf, stepOf } from "./reference.ts";
import { metricsOf } from "./step-flags.ts";

export type FailFlags = Omit<EndFlags, "logType" | "watermark">;

export default function fail(context: CliContext, flags: FailFlags, task: TaskPath): Promise<number> {
  return withRuns(context, async ({ runs, style, now }) => {
    const step = await stepOf(context, runs, task, flags);
    const { message: logMessage, logCode, runId: sourceRunId } = flags;
    const failed = await runs.failTask(
      { ...step, logMessage, logCode, sourceRunId, metrics: metricsOf(flags.metric) },
      repeatOf(flags),
    );
    answer(context, { text: () => stepText(style, failed, now), json: () => formatJson(failed, 2) });
    return 0;
  });
}
