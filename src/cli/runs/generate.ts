/** `headgate runs generate`: makes the steps of a run. */
import { randomUUID } from "node:crypto";
import type { ProcessRef } from "../../model/run-ref.ts";
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { generatedText } from "../print/runs-step.ts";
import { withRuns } from "./open-runs.ts";
import { namedExecution, type RunFlags } from "./reference.ts";

export interface GenerateFlags extends RunFlags {
  force?: string[];
  carryForward: boolean;
}

export default function generate(context: CliContext, flags: GenerateFlags, process: ProcessRef): Promise<number> {
  return withRuns(context, async ({ runs, style }) => {
    const made = await runs.generateExecutionSteps(
      namedExecution(context, flags) ?? randomUUID(),
      process.projectCode,
      process.processLoad,
      flags.date,
      { force: flags.force, carryForward: flags.carryForward },
    );
    answer(context, { text: () => generatedText(style, made), json: () => formatJson(made, 2) });
    return 0;
  });
}
