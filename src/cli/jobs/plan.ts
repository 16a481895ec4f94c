/** `headgate jobs plan`: the difference between declarations and workspace, per field, and whom it hurts. */
import path from "node:path";
import { HeadgateError } from "../../errors.ts";
import { hasDifferences, type OtherManager } from "../../model/plan.ts";
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
  checkPermissions: boolean;
  managedBy?: OtherManager;
  state?: string;
  terraformPlan?: string;
}

/** The options that say whose plan it is. @throws HeadgateError `usage` */
function managerOf({ managedBy, state, terraformPlan }: PlanFlags, cwd: string) {
  if (terraformPlan !== undefined) {
    if (managedBy !== "bundle" && state === undefined)
      return { managedBy: "terraform" as const, deployedState: path.resolve(cwd, terraformPlan) };
    throw new HeadgateError("usage", "--terraform-plan has its own state, and is Terraform's", {
      hint: "give it without --state and --managed-by bundle",
    });
  }
  if (state === undefined) return { managedBy };
  if (managedBy !== undefined) return { managedBy, deployedState: path.resolve(cwd, state) };
  throw new HeadgateError("usage", "--state is the state of another tool", {
    hint: "say which: --managed-by bundle or --managed-by terraform",
  });
}

export default function plan(context: CliContext, flags: PlanFlags, ...ids: string[]): Promise<number> {
  const whose = managerOf(flags, context.cwd);
  return withProject(context, async ({ jobs, style }) => {
    const made = await jobs.plan({
      select: selection(flags.select, ids),
      checkPermissions: flags.checkPermissions,
      onNote: (note) => context.log.info(note),
      signal: context.signal,
      ...whose,
    });
    if (flags.out !== undefined) writePlanFile(path.resolve(context.cwd, flags.out), made);
    answer(context, {
      text: () => planText(style, made, { whole: context.globals.verbose }),
      json: () => planJson(made),
      markdown: () => planMarkdown(made, style.timezone),
    });
    if (flags.out !== undefined && made.managedBy === undefined)
      context.log.info(`plan written to ${flags.out}; headgate jobs apply ${flags.out} carries it out`);
    if (made.problems.some(({ severity }) => severity === "error")) return 65;
    return flags.exitCode && hasDifferences(made) ? 2 : 0;
  });
}
