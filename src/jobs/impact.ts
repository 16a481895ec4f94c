/** Whom a change hurts: live runs, the next start, jobs that call it. Pure. */
import type { Impact } from "../model/plan.ts";
import { type DesiredJob, fillReferences } from "./desired.ts";
import { startsOf } from "./schedule.ts";
import type { Survey } from "./survey.ts";

/** Nobody. */
export const NO_IMPACT: Impact = { liveRuns: 0, nextStart: null, calledBy: [], downstream: [] };

/** What {@link impactOf} looks at. */
export interface ImpactInput {
  /** Declared jobs that call a resource, see {@link callersByResource}. */
  callers: ReadonlyMap<string, readonly DesiredJob[]>;
  survey: Pick<Survey, "live" | "callers">;
  /** UTC text. */
  now: string;
}

/** Declared jobs by the resources they call. */
export function callersByResource(desired: readonly DesiredJob[]): Map<string, DesiredJob[]> {
  const callers = new Map<string, DesiredJob[]>();
  for (const job of desired) for (const called of job.calls) callers.set(called, [...(callers.get(called) ?? []), job]);
  return callers;
}

/** Live runs of a job, null where they could not be read. */
export function liveRunsOf(jobId: string, survey: Pick<Survey, "live">): number | null {
  return survey.live ? (survey.live.get(jobId) ?? 0) : null;
}

/** Impact of a change of a declared job; `jobId` is undefined for one that is not there. */
export function impactOf(job: DesiredJob, jobId: string | undefined, input: ImpactInput): Impact {
  const calledBy = (input.callers.get(job.resource) ?? []).map((other) => ({
    resource: other.resource,
    jobId: undefined,
    name: other.shown.name ?? other.resource,
    taskKey: callingTask(other, job.resource),
  }));
  const declared = new Set(calledBy.map((caller) => caller.name));
  const found = jobId === undefined ? [] : (input.survey.callers.get(jobId) ?? []);
  return {
    liveRuns: jobId === undefined ? 0 : liveRunsOf(jobId, input.survey),
    nextStart: startsOf(job.settings, input.now, 1)[0] ?? null,
    calledBy: [...calledBy, ...found.filter((caller) => !declared.has(caller.name))],
    downstream: [],
  };
}

/** Key of the task that uses the resource's id. */
function callingTask(caller: DesiredJob, resource: string): string {
  for (const task of caller.declared.settings.tasks ?? []) {
    let calls = false;
    fillReferences({ tasks: [task] }, (reference) => {
      if (reference.kind === "job" && reference.key === resource) calls = true;
      return undefined;
    });
    if (calls) return task.task_key ?? "";
  }
  return "";
}
