/** `headgate runs setup`: declares the built-in stages; harmless to repeat. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { declaredText } from "../print/runs-declared.ts";
import { withRuns } from "./open-runs.ts";

export default function setup(context: CliContext): Promise<number> {
  return withRuns(context, async ({ runs, style }) => {
    const items = await runs.setup();
    answer(context, {
      text: () => declaredText(style, items, "stage"),
      json: () => formatJson({ count: items.length, items, next: null }, 2),
    });
    return 0;
  });
}
