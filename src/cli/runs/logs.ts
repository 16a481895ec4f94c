/** `headgate runs logs`: lines of ETLsysLogs. */
import type { ProcessRef } from "../../model/run-ref.ts";
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { logsText } from "../print/runs-logs.ts";
import { withRuns } from "./open-runs.ts";
import type { RunFlags } from "./reference.ts";

export interface LogsFlags extends RunFlags {
  contains?: string;
  limit: number;
}

export default function logs(context: CliContext, flags: LogsFlags, process?: ProcessRef): Promise<number> {
  return withRuns(context, async ({ runs, style }) => {
    const items = await runs.logs({
      ...process,
      processingDate: flags.date,
      executionId: flags.execution,
      contains: flags.contains,
      limit: flags.limit,
    });
    answer(context, {
      text: () => logsText(style, items),
      json: () => formatJson({ count: items.length, items, next: null }, 2),
    });
    return 0;
  });
}
