/** What stands between a plan and its apply: which questions a person is asked, and what is refused where nobody can be. */
import { HeadgateError } from "../../errors.ts";
import type { Change, Plan } from "../../model/plan.ts";

/** What is known before an apply. */
export interface GateInput {
  plan: Plan;
  /** `--yes`: the plan needs no answer. */
  yes: boolean;
  /** `--first-deploy`: there is no state yet and that is right. */
  firstDeploy: boolean;
  /** `--allow-behind`. */
  allowBehind: boolean;
  /** `confirm` of the target: somebody or `--yes` must say yes. */
  confirm: boolean;
  /** Whether a person can be asked: a terminal, and no CI. */
  canAsk: boolean;
}

/** A question that must be answered with yes. */
export type GateQuestion = "first_deploy" | "apply";

/** Whether applying sends something for a row; not for held deletions, conflicts, refusals. */
export function isSent({ action, held, fields }: Change): boolean {
  if (action === "noop" || action === "conflict" || action === "refused" || held === true) return false;
  return !fields.some(({ kind, kept }) => kind === "conflict" && kept !== true);
}

/** Number of rows that applying would send. */
export function sendable(plan: Plan): number {
  return plan.changes.filter(isSent).length;
}

/**
 * The questions to ask, in order; none when all is clear or nothing would be sent. A plan that is behind is not asked
 * about: applying refuses it.
 * @throws HeadgateError `first_deploy` or `confirm_needed` where a question is needed and nobody can be asked
 */
export function applyGate(input: GateInput): GateQuestion[] {
  const { plan, yes, firstDeploy, allowBehind, confirm, canAsk } = input;
  const number = sendable(plan);
  if (number === 0 || (plan.behind !== null && !allowBehind)) return [];
  const questions: GateQuestion[] = [];
  if (plan.state === null && !firstDeploy && plan.changes.some(({ action }) => action === "create")) {
    if (!canAsk) {
      throw new HeadgateError(
        "first_deploy",
        `there is no state for ${plan.project}/${plan.target} in workspace ${plan.workspaceId}, and nobody here to ask whether that is right`,
        {
          hint: "if this is the first deployment, repeat with --first-deploy; jobs you may not see cannot be recognised",
          permanent: true,
        },
      );
    }
    questions.push("first_deploy");
  }
  if (!yes) {
    if (canAsk) questions.push("apply");
    else if (confirm) {
      throw new HeadgateError(
        "confirm_needed",
        `target ${plan.target} asks for a confirmation, and nobody here can give it`,
        {
          hint: "review the plan, then repeat with --yes",
          permanent: true,
        },
      );
    }
  }
  return questions;
}
