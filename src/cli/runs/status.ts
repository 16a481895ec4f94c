/** `headgate runs status`: every process with its verdict, or the tasks of one. */

import type { ProcessRef } from "../../model/run-ref.ts";
import { formatJson } from "../../util/int64-json.ts";
import type { TaskPath } from "../../util/task-path.ts";
import { answer, type CliContext } from "../context.ts";
import { processesText, statusText } from "../print/runs-status.ts";
import { withRuns } from "./open-runs.ts";
import { namedExecution, type RunFlags } from "./reference.ts";

export interface StatusFlags extends RunFlags {
  allAttempts: boolean;
}

export default function status(context: CliContext, flags: StatusFlags, what?: ProcessRef | TaskPath): Promise<number> {
  return withRuns(context, async ({ runs, causes, style, now }) => {
    const processingDate = flags.date;
    if (what === undefined) {
      const items = await runs.processes({ processingDate });
      answer(context, {
        text: () => processesText(style, items, now),
        json: () => formatJson({ count: items.length, items, next: null }, 2),
      });
      return 0;
    }
    const { projectCode, processLoad } = what;
    const of = { projectCode, processLoad };
    const [process] = await runs.processes({ ...of, processingDate });
    // An unknown process is told as such, with the nearest name.
    if (process === undefined) await runs.getMode(of);
    const executionId = namedExecution(context, flags) ?? process?.executionId ?? undefined;
    const day = flags.date ?? (namedExecution(context, flags) === undefined ? process?.processingDate : undefined);
    const task = "taskId" in what ? { workflowId: what.workflowId, taskId: what.taskId } : {};
    const wish = { ...of, processingDate: day, executionId, ...task };
    const items = await runs.getStatus({ ...wish, allAttempts: flags.allAttempts || "taskId" in what });
    const why =
      executionId === undefined || day === undefined ? [] : await causes({ ...of, processingDate: day, executionId });
    answer(context, {
      text: () => statusText(style, { process, rows: items, causes: why }, now),
      json: () => formatJson({ process: process ?? null, count: items.length, items, causes: why, next: null }, 2),
    });
    return 0;
  });
}
