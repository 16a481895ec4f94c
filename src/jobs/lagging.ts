/** What a list of jobs that lags behind may hide: creations, and changes of our own that were made a moment ago. */
import type { DeployState } from "../model/state.ts";
import { isAsLeft } from "./fingerprint.ts";
import type { Survey } from "./survey.ts";

/** What is known, and when. */
export interface LagInput {
  state: DeployState | undefined;
  survey: Pick<Survey, "answers" | "byMarker">;
  /** The service's time, milliseconds since 1970 UTC. */
  now: number;
  /** How long a list lags behind at most, in milliseconds. */
  settleMs: number;
}

/** Milliseconds for which an announced creation may still be hidden; 0 when there is none. Pure. */
export function hiddenFor({ state, survey, now, settleMs }: LagInput): number {
  const waits = Object.entries(state?.pending ?? {}).map(([resource, pending]) => {
    if (state?.jobs[resource] || (survey.byMarker.get(pending.marker) ?? []).length > 0) return 0;
    // Whoever announced it may have had another time: never longer than a list can lag.
    return Math.min(settleMs, Date.parse(pending.at) + settleMs - now);
  });
  return Math.max(0, ...waits);
}

/**
 * Ids of jobs about which the list must not be believed: those we changed so lately that it may show an older version,
 * and does show another one than we left; and those that only a marker in the list makes ours, where there is a state
 * that should know them (a job that was deleted, or whose marker was dropped, a moment ago). Pure.
 */
export function doubtful({ state, survey, now, settleMs }: LagInput): string[] {
  if (!state) return [];
  const key = Buffer.from(state.digestKey, "base64");
  const known = new Set<string>();
  const doubted: string[] = [];
  for (const row of Object.values(state.jobs)) {
    known.add(row.jobId);
    const answer = survey.answers.get(row.jobId);
    const fresh = row.applied !== "" && Math.abs(now - Date.parse(row.at)) < settleMs;
    if (!fresh || answer?.kind !== "found") continue;
    if (!isAsLeft(key, row, answer.job.settings)) doubted.push(row.jobId);
  }
  for (const jobs of survey.byMarker.values()) {
    if (!jobs.some((job) => known.has(job.jobId))) doubted.push(...jobs.map((job) => job.jobId));
  }
  return doubted;
}
