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
  /** `copies` are those of `jobs` whose marker may be dropped; `gone` when the job the state knows is no more. */
  | {
      kind: "conflict";
      jobs: readonly RemoteJob[];
      copies: readonly RemoteJob[];
      stateId: string | undefined;
      gone: boolean;
    }
  /** We may not know whether it exists: never created anew. */
  | { kind: "forbidden"; jobId: string; message: string };

/**
 * Decides by the table; pure. Where the job that the state knows is gone and another carries its marker, that may be
 * somebody's copy: it is not taken over.
 */
export function ownershipOf({ stateId, answer, marked }: Witnesses): Ownership {
  const [only, ...more] = marked;
  if (stateId === undefined || answer === undefined) {
    if (only === undefined) return { kind: "new" };
    if (more.length === 0) return { kind: "recover", job: only };
    return { kind: "conflict", jobs: marked, copies: marked, stateId, gone: false };
  }
  if (answer.kind === "forbidden") return { kind: "forbidden", jobId: stateId, message: answer.message };
  const others = marked.filter((job) => job.jobId !== stateId);
  if (answer.kind === "missing") {
    if (others.length === 0) return { kind: "gone", jobId: stateId };
    return { kind: "conflict", jobs: others, copies: others, stateId, gone: true };
  }
  const onIt = marked.length > others.length;
  if (onIt || others.length === 0) return { kind: "ours", job: answer.job, copies: others };
  return { kind: "conflict", jobs: [answer.job, ...others], copies: others, stateId, gone: false };
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
    // Whoever calls a job in conflict goes on calling the one that the state knows.
    if (verdict.kind === "conflict" && verdict.stateId !== undefined && !verdict.gone)
      ids.set(job.resource, verdict.stateId);
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
  const known = stateOf(state, job);
  const stateId = known?.row.jobId;
  // Once its job stands under its own id, former ids are no longer its own.
  const names = known?.key === job.resource ? { resource: job.resource, previous: [] } : job;
  return {
    resource: job.resource,
    stateId,
    answer: stateId === undefined ? undefined : survey.answers.get(stateId),
    marked: markersOf(deployment, names).flatMap((marker) => survey.byMarker.get(marker) ?? []),
  };
}
