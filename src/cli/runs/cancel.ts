/** `headgate runs cancel`: ends what of a run has not ended. */
import type { ProcessRef } from "../../model/run-ref.ts";
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { cancelledText } from "../print/runs-step.ts";
import { withRuns } from "./open-runs.ts";
import { type RunFlags, runOf } from "./reference.ts";

export default function cancel(
  context: CliContext,
  flags: RunFlags & { reason: string; key?: string },
  process: ProcessRef,
): Promise<number> {
  return withRuns(context, async ({ runs, style }) => {
    const run = await runOf(context, runs, process, flags);
    const cancelled = await runs.cancel({ ...run, reason: flags.reason }, { idempotencyKey: flags.key });
    answer(context, { text: () => cancelledText(style, cancelled), json: () => formatJson(cancelled, 2) });
    return 0;
  });
}
