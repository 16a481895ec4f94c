/** One job for its page: plan row, both definitions, both graphs. Pure. */
import { type DeclaredJob, type JobSettings, taskGraph } from "../model/job.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { JobView, RunMark } from "../model/view.ts";
import type { DesiredJob } from "./desired.ts";
import { fleetView } from "./fleet.ts";
import { hideSecrets } from "./present.ts";
import type { Survey } from "./survey.ts";

/** What {@link jobView} is made of. */
export interface JobViewInput {
  change: Change;
  computed: { plan: Plan; jobs: readonly DeclaredJob[]; desired: readonly DesiredJob[]; survey: Survey };
  runs: ReadonlyMap<string, RunMark[]>;
  host: string;
  markerTag: string;
  timezone: string;
  /** Milliseconds since 1970 UTC. */
  now: number;
}

/** Composes the view. Secrets stand as references on our side and are hidden on the workspace's. */
export function jobView({ change, computed, runs, host, markerTag, timezone, now }: JobViewInput): JobView {
  const plan = { ...computed.plan, changes: [change], problems: [] };
  const [row] = fleetView({
    plan,
    jobs: computed.jobs,
    runs,
    others: [],
    host,
    markerTag,
    timezone,
    now,
    asOf: plan.madeAt,
  }).items;
  if (!row) throw new Error("a change has a row");
  const desired = computed.desired.find((job) => job.resource === change.resource);
  const found = change.jobId === null ? undefined : foundJob(change, computed.survey);
  const actual: JobSettings | null = found ? hideSecrets(found, (path) => desired?.secrets.has(path) ?? false) : null;
  const wanted = desired?.shown ?? null;
  return {
    row,
    desired: wanted,
    actual,
    change,
    graph: { before: actual ? taskGraph(actual) : [], after: wanted ? taskGraph(wanted) : [] },
    runs: change.jobId === null ? [] : (runs.get(change.jobId) ?? []),
  };
}

function foundJob(change: Change, survey: Survey): JobSettings | undefined {
  const answer = survey.answers.get(change.jobId ?? "");
  if (answer?.kind === "found") return answer.job.settings;
  for (const jobs of survey.byMarker.values())
    for (const job of jobs) if (job.jobId === change.jobId) return job.settings;
  return undefined;
}
