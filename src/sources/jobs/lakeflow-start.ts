/** Whether jobs of lakeflow_jobs_meta start by themselves: its `default_pause_status`. Pure. */
import type { DeclaredJob } from "../../model/job.ts";

/**
 * The jobs, told how they are to be made where they do not say whether they are paused. Once they are there that is the
 * workspace's: an update neither pauses nor resumes nor starts a job. Jobs of other profiles are left as they are, unless
 * `defaultPauseStatus` is given.
 */
export function withStart<T extends { jobs: DeclaredJob[] }>(
  read: T,
  { profile, defaultPauseStatus: paused }: { profile?: string | undefined; defaultPauseStatus?: boolean | undefined },
): T {
  if (profile !== "lakeflow-meta" && paused === undefined) return read;
  const start: DeclaredJob["start"] = {
    made: paused === undefined ? undefined : paused ? "PAUSED" : "UNPAUSED",
    once: paused === false,
  };
  return { ...read, jobs: read.jobs.map((job) => ({ ...job, start })) };
}
