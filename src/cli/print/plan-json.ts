/** A plan for machines: the promised shape of `jobs plan --json`, in one order, without what only `apply` needs. */
import type { Change, ChangeAction, Plan } from "../../model/plan.ts";
import { formatJson } from "../../util/int64-json.ts";
import { sortedProblems } from "./problems.ts";

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function changeShape(change: Change) {
  const { resource, action, jobId, name, reason, impact, code, hint, held, place, start } = change;
  const fields = [...change.fields].sort((a, b) => byText(a.path, b.path));
  return {
    resource,
    action,
    jobId,
    name,
    reason,
    fields: fields.map(({ path, kind, before, actual, after, kept, place: at }) => ({
      path,
      kind,
      before,
      actual,
      after,
      kept,
      place: at,
    })),
    impact: {
      liveRuns: impact.liveRuns,
      nextStart: impact.nextStart,
      calledBy: impact.calledBy,
      downstream: impact.downstream,
      further: impact.further,
    },
    code,
    hint,
    held,
    place,
    start,
  };
}

const ACTIONS: readonly (ChangeAction | "drift")[] = [
  "create",
  "update",
  "recreate",
  "recover",
  "delete",
  "noop",
  "conflict",
  "refused",
  "drift",
];

/**
 * JSON text of a plan: changes by resource, fields by path, ids as text. Settings, digests and permissions are only in
 * plan files (`--out`), and so is the time: two plans of the same things are the same text.
 */
export function planJson(plan: Plan): string {
  const { formatVersion, project, workspace, target, workspaceId, headgate, declaredDigest, state } = plan;
  return formatJson(
    {
      formatVersion,
      project,
      workspace,
      target,
      workspaceId,
      headgate,
      declaredDigest,
      state: state && { lineage: state.lineage, serial: state.serial },
      managedBy: plan.managedBy,
      changes: [...plan.changes].sort((a, b) => byText(a.resource, b.resource)).map(changeShape),
      summary: Object.fromEntries(ACTIONS.map((action) => [action, plan.summary[action]])),
      lineage: plan.lineage,
      problems: sortedProblems(plan.problems),
      unmanaged: plan.unmanaged,
      behind: plan.behind,
      git: plan.git,
    },
    2,
  );
}
