/** What a plan does with faulty declarations. Pure. */
import type { Change, Plan } from "../model/plan.ts";
import { formatProblem, type Problem } from "../model/problem.ts";
import { summaryOf } from "./plan.ts";

const KEPT = new Set<Change["action"]>(["delete", "conflict", "refused"]);

/**
 * A faulty declaration is never sent: its row becomes `refused`, code `invalid`. Where the workspace has exactly that
 * job already there is nothing to send, and the service has shown that it takes it: its faults become warnings.
 */
export function refuseInvalid(plan: Plan): Plan {
  const faults = new Map<string, Problem>();
  for (const problem of plan.problems) {
    const { severity, resource } = problem;
    if (severity === "error" && resource !== undefined && !faults.has(resource)) faults.set(resource, problem);
  }
  if (faults.size === 0) return plan;
  const fine = new Set<string>();
  const changes = plan.changes.map((change): Change => {
    const fault = faults.get(change.resource);
    if (fault === undefined || KEPT.has(change.action)) return change;
    if (change.action === "noop" || (change.action === "recover" && change.fields.length === 0)) {
      fine.add(change.resource);
      return change;
    }
    const { desired: _desired, ...rest } = change;
    return { ...rest, action: "refused", code: "invalid", reason: formatProblem(fault), hint: "mend the declaration" };
  });
  const problems = plan.problems.map(
    (problem): Problem => (fine.has(problem.resource ?? "") ? { ...problem, severity: "warning" } : problem),
  );
  return { ...plan, changes, problems, summary: summaryOf(changes) };
}
