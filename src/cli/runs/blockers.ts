/** `headgate runs blockers`: what keeps the next stage from beginning. */
import { explainRuns } from "../../model/explained-runs.ts";
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
  return withRuns(context, async ({ runs, causes, style }) => {
    const found = await runs.getBlockers({ ...process, processingDate: flags.date, executionId: flags.execution });
    // a server tells the causes with the blockers; of a store that is open here they are asked for run by run
    const why = found.causes ?? (await explainRuns(found.items, causes));
    answer(context, {
      text: () => blockersText(style, { ...found, causes: why }),
      json: () => formatJson({ count: found.items.length, ...found, causes: why, next: null }, 2),
    });
    return flags.exitCode && found.items.length > 0 ? 2 : 0;
  });
}
