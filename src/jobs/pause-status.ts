/** Pause status of jobs that do not declare it and leave it to the workspace once they are there. Pure. */
import type { DeclaredJob, JobSettings } from "../model/job.ts";
import { isObject, type Json } from "../util/json.ts";

/** What makes a job start by itself. */
const STARTS = ["schedule", "trigger", "continuous"] as const;

function pauseOf(settings: JobSettings | undefined): Json | undefined {
  for (const key of STARTS) {
    const start = settings?.[key];
    if (isObject(start) && start.pause_status !== undefined) return start.pause_status;
  }
  return undefined;
}

/** The job with the pause status that it has, or is to be made with, where its declaration says none. */
export function withPauseStatus(job: DeclaredJob, actual: JobSettings | undefined): DeclaredJob {
  const status = job.start && (pauseOf(actual) ?? job.start.made);
  if (status === undefined) return job;
  const settings: JobSettings = { ...job.settings };
  for (const key of STARTS) {
    const start = settings[key];
    if (isObject(start) && start.pause_status === undefined) settings[key] = { ...start, pause_status: String(status) };
  }
  return { ...job, settings };
}

/** True for a job that is started once when it is made, since nothing else would start it. */
export function startsOnce({ start, settings }: Pick<DeclaredJob, "start" | "settings">): boolean {
  return start?.once === true && [...STARTS, "triggers"].every((key) => settings[key] === undefined);
}
