/** A read-only look at a workspace: every job, who deploys it, when it starts next, how it ran last and why it is red. */
import type { RemoteJob } from "../model/job.ts";
import type { RunMark } from "../model/view.ts";
import { utc } from "../util/clock.ts";
import type { JobsWorkspace } from "../workspace/workspace.ts";
import { jobUrl, managerOf, ownerOf } from "./fleet.ts";
import { recentRuns } from "./recent-runs.ts";
import type { LookJob, LookReport } from "./room.ts";
import { scheduleView, startsOf } from "./schedule.ts";

const RUNS = 8;
const STARTS = 3;

/** Options of {@link lookAt}. */
export interface LookOptions {
  /** Milliseconds since 1970 UTC. */
  now: number;
  markerTag: string;
}

/** Looks at a workspace; nothing is changed in it. Jobs are sorted with the failing ones first, then by name. */
export async function lookAt(workspace: JobsWorkspace, { now, markerTag }: LookOptions): Promise<LookReport> {
  const me = await workspace.me();
  const jobs: LookJob[] = [];
  // Settings are dropped as they pass: a workspace may hold thousands of jobs.
  for await (const job of workspace.listJobs()) jobs.push(lookJob(job, { now, markerTag, host: workspace.host }));
  const runs = await recentRuns(
    workspace,
    jobs.map((job) => job.jobId),
    RUNS,
  );
  for (const job of jobs) job.runs = (runs.get(job.jobId) ?? []).map(lookRun);
  const failing = (job: LookJob) => job.runs.at(-1)?.state === "failed";
  jobs.sort((a, b) => Number(failing(b)) - Number(failing(a)) || (a.name < b.name ? -1 : 1));
  const byManager: Record<string, number> = {};
  for (const job of jobs) byManager[job.managedBy] = (byManager[job.managedBy] ?? 0) + 1;
  return {
    host: workspace.host,
    workspaceId: await workspace.workspaceId(),
    me: me.userName,
    at: utc(now),
    jobs,
    summary: {
      jobs: jobs.length,
      paused: jobs.filter((job) => job.schedule?.paused).length,
      failing: jobs.filter(failing).length,
      byManager,
    },
  };
}

function lookRun({ runId, state, startedAt, durationMs, message, url }: RunMark): LookJob["runs"][number] {
  return { runId, state, startedAt, durationMs, why: message, url };
}

function lookJob(job: RemoteJob, { now, markerTag, host }: LookOptions & { host: string }): LookJob {
  const name = job.settings.name ?? "";
  return {
    jobId: job.jobId,
    name,
    owner: ownerOf(job),
    managedBy: managerOf({ jobId: job.jobId, name, creator: job.creator, settings: job.settings }, markerTag),
    schedule: scheduleView(job.settings, now),
    nextStarts: startsOf(job.settings, now, STARTS),
    runs: [],
    tasks: job.settings.tasks?.length ?? 0,
    url: jobUrl(host, job.jobId),
  };
}
