/** `headgate runs amend`: gives an attempt that has ended another end. */

import { formatJson } from "../../util/int64-json.ts";
import type { TaskPath } from "../../util/task-path.ts";
import { answer, type CliContext } from "../context.ts";
import { stepText } from "../print/runs-step.ts";
import { withRuns } from "./open-runs.ts";
import { repeatOf, type StepFlags, stepOf } from "./reference.ts";

export interface AmendFlags extends StepFlags {
  reason: string;
  message?: string;
  logCode?: string;
}

export default function amend(
  context: CliContext,
  flags: AmendFlags,
  task: TaskPath,
  status: "DONE" | "FAIL",
): Promise<number> {
  return withRuns(context, async ({ runs, style, now }) => {
    const step = await stepOf(context, runs, task, flags);
    const { reason, message: logMessage, logCode } = flags;
    const amended = await runs.amend({ ...step, status, reason, logMessage, logCode }, repeatOf(flags));
    answer(context, { text: () => stepText(style, amended, now), json: () => formatJson(amended, 2) });
    return 0;
  });
}
