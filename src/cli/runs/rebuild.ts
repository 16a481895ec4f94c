/** `headgate runs rebuild`: folds the log of commands again and puts right what differs; with --check it only looks. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { replayText } from "../print/runs-replay.ts";
import { withLocalRuns } from "./open-runs.ts";

export default function rebuild(context: CliContext, flags: { check: boolean }): Promise<number> {
  return withLocalRuns(context, "rebuild", async ({ runs }) => {
    const report = flags.check ? await runs.check() : await runs.rebuild();
    answer(context, {
      text: () => replayText(context.style, report, flags.check),
      json: () => formatJson({ ...report, rebuilt: !flags.check }, 2),
    });
    return flags.check && report.differing.length > 0 ? 1 : 0;
  });
}
