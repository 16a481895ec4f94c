/** Whose job is it: the two witnesses (state file and marker) compared, row by row of the table in docs/explain/ownership.md. */
import type { RemoteJob } from "../model/job.ts";
import type { JobAnswer } from "../workspace/workspace.ts";

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
