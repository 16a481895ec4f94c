/** What one pass of a watch does with a plan: what is sent, what is only said. Pure. */
import type { Change, Plan } from "../model/plan.ts";
import { settleFields } from "./drift-policy.ts";
import { summaryOf } from "./summary.ts";

/** A plan sorted for one pass. */
export interface WatchPass {
  /** What is applied: declared changes, and with healing drift too. Never a deletion. */
  send: Plan;
  /** Jobs that moved in the workspace and are left so; only fields that moved. */
  drifted: Change[];
  /** Jobs that cannot be changed: conflicts, refusals. */
  left: Change[];
}

/**
 * Sorts a plan. Without healing nothing that somebody else did is touched: fields that moved stay as they are also
 * where the job is changed for another reason, and a job that is gone is not made anew.
 * @param plan already under the policy of the config
 */
export function sortPass(plan: Plan, { heal }: { heal: boolean }): WatchPass {
  const pass: Omit<WatchPass, "send"> = { drifted: [], left: [] };
  const changes: Change[] = [];
  for (const row of plan.changes) {
    const change = heal ? row : settleFields(row, (field) => (field.kind === "drift" ? "theirs" : undefined));
    const conflicts = change.fields.some((field) => field.kind === "conflict" && field.kept !== true);
    switch (change.action) {
      case "delete":
        break;
      case "conflict":
      case "refused":
        pass.left.push(change);
        break;
      case "recreate":
        if (heal) changes.push(change);
        else pass.drifted.push(change);
        break;
      default: {
        const kept = change.fields.filter((field) => field.kept === true);
        if (kept.length > 0) pass.drifted.push({ ...change, fields: kept });
        if (conflicts) pass.left.push({ ...change, code: "field_conflict" });
        else changes.push(change);
      }
    }
  }
  return { ...pass, send: { ...plan, changes, summary: summaryOf(changes) } };
}
