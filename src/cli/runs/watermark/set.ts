/** `headgate runs watermark set`: any value, backwards too; --clear makes the next run read everything. */
import { HeadgateError } from "../../../errors.ts";
import type { ProcessRef } from "../../../model/run-ref.ts";
import { formatJson } from "../../../util/int64-json.ts";
import { answer, type CliContext } from "../../context.ts";
import { movedText } from "../../print/runs-watermark.ts";
import { withRuns } from "../open-runs.ts";

export default function set(
  context: CliContext,
  flags: { clear: boolean; reason?: string },
  process: ProcessRef,
  parameterName: string,
  value?: string,
): Promise<number> {
  if ((value === undefined) !== flags.clear) {
    throw new HeadgateError("usage", flags.clear ? "--clear takes no value" : "VALUE is missing", {
      hint: "give a value, or --clear to take it away",
    });
  }
  return withRuns(context, async ({ runs, style }) => {
    const moved = await runs.setWatermark({ ...process, parameterName, value: value ?? null, reason: flags.reason });
    answer(context, { text: () => movedText(style, moved), json: () => formatJson(moved, 2) });
    return 0;
  });
}
