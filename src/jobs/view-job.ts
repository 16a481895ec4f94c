/** One job for its page: plan row, both definitions, both graphs. Pure. */
import { type DeclaredJob, type JobSettings, taskGraph } from "../model/job.ts";
import type { Change } from "../model/plan.ts";
import type { JobView, RunMark } from "../model/view.ts";
import type { Computed } from "./compute.ts";
import type { DesiredJob } from "./desired.ts";
import { pathHash } from "./fingerprint.ts";
import { fleetView } from "./fleet.ts";
import { foundJob } from "./plan.ts";
import { hideSecrets } from "./present.ts";

/** What {@link jobView} is made of. */
export interface JobViewInput {
  change: Change;
  computed: Omit<Computed, "jobs" | "desired"> & { jobs: readonly DeclaredJob[]; desired: readonly DesiredJob[] };
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
    found: (jobId) => foundJob(computed.survey, jobId),
    state: computed.state,
    host,
    markerTag,
    timezone,
    now,
    asOf: plan.madeAt,
  }).items;
  if (!row) throw new Error("a change has a row");
  const desired = computed.desired.find((job) => job.resource === change.resource);
  const found = foundJob(computed.survey, change.jobId)?.settings;
  const secret = new Set(computed.state?.jobs[change.resource]?.secret ?? []);
  const isSecret = (path: string) => (desired?.secrets.has(path) ?? false) || secret.has(pathHash(path));
  const actual: JobSettings | null = found ? hideSecrets(found, isSecret) : null;
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
