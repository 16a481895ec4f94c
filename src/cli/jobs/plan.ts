/** `headgate jobs plan`: the difference between declarations and workspace, per field, and whom it hurts. */
import path from "node:path";
import { hasDifferences } from "../../model/plan.ts";
import { answer, type CliContext } from "../context.ts";
import { planText } from "../print/plan.ts";
import { planJson } from "../print/plan-json.ts";
import { planMarkdown } from "../print/plan-markdown.ts";
import { withProject } from "../project.ts";
import { writePlanFile } from "./plan-file.ts";
import { selection } from "./selection.ts";

export interface PlanFlags {
  out?: string;
  select?: string[];
  exitCode: boolean;
}

export default function plan(context: CliContext, flags: PlanFlags, ...ids: string[]): Promise<number> {
  return withProject(context, async ({ jobs, style }) => {
    const made = await jobs.plan({ select: selection(flags.select, ids), signal: context.signal });
    if (flags.out !== undefined) writePlanFile(path.resolve(context.cwd, flags.out), made);
    answer(context, {
      text: () => planText(style, made, { whole: context.globals.verbose }),
      json: () => planJson(made),
      markdown: () => planMarkdown(made, style.timezone),
    });
    if (flags.out !== undefined)
      context.log.info(`plan written to ${flags.out}; headgate jobs apply ${flags.out} carries it out`);
    if (made.problems.some(({ severity }) => severity === "error")) return 65;
    return flags.exitCode && hasDifferences(made) ? 2 : 0;
  });
}
