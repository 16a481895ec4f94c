/** Which kept definitions the state names: a job's own, and those of resources that have no job now. */
import type { DeployState, JobState } from "../model/state.ts";

/** Former definitions of a resource that are remembered. */
const KEPT = 50;
/** Resources without a job whose definitions are remembered. */
const MOST_FORMER = 1_000;

/**
 * The references of a resource, with one more, oldest first.
 * @param made id of a job that had none yet when its definition was kept
 */
export function withReference(past: readonly string[], reference: string, made: string | undefined): string[] {
  const now = made === undefined ? reference : `${reference}@${made}`;
  return [...past.filter((one) => one !== now), now].slice(-KEPT);
}

/** What a state remembers of the past. */
export function pastsOf(state: DeployState, rowOf: (jobId: string) => JobState | undefined) {
  return {
    /** References of a resource, and of the job where it was known under another name. */
    of(resource: string, jobId: string | undefined): string[] {
      const row = (jobId === undefined ? undefined : rowOf(jobId)) ?? state.jobs[resource];
      return [...new Set([...(state.former?.[resource] ?? []), ...(row?.history ?? [])])];
    },
    /** Remembers the references of a resource that has no job any more. */
    leave(resource: string, history: readonly string[]): void {
      if (history.length === 0) return;
      const former = Object.entries({ ...state.former, [resource]: [...history] });
      const newest = ([, references]: [string, string[]]) => Number.parseInt(references.at(-1) ?? "0", 10);
      state.former = Object.fromEntries(
        former.length <= MOST_FORMER ? former : former.sort((a, b) => newest(b) - newest(a)).slice(0, MOST_FORMER),
      );
    },
  };
}
