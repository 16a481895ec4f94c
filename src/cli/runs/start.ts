/** `headgate runs start`: a task begins. */

import { formatJson } from "../../util/int64-json.ts";
import type { TaskPath } from "../../util/task-path.ts";
import { answer, type CliContext } from "../context.ts";
import { startedText } from "../print/runs-step.ts";
import { withRuns } from "./open-runs.ts";
import { repeatOf, type StepFlags, stepOf } from "./reference.ts";

export interface StartFlags extends StepFlags {
  runId?: string;
  runUrl?: string;
  lease?: number;
}

export default function start(context: CliContext, flags: StartFlags, task: TaskPath): Promise<number> {
  return withRuns(context, async ({ runs, style, now }) => {
    const step = await stepOf(context, runs, task, flags);
    const { runId: sourceRunId, runUrl: sourceUrl, lease: leaseSeconds } = flags;
    const started = await runs.startTask({ ...step, sourceRunId, sourceUrl, leaseSeconds }, repeatOf(flags));
    answer(context, { text: () => startedText(style, started, now), json: () => formatJson(started, 2) });
    return 0;
  });
}
