/** `headgate runs unskip`: takes a task back into a run. */

import { formatJson } from "../../util/int64-json.ts";
import type { TaskPath } from "../../util/task-path.ts";
import { answer, type CliContext } from "../context.ts";
import { stepText } from "../print/runs-step.ts";
import { withRuns } from "./open-runs.ts";
import { repeatOf, type StepFlags, stepOf } from "./reference.ts";

export default function unskip(
  context: CliContext,
  flags: StepFlags & { reason: string },
  task: TaskPath,
): Promise<number> {
  return withRuns(context, async ({ runs, style, now }) => {
    const { attempt: _attempt, ...step } = await stepOf(context, runs, task, flags);
    const changed = await runs.unskip({ ...step, reason: flags.reason }, repeatOf(flags));
    answer(context, { text: () => stepText(style, changed, now), json: () => formatJson(changed, 2) });
    return 0;
  });
}
