/** Rows of a plan for jobs that the state knows and nobody declares any more. Pure. */
import type { DeclaredJob } from "../model/job.ts";
import type { Change } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { DeployState, JobState, PendingCreate } from "../model/state.ts";
import type { JobAnswer } from "../workspace/workspace.ts";
import { liveRunsOf, NO_IMPACT } from "./impact.ts";
import { flatten } from "./leaves.ts";
import { stateOf } from "./ownership.ts";
import { revisionOf } from "./revision.ts";
import type { Survey } from "./survey.ts";

/** What {@link deletions} looks at. */
export interface DeletionInput {
  /** All that is declared, also what cannot be used. */
  declared: readonly DeclaredJob[];
  problems: readonly Problem[];
  state: DeployState | undefined;
  survey: Pick<Survey, "answers" | "byMarker" | "callers" | "live">;
}

/**
 * The rows. All are held back until they are asked for; jobs that are protected, that we may not read, or that a
 * faulty declaration may still mean are never deleted.
 */
export function deletions(input: DeletionInput): Change[] {
  const { state } = input;
  if (!state) return [];
  const kept = new Set<string>();
  for (const job of input.declared) {
    kept.add(job.resource);
    // Of its former ids only the one whose job it takes over is still declared.
    const known = stateOf(state, job);
    if (known) kept.add(known.key);
  }
  const faulty = new Set<string>();
  for (const { severity, resource } of input.problems) if (severity === "error") faulty.add(resource ?? "");
  // A file that cannot be read may declare anything; a faulty job that is new here may be another one renamed.
  const declared = new Set(input.declared.map((job) => job.resource));
  const unclear = [...faulty].some((name) => name === "" || (state.jobs[name] === undefined && !declared.has(name)));
  const rows = Object.entries(state.jobs).flatMap(([resource, row]): Change[] =>
    kept.has(resource) || faulty.has(resource) ? [] : [deletion(resource, row, input, unclear)],
  );
  const announced = Object.entries(state.pending).flatMap(([resource, pending]): Change[] =>
    kept.has(resource) || faulty.has(resource) || state.jobs[resource]
      ? []
      : announcedRows(resource, pending, input, unclear),
  );
  return withHint([...rows, ...announced]);
}

function deletion(
  resource: string,
  row: Pick<JobState, "jobId" | "name" | "protect">,
  { survey }: DeletionInput,
  unclear: boolean,
): Change {
  const answer = survey.answers.get(row.jobId);
  const gone: Change = {
    resource,
    action: "delete",
    jobId: row.jobId,
    name: row.name,
    reason: "no longer declared, and gone from the workspace",
    fields: [],
    impact: NO_IMPACT,
    held: false,
    code: "gone",
  };
  if (answer?.kind === "missing") return gone;
  const impact = {
    ...NO_IMPACT,
    liveRuns: liveRunsOf(row.jobId, survey),
    calledBy: survey.callers.get(row.jobId) ?? [],
  };
  const change: Change = { ...gone, reason: "no longer declared", impact, held: true, code: undefined };
  if (answer?.kind === "found") change.base = revisionOf(flatten(answer.job.settings));
  if (answer?.kind === "forbidden")
    return {
      ...change,
      action: "refused",
      held: false,
      code: "forbidden",
      hint: `ask for CAN_MANAGE on job ${row.jobId} (${answer.message})`,
    };
  if (row.protect)
    return {
      ...change,
      action: "refused",
      held: false,
      code: "protected",
      reason: "no longer declared, and protected by lifecycle.prevent_destroy",
      hint: "declare it again with prevent_destroy: false, apply, and remove it then",
    };
  if (unclear)
    return {
      ...change,
      code: "unreadable",
      reason: "not declared, but a declaration could not be read: it is left as it is",
      hint: "mend the declarations first",
    };
  return change;
}

/** Jobs of a creation that was announced, and whose resource is no longer declared; none was made, or they are found. */
function announcedRows(resource: string, pending: PendingCreate, input: DeletionInput, unclear: boolean): Change[] {
  const found = input.survey.byMarker.get(pending.marker) ?? [];
  const [only, ...more] = found;
  if (only === undefined || more.length > 0) {
    // None was made; or several carry its marker, and which of them is ours nobody knows: all are left alone.
    const row: Change = {
      resource,
      action: "delete",
      jobId: null,
      name: resource,
      reason: "its creation was announced and never came to be, and it is no longer declared",
      fields: [],
      impact: NO_IMPACT,
      held: false,
      code: "gone",
    };
    return more.length > 0 ? [] : [row];
  }
  const row = { jobId: only.jobId, name: only.settings.name ?? resource, protect: false };
  const answer: JobAnswer = { kind: "found", job: only };
  const survey = { ...input.survey, answers: new Map([[only.jobId, answer]]) };
  return [deletion(resource, row, { ...input, survey }, unclear)];
}

/** Says in each row what asks for all of them. */
function withHint(rows: Change[]): Change[] {
  const held = rows.filter((row) => row.held && row.code === undefined).length;
  return rows.map((row) =>
    row.held && row.code === undefined
      ? { ...row, hint: `to delete ${held === 1 ? "it" : `all ${held}`}: headgate jobs apply --allow-delete ${held}` }
      : row,
  );
}

/** Rows of a plan that destroys everything: the jobs are declared still, and nothing but the number was to be asked for. */
export function asDestroyed(changes: readonly Change[]): Change[] {
  return changes.map((change) => {
    const reason = change.reason.replace(/^no longer declared(?:, and )?/, "") || "everything is destroyed";
    if (change.code === "protected") {
      return { ...change, reason, hint: "declare it with prevent_destroy: false, apply, and destroy then" };
    }
    return change.held && change.code === undefined ? { ...change, reason, hint: undefined } : { ...change, reason };
  });
}
