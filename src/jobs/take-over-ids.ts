/** Which jobs of the workspace another tool's state means, and under which resource each is to be adopted. Pure. */
import type { Change } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { AdoptOptions } from "./room.ts";
import type { OtherJob } from "./survey.ts";

/** A job that another tool deployed: its key there, its id, and where the state says so. */
type NamedJob = NonNullable<AdoptOptions["named"]>[number];

/** A job to adopt. `resource` is asked for; `declared`: a declaration is there already and nothing is to be written. */
export interface ChosenJob extends OtherJob {
  resource?: string | undefined;
  declared?: boolean | undefined;
}

/** What is known of the deployment. */
export interface Known {
  changes: readonly Pick<Change, "resource" | "jobId">[];
  /** Resources that are declared. */
  declared: ReadonlySet<string>;
  others: readonly OtherJob[];
}

const problem = (severity: Problem["severity"], code: string, message: string, hint?: string): Problem => ({
  severity,
  code,
  place: undefined,
  path: "",
  message,
  hint,
});

/**
 * The jobs to adopt. What is ours already is left out, with a warning that says so: repeating changes nothing. A job that
 * is gone or not visible, and a resource that has another job here, are errors.
 */
export function chooseNamed(named: readonly NamedJob[], known: Known): { chosen: ChosenJob[]; problems: Problem[] } {
  const others = new Map(known.others.map((job) => [job.jobId, job]));
  const ours = new Map(known.changes.flatMap(({ jobId, resource }) => (jobId === null ? [] : [[jobId, resource]])));
  const taken = new Map(known.changes.flatMap(({ jobId, resource }) => (jobId === null ? [] : [[resource, jobId]])));
  const problems: Problem[] = [];
  const chosen = new Map<string, ChosenJob>();
  for (const { resource, jobId, from } of named) {
    const job = others.get(jobId);
    const mine = ours.get(jobId);
    const theirs = taken.get(resource);
    if (mine !== undefined)
      problems.push(problem("warning", "adopted_before", `${from}: job ${jobId} is ${mine} here already`));
    else if (job === undefined)
      problems.push(
        problem(
          "error",
          "not_found",
          `${from}: job ${jobId} is not in this workspace, or may not be seen`,
          "is the target the one of the state? whoever deploys the job can grant CAN_MANAGE on it",
        ),
      );
    else if (theirs !== undefined)
      problems.push(
        problem(
          "error",
          "not_adopted",
          `${from}: ${resource} has job ${theirs} here already, so job ${jobId} is left`,
          `adopt it under a name of its own: headgate jobs adopt ${jobId}`,
        ),
      );
    else if (!chosen.has(jobId)) chosen.set(jobId, { ...job, resource, declared: known.declared.has(resource) });
  }
  return { chosen: [...chosen.values()], problems };
}
