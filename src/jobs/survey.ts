/** Reads a workspace once for a plan: all visible jobs by page, and one by one only those the pages do not show. */
import { HeadgateError } from "../errors.ts";
import type { RemoteJob } from "../model/job.ts";
import type { Caller } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { isObject, type Json } from "../util/json.ts";
import type { JobAnswer, JobsWorkspace } from "../workspace/workspace.ts";

/** A job that is nobody's here, as far as the page wants to know. */
export interface OtherJob {
  jobId: string;
  name: string;
  creator: string | undefined;
  settings: Partial<
    Pick<RemoteJob["settings"], "schedule" | "trigger" | "continuous" | "tags" | "deployment" | "edit_mode">
  >;
}

/** What was found. */
export interface Survey {
  /** Answers for every id asked for. */
  answers: Map<string, JobAnswer>;
  /** Visible jobs by the value of their marker tag, for the markers asked for. */
  byMarker: Map<string, RemoteJob[]>;
  others: OtherJob[];
  /** Jobs that call a job by `run_job_task`, by the called id. */
  callers: Map<string, Caller[]>;
  /** Number of live runs by job id; undefined when they could not be read. */
  live: Map<string, number> | undefined;
  /** What could not be read without harm to the plan. */
  problems: Problem[];
}

/** What {@link surveyWorkspace} looks for. */
export interface Wanted {
  ids: ReadonlySet<string>;
  markers: ReadonlySet<string>;
  markerTag: string;
  /** Other jobs that are kept whole, among the answers. */
  keep?: ((job: RemoteJob) => boolean) | undefined;
  signal?: AbortSignal | undefined;
}

/** Calls `run_job_task` of a job, also inside for-each tasks. */
export function callsOf(settings: RemoteJob["settings"]): { jobId: string; taskKey: string }[] {
  const found: { jobId: string; taskKey: string }[] = [];
  const look = (task: Json | undefined, key: string) => {
    if (!isObject(task)) return;
    const call = task.run_job_task;
    if (isObject(call) && call.job_id !== undefined) found.push({ jobId: String(call.job_id), taskKey: key });
    if (isObject(task.for_each_task)) look(task.for_each_task.task, key);
  };
  for (const task of settings.tasks ?? []) look(task, task.task_key ?? "");
  return found;
}

/**
 * Lists the workspace (one request a hundred jobs), reads each wanted id that the list did not show, and counts live
 * runs. Settings of jobs that nobody asked for are dropped as they pass.
 */
export async function surveyWorkspace(workspace: JobsWorkspace, wanted: Wanted): Promise<Survey> {
  const survey: Survey = {
    answers: new Map(),
    byMarker: new Map(),
    others: [],
    callers: new Map(),
    live: undefined,
    problems: [],
  };
  const [live] = await Promise.all([liveRuns(workspace, survey.problems), readJobs(workspace, wanted, survey)]);
  survey.live = live;
  return survey;
}

async function readJobs(workspace: JobsWorkspace, wanted: Wanted, survey: Survey): Promise<void> {
  /** A job may come twice where others are made or deleted between two pages. */
  const seen = new Set<string>();
  for await (const job of workspace.listJobs({ signal: wanted.signal })) {
    if (seen.has(job.jobId)) continue;
    seen.add(job.jobId);
    for (const call of callsOf(job.settings)) {
      const callers = survey.callers.get(call.jobId) ?? [];
      callers.push({ resource: undefined, jobId: job.jobId, name: job.settings.name ?? "", taskKey: call.taskKey });
      survey.callers.set(call.jobId, callers);
    }
    const marker = job.settings.tags?.[wanted.markerTag];
    const ours = marker !== undefined && wanted.markers.has(marker);
    if (ours) survey.byMarker.set(marker, [...(survey.byMarker.get(marker) ?? []), job]);
    if (wanted.ids.has(job.jobId) || wanted.keep?.(job)) survey.answers.set(job.jobId, { kind: "found", job });
    if (!ours && !wanted.ids.has(job.jobId)) survey.others.push(otherJob(job));
  }
  const missing = [...wanted.ids].filter((id) => !survey.answers.has(id));
  await Promise.all(missing.map(async (id) => survey.answers.set(id, await workspace.getJob(id))));
}

/**
 * Reads jobs again that the list may have shown as they were some time ago, and puts what is true now in their place.
 * @param jobIds those that a list should not be believed about
 */
export async function readAnew(
  workspace: JobsWorkspace,
  survey: Survey,
  jobIds: readonly string[],
  markerTag: string,
): Promise<void> {
  await Promise.all(
    jobIds.map(async (jobId) => {
      const answer = await workspace.getJob(jobId);
      survey.answers.set(jobId, answer);
      for (const [marker, jobs] of survey.byMarker) {
        const others = jobs.filter((job) => job.jobId !== jobId);
        if (others.length === jobs.length) continue;
        const kept = answer.kind === "found" && answer.job.settings.tags?.[markerTag] === marker;
        survey.byMarker.set(marker, kept ? [...others, answer.job] : others);
      }
      if (answer.kind !== "found") return;
      const marker = answer.job.settings.tags?.[markerTag];
      const marked = marker === undefined ? undefined : survey.byMarker.get(marker);
      if (marker !== undefined && !marked?.some((job) => job.jobId === jobId))
        survey.byMarker.set(marker, [...(marked ?? []), answer.job]);
    }),
  );
}

function otherJob(job: RemoteJob): OtherJob {
  const { schedule, trigger, continuous, tags, deployment, edit_mode } = job.settings;
  return {
    jobId: job.jobId,
    name: job.settings.name ?? "",
    creator: job.creator,
    settings: { schedule, trigger, continuous, tags, deployment, edit_mode },
  };
}

/** Number of live runs by job; only the impact of a change is told by them, so that a plan goes on without. */
async function liveRuns(workspace: JobsWorkspace, problems: Problem[]): Promise<Map<string, number> | undefined> {
  const live = new Map<string, number>();
  try {
    for await (const run of workspace.listRuns({ activeOnly: true })) {
      if (run.jobId !== undefined) live.set(run.jobId, (live.get(run.jobId) ?? 0) + 1);
    }
    return live;
  } catch (error) {
    if (!(error instanceof HeadgateError)) throw error;
    problems.push({
      severity: "warning",
      code: error.code,
      place: undefined,
      path: "",
      message: `live runs could not be read: ${error.message}`,
      hint: error.hint,
    });
    return undefined;
  }
}
