/** `headgate runs watermark get`: the value a task is to read from. */
import type { ProcessRef } from "../../../model/run-ref.ts";
import { formatJson } from "../../../util/int64-json.ts";
import { answer, type CliContext } from "../../context.ts";
import { activeText } from "../../print/runs-watermark.ts";
import { withRuns } from "../open-runs.ts";

export default function get(
  context: CliContext,
  _flags: object,
  process: ProcessRef,
  parameterName: string,
): Promise<number> {
  return withRuns(context, async ({ runs }) => {
    const found = await runs.getActiveWatermark({ ...process, parameterName });
    answer(context, { text: () => activeText(found), json: () => formatJson(found, 2) });
    return 0;
  });
}
