/** `headgate runs can-advance`: whether what comes after a stage may begin. */
import type { ProcessRef } from "../../model/run-ref.ts";
import { stageOf } from "../../model/run-ref.ts";
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { canAdvanceText } from "../print/runs-blockers.ts";
import { withRuns } from "./open-runs.ts";
import { type RunFlags, runOf } from "./reference.ts";

export interface CanAdvanceFlags extends RunFlags {
  workflow?: number;
  sequence?: number;
  exitCode: boolean;
}

export default function canAdvance(context: CliContext, flags: CanAdvanceFlags, process: ProcessRef): Promise<number> {
  return withRuns(context, async ({ runs, style }) => {
    const run = await runOf(context, runs, process, flags);
    const found = await runs.canAdvance({ ...run, ...stageOf(flags.workflow, flags.sequence) });
    answer(context, { text: () => canAdvanceText(style, found), json: () => formatJson(found, 2) });
    return flags.exitCode && !found.advance ? 2 : 0;
  });
}
