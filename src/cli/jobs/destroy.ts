/** `headgate jobs destroy`: deletes every job of this deployment, as many as were allowed at most. */
import type { CliContext } from "../context.ts";
import { withProject } from "../project.ts";
import { carryOutPlan } from "./carry-out.ts";

export interface DestroyFlags {
  allowDelete: number;
  yes: boolean;
  breakLock: boolean;
  allowBehind: boolean;
}

export default function destroy(context: CliContext, flags: DestroyFlags): Promise<number> {
  return withProject(context, async (project) => {
    const plan = await project.jobs.planDestroy({ signal: context.signal });
    const exitCode = await carryOutPlan(context, project, plan, { ...flags, firstDeploy: false, run: "none" });
    if (exitCode === 0) {
      context.log.info("definitions are kept: headgate jobs rollback ID makes a job again, with another id");
    }
    return exitCode;
  });
}
