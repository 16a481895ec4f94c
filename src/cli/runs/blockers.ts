/** `headgate runs blockers`: what keeps the next stage from beginning. */
import type { ProcessRef } from "../../model/run-ref.ts";
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { blockersText } from "../print/runs-blockers.ts";
import { withRuns } from "./open-runs.ts";
import type { RunFlags } from "./reference.ts";

export default function blockers(
  context: CliContext,
  flags: RunFlags & { exitCode: boolean },
  process?: ProcessRef,
): Promise<number> {
  return withRuns(context, async ({ runs, style }) => {
    const found = await runs.getBlockers({ ...process, processingDate: flags.date, executionId: flags.execution });
    answer(context, {
      text: () => blockersText(style, found),
      json: () => formatJson({ count: found.items.length, ...found, next: null }, 2),
    });
    return flags.exitCode && found.items.length > 0 ? 2 : 0;
  });
}
