/** What a plan does with faulty declarations. Pure. */
import type { DeclaredJob } from "../model/job.ts";
import type { Change, Plan } from "../model/plan.ts";
import { formatProblem, type Problem } from "../model/problem.ts";
import type { DeployState } from "../model/state.ts";
import { NO_IMPACT } from "./impact.ts";
import { summaryOf } from "./summary.ts";

const KEPT = new Set<Change["action"]>(["delete", "conflict", "refused"]);
/** Faults of form: settings that have them cannot even be compared. */
const FORMLESS = new Set(["wrong_type"]);

/** The first error of each resource. */
function faultsOf(problems: readonly Problem[]): Map<string, Problem> {
  const faults = new Map<string, Problem>();
  for (const problem of problems) {
    const { severity, resource } = problem;
    if (severity === "error" && resource !== undefined && !faults.has(resource)) faults.set(resource, problem);
  }
  return faults;
}

/** Declared jobs that can be compared at all. */
export function usable(jobs: readonly DeclaredJob[], problems: readonly Problem[]): DeclaredJob[] {
  const formless = new Set(problems.flatMap((one) => (FORMLESS.has(one.code) ? (one.resource ?? []) : [])));
  return formless.size === 0 ? [...jobs] : jobs.filter((job) => !formless.has(job.resource));
}

/**
 * A faulty declaration is never sent: its row becomes `refused`, code `invalid`. Where the workspace has exactly that
 * job already there is nothing to send, and the service has shown that it takes it: its faults become warnings.
 */
export function refuseInvalid(plan: Plan): Plan {
  const faults = faultsOf(plan.problems);
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
    return { ...rest, ...invalid(fault) };
  });
  const problems = plan.problems.map(
    (problem): Problem => (fine.has(problem.resource ?? "") ? { ...problem, severity: "warning" } : problem),
  );
  return { ...plan, changes, problems, summary: summaryOf(changes) };
}

function invalid(fault: Problem): Pick<Change, "action" | "code" | "reason" | "hint"> {
  return { action: "refused", code: "invalid", reason: formatProblem(fault), hint: "mend the declaration" };
}

/** Adds a row for each faulty declaration that could not be compared, so that a job which is there does not vanish. */
export function faultyRows(
  plan: Plan,
  known: { jobs: readonly DeclaredJob[]; state: DeployState | undefined; select: readonly string[] | undefined },
): Plan {
  const shown = new Set(plan.changes.map((change) => change.resource));
  const declared = new Map(known.jobs.map((job) => [job.resource, job]));
  const rows = [...faultsOf(plan.problems)].flatMap(([resource, fault]): Change[] => {
    const job = declared.get(resource);
    const row = known.state?.jobs[resource];
    if (shown.has(resource) || (known.select && !known.select.includes(resource)) || !(job || row)) return [];
    const name = typeof job?.settings.name === "string" ? job.settings.name : (row?.name ?? resource);
    const place = fault.place ?? job?.place;
    return [{ resource, jobId: row?.jobId ?? null, name, fields: [], impact: NO_IMPACT, place, ...invalid(fault) }];
  });
  if (rows.length === 0) return plan;
  const changes = [...plan.changes, ...rows].sort((a, b) =>
    a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : 0,
  );
  return { ...plan, changes, summary: summaryOf(changes) };
}
