/** What the demo ends with: counted from the plans and from the workspace as headgate sees it. */
import type { Headgate } from "../app.ts";
import type { Plan } from "../model/plan.ts";
import type { FleetView } from "../model/view.ts";
import type { DemoLineage } from "./lineage.ts";

/** Answer of `headgate demo --headless --json`. */
export interface DemoSummary {
  jobs: {
    /** Jobs that the first apply made. */
    created: number;
    /** Jobs that the plan right after it left as they were. */
    noop: number;
  };
  /** Of the declared jobs, in the week. */
  runs: {
    done: number;
    failed: number;
    /** Scheduled starts that did not happen: jobs whose verdict is late. */
    late: number;
    /** Runs that hang: jobs whose verdict is stuck. */
    lost: number;
  };
  /** What the access logs of the week show, compared with what truly happened. */
  lineage: {
    /** Reads, writes and maintenance of tables that were found, each by one job. */
    edges: number;
    /** Of those, the share that happened; 0 to 1. */
    precision: number;
    /** Of what can be known from the logs, the share that was found; 0 to 1. */
    recall: number;
  };
  /** A migration of these jobs and tables. */
  waves: { count: number };
}

/** Runs of the plan's jobs since a time, by state. */
async function countRuns(headgate: Headgate, plan: Plan, since: number): Promise<{ done: number; failed: number }> {
  const ours = new Set(plan.changes.map((change) => change.jobId));
  const counts = { done: 0, failed: 0 };
  for await (const run of headgate.workspace.listRuns({ startedFrom: since })) {
    if (run.jobId === undefined || !ours.has(run.jobId)) continue;
    if (run.state === "done") counts.done += 1;
    if (run.state === "failed") counts.failed += 1;
  }
  return counts;
}

const rounded = (share: number): number => Math.round(share * 1000) / 1000;

/** Counts. @param seen what was planned and seen on the way */
export async function summarise(
  headgate: Headgate,
  seen: { created: number; second: Plan; fleet: FleetView; since: number; lineage: DemoLineage },
): Promise<DemoSummary> {
  const { claims, precision, recall } = seen.lineage.score;
  const verdicts = (state: string) => seen.fleet.items.filter((row) => row.verdict.state === state).length;
  return {
    jobs: { created: seen.created, noop: seen.second.summary.noop },
    runs: {
      ...(await countRuns(headgate, seen.second, seen.since)),
      late: verdicts("late"),
      lost: verdicts("stuck"),
    },
    lineage: { edges: claims, precision: rounded(precision), recall: rounded(recall) },
    waves: { count: seen.lineage.waves },
  };
}
