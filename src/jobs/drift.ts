/** A plan reduced to what moved in the workspace. Pure. */
import type { Change, Plan } from "../model/plan.ts";
import { summaryOf } from "./summary.ts";

function moved(change: Change): Change | undefined {
  if (change.action === "recreate" || change.action === "conflict" || change.code === "gone") return change;
  if (change.action === "refused" && change.code === "forbidden") return change;
  const fields = change.fields.filter((field) => field.kind !== "declared");
  return fields.length > 0 ? { ...change, fields } : undefined;
}

/** Jobs that somebody else changed, removed or copied since the last apply; fields that only we changed are left out. */
export function reduceToDrift(plan: Plan): Plan {
  const changes = plan.changes.flatMap((change) => moved(change) ?? []);
  return { ...plan, changes, summary: summaryOf(changes) };
}
