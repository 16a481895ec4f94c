/** Shows a plan, asks, carries it out, and says what became of each job: the end of every verb that changes jobs. */
import { HeadgateError } from "../../errors.ts";
import { hasDifferences, type Plan } from "../../model/plan.ts";
import type { ApplyItem } from "../../model/view.ts";
import { canAsk, confirm } from "../ask.ts";
import { answer, type CliContext } from "../context.ts";
import { applyJson, applyText, itemText } from "../print/apply.ts";
import { planText } from "../print/plan.ts";
import { count } from "../print/value.ts";
import { createProgress } from "../progress.ts";
import type { Project } from "../project.ts";
import { applyGate, type GateQuestion, isSent, sendable } from "./apply-gate.ts";

/** What the caller decided. */
export interface CarryOutFlags {
  yes: boolean;
  allowDelete: number;
  firstDeploy: boolean;
  breakLock: boolean;
  allowBehind: boolean;
  run: "all" | "created" | "none";
}

/** The plan with its deletions let through, where they are allowed. */
function allowed(plan: Plan, allowDelete: number): Plan {
  if (allowDelete === 0) return plan;
  return { ...plan, changes: plan.changes.map((change) => ({ ...change, held: undefined })) };
}

async function question(kind: GateQuestion, plan: Plan, project: Project): Promise<string> {
  if (kind === "apply")
    return `Apply ${count(sendable(plan), "change")} to ${plan.target} (${project.workspace.host})?`;
  const { userName: me } = await project.workspace.me();
  return [
    `There is no state for ${plan.project}/${plan.target} in ${project.workspace.host}.`,
    `You are ${me}. Jobs that you may not see cannot be recognised: if somebody deployed this before, they would be made twice.`,
    "Is this the first deployment?",
  ].join("\n");
}

/** Reports each job as it ends, and on a terminal what runs now. */
function follow(context: CliContext, plan: Plan): { onProgress: (item: ApplyItem) => void; end: () => void } {
  const progress = createProgress(context);
  const shown = new Set(plan.changes.filter(isSent).map(({ resource }) => resource));
  const of = shown.size;
  const running = new Set<string>();
  const over = new Set<string>();
  const color = context.style.color && context.stderr.isTTY;
  return {
    end: progress.end,
    onProgress: (item) => {
      // what is held or refused was shown with the plan
      if (item.state === "waiting" || !shown.has(item.resource)) return;
      if (item.state === "running") running.add(item.resource);
      else {
        running.delete(item.resource);
        if (item.state !== "skipped") over.add(item.resource);
        progress.line(itemText({ color }, item, { at: over.size, of }));
      }
      if (running.size > 0) progress.live(`${over.size}/${of} done, now: ${[...running].join(", ")}`);
    },
  };
}

/**
 * @returns the exit code
 * @throws HeadgateError `confirm_needed`, `first_deploy` where nobody says yes
 */
export async function carryOutPlan(
  context: CliContext,
  project: Project,
  made: Plan,
  flags: CarryOutFlags,
): Promise<number> {
  const plan = allowed(made, flags.allowDelete);
  const shown = planText(project.style, plan, { whole: context.globals.verbose });
  if (context.format === "json") context.log.info(shown.trimEnd());
  else context.stdout.write(`${shown}\n`);

  const questions = applyGate({
    ...flags,
    firstDeploy: flags.firstDeploy,
    plan,
    confirm: project.config.target.confirm === true,
    canAsk: canAsk(context),
  });
  let { firstDeploy } = flags;
  for (const kind of questions) {
    if (!(await confirm(context, await question(kind, plan, project)))) {
      throw new HeadgateError(kind === "apply" ? "confirm_needed" : "first_deploy", "not confirmed; nothing was sent");
    }
    if (kind === "first_deploy") firstDeploy = true;
  }

  const { onProgress, end } = follow(context, plan);
  const report = await project.jobs
    .apply(made, {
      allowDelete: flags.allowDelete,
      firstDeploy,
      breakLock: flags.breakLock,
      allowBehind: flags.allowBehind,
      run: flags.run,
      onProgress,
      signal: context.signal,
    })
    .finally(end);
  answer(context, {
    text: () => (hasDifferences(plan) ? applyText(project.style, report) : "Nothing to apply.\n"),
    json: () => applyJson(report),
  });
  return report.exitCode;
}
