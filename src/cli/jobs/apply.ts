/** `headgate jobs apply`: shows a plan, asks, carries it out, and says what became of each job. */
import path from "node:path";
import { HeadgateError } from "../../errors.ts";
import type { CliContext } from "../context.ts";
import { withProject } from "../project.ts";
import { carryOutPlan } from "./carry-out.ts";
import { type ConflictFlags, withChoices } from "./conflict-choices.ts";
import { paramsProject } from "./params-file.ts";
import { readPlanFile } from "./plan-file.ts";

export interface ApplyFlags extends ConflictFlags {
  yes: boolean;
  allowDelete: number;
  firstDeploy: boolean;
  breakLock: boolean;
  allowBehind: boolean;
  run: boolean;
  runCreated: boolean;
  params?: string;
}

export default async function apply(context: CliContext, flags: ApplyFlags, file?: string): Promise<number> {
  const saved = file === undefined ? undefined : readPlanFile(path.resolve(context.cwd, file));
  if (saved !== undefined && context.globals.target !== undefined && context.globals.target !== saved.target) {
    throw new HeadgateError("usage", `${file} is a plan for ${saved.target}, not for ${context.globals.target}`, {
      hint: "leave --target away: the plan knows its target",
    });
  }
  if (file !== undefined && flags.params !== undefined) {
    throw new HeadgateError("usage", "give a plan file or --params, not both");
  }
  const given = flags.params === undefined ? undefined : paramsProject(context, flags.params);
  return withProject(
    context,
    async (project) => {
      const made = withChoices(saved ?? (await project.jobs.plan({ signal: context.signal })), flags);
      return carryOutPlan(context, project, made, {
        ...flags,
        // Jobs of an earlier run are known by name and maker there.
        firstDeploy: flags.firstDeploy || given !== undefined,
        run: flags.run ? "all" : flags.runCreated ? "created" : "none",
      });
    },
    { target: saved?.target, given },
  );
}
