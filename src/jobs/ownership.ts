/** Whose job is it: the two witnesses (state file and marker) compared, row by row of the table in docs/explain/ownership.md. */
import { type Deployment, markerOf } from "../model/identity.ts";
import type { DeclaredJob, RemoteJob } from "../model/job.ts";
import type { DeployState, JobState } from "../model/state.ts";
import type { JobAnswer } from "../workspace/workspace.ts";
import type { Survey } from "./survey.ts";

/** What is known about one resource before it is compared. */
export interface Witnesses {
  resource: string;
  /** Job id the state file (or the local journal) has for it. */
  stateId: string | undefined;
  /** The service's answer about that id; undefined when there is no id. */
  answer: JobAnswer | undefined;
  /** Visible jobs that carry the resource's marker (or that of a former resource id). */
  marked: readonly RemoteJob[];
}

/** The verdict. */
export type Ownership =
  /** Ours; `copies` are other jobs with our marker (clones), which stay untouched. */
  | { kind: "ours"; job: RemoteJob; copies: readonly RemoteJob[] }
  /** Ours by the marker alone: the state has to learn its id. */
  | { kind: "recover"; job: RemoteJob }
  /** Was ours and is gone. */
  | { kind: "gone"; jobId: string }
  | { kind: "new" }
  | { kind: "conflict"; jobs: RemoteJob[]; stateId: string | undefined }
  /** We may not know whether it exists: never created anew. */
  | { kind: "forbidden"; jobId: string; message: string };

/** Decides by the table; pure. */
export function ownershipOf({ stateId, answer, marked }: Witnesses): Ownership {
  if (stateId !== undefined && answer !== undefined) {
    if (answer.kind === "forbidden") return { kind: "forbidden", jobId: stateId, message: answer.message };
    if (answer.kind === "found") {
      const others = marked.filter((job) => job.jobId !== stateId);
      const onIt = marked.length > others.length;
      if (onIt || others.length === 0) return { kind: "ours", job: answer.job, copies: others };
      return { kind: "conflict", jobs: [answer.job, ...others], stateId };
    }
    if (marked.length === 0) return { kind: "gone", jobId: stateId };
  }
  const [only, ...more] = marked;
  if (only === undefined) return { kind: "new" };
  return more.length === 0 ? { kind: "recover", job: only } : { kind: "conflict", jobs: [only, ...more], stateId };
}

/** Ids of the declared jobs that are there: by the state file where it is right, else by the marker. */
export function idsOf(
  jobs: readonly DeclaredJob[],
  deployment: Deployment,
  state: DeployState | undefined,
  survey: Pick<Survey, "answers" | "byMarker">,
): Map<string, string> {
  const ids = new Map<string, string>();
  for (const job of jobs) {
    const verdict = ownershipOf(witnessesOf(job, deployment, state, survey));
    if (verdict.kind === "ours" || verdict.kind === "recover") ids.set(job.resource, verdict.job.jobId);
    if (verdict.kind === "forbidden") ids.set(job.resource, verdict.jobId);
  }
  return ids;
}

/** Markers under which a resource's job may be found: its own, and those of its former ids. */
export function markersOf(deployment: Deployment, job: Pick<DeclaredJob, "resource" | "previous">): string[] {
  return [job.resource, ...job.previous].map((resource) => markerOf(deployment, resource));
}

/** State row of a resource with the key it stands under, which may be a former resource id. */
export function stateOf(
  state: DeployState | undefined,
  job: Pick<DeclaredJob, "resource" | "previous">,
): { key: string; row: JobState } | undefined {
  for (const key of [job.resource, ...job.previous]) {
    const row = state?.jobs[key];
    if (row) return { key, row };
  }
  return undefined;
}

/** Gathers what is known of a resource. */
export function witnessesOf(
  job: Pick<DeclaredJob, "resource" | "previous">,
  deployment: Deployment,
  state: DeployState | undefined,
  survey: Pick<Survey, "answers" | "byMarker">,
): Witnesses {
  const stateId = stateOf(state, job)?.row.jobId;
  return {
    resource: job.resource,
    stateId,
    answer: stateId === undefined ? undefined : survey.answers.get(stateId),
    marked: markersOf(deployment, job).flatMap((marker) => survey.byMarker.get(marker) ?? []),
  };
}
