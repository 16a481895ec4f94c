/** Tells the changes of a plan whom they feed, as far as somebody knows the lineage. */
import { HeadgateError } from "../errors.ts";
import type { Downstream, Plan } from "../model/plan.ts";

/** What is known of the lineage of some jobs. */
export interface KnownLineage {
  /** The day of the graph. */
  at: string;
  /** By job id; one that is not there feeds nobody that was seen. */
  of: ReadonlyMap<string, Downstream>;
}

/** Asks for the lineage of jobs: `"unknown"` where it ought to be there and is not yet, undefined where the project keeps none. */
export type AskDownstream = (jobIds: string[]) => Promise<KnownLineage | "unknown" | undefined>;

/**
 * The plan with whom each changed job feeds. Where the lineage is unknown or cannot be read nothing is claimed, and the
 * plan says so once, but for a project that keeps none: a store that cannot be asked is no reason to have no plan.
 * @param resourceOf declared resource of a job id
 */
export async function withDownstream(
  plan: Plan,
  ask: AskDownstream | undefined,
  resourceOf: (jobId: string) => string | undefined,
): Promise<Plan> {
  const ids = plan.changes.flatMap(({ action, jobId }) => (action === "noop" || jobId === null ? [] : [jobId]));
  if (ask === undefined || ids.length === 0) return plan;
  let known: KnownLineage | "unknown" | undefined;
  try {
    known = await ask(ids);
  } catch (error) {
    if (!(error instanceof HeadgateError)) throw error;
    const { code, hint } = error;
    const message = `whom the changes feed could not be read: ${error.message}`;
    const problem = { severity: "warning" as const, code, place: undefined, path: "", message, hint };
    return { ...plan, lineage: null, problems: [...plan.problems, problem] };
  }
  if (known === undefined) return plan;
  if (known === "unknown") return { ...plan, lineage: null };
  const { at, of } = known;
  return {
    ...plan,
    lineage: { at },
    changes: plan.changes.map((change) => {
      const found = change.action === "noop" || change.jobId === null ? undefined : of.get(change.jobId);
      if (found === undefined) return change;
      const downstream = found.fed.map((fed) => {
        const resource = fed.jobId === undefined ? undefined : resourceOf(fed.jobId);
        return resource === undefined ? fed : { ...fed, resource };
      });
      return { ...change, impact: { ...change.impact, downstream, further: found.further } };
    }),
  };
}
