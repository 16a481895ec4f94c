/** `headgate runs end`: a task is done. */

import { formatJson } from "../../util/int64-json.ts";
import type { TaskPath } from "../../util/task-path.ts";
import { answer, type CliContext } from "../context.ts";
import { stepText } from "../print/runs-step.ts";
import { withRuns } from "./open-runs.ts";
import { repeatOf, type StepFlags, stepOf } from "./reference.ts";
import { type Metrics, metricsOf } from "./step-flags.ts";

export interface EndFlags extends StepFlags {
  message?: string;
  logCode?: string;
  logType?: "INFO" | "WARN" | "ERROR";
  metric?: Metrics;
  watermark?: string;
  runId?: string;
}

export default function end(context: CliContext, flags: EndFlags, task: TaskPath): Promise<number> {
  return withRuns(context, async ({ runs, style, now }) => {
    const step = await stepOf(context, runs, task, flags);
    const { message: logMessage, logCode, logType, watermark, runId: sourceRunId } = flags;
    const metrics = metricsOf(flags.metric);
    const ended = await runs.endTask(
      { ...step, logMessage, logCode, logType, watermark, sourceRunId, metrics },
      repeatOf(flags),
    );
    answer(context, { text: () => stepText(style, ended, now), json: () => formatJson(ended, 2) });
    return 0;
  });
}
