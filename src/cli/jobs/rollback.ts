/** `headgate jobs rollback`: makes a job what it was, after showing what that changes. */
import type { CliContext } from "../context.ts";
import { withProject } from "../project.ts";
import { carryOutPlan } from "./carry-out.ts";

export interface RollbackFlags {
  to?: number;
  yes: boolean;
  breakLock: boolean;
}

export default function rollback(context: CliContext, flags: RollbackFlags, resource: string): Promise<number> {
  return withProject(context, async (project) => {
    const plan = await project.jobs.planRollback(resource, { to: flags.to, signal: context.signal });
    const exitCode = await carryOutPlan(context, project, plan, {
      ...flags,
      allowDelete: 0,
      firstDeploy: false,
      // What was applied before is not in this checkout by definition.
      allowBehind: true,
      run: "none",
    });
    if (exitCode === 0) {
      context.log.info(`the declaration of ${resource} is as it was: change it too, or the next plan shows it again`);
    }
    return exitCode;
  });
}
