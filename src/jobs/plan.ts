/** Computes a plan: pure, from declarations, state and what was found in the workspace. */
import { createHash } from "node:crypto";
import type { Deployment } from "../model/identity.ts";
import type { RemoteJob } from "../model/job.ts";
import type { Change, ChangeAction, FieldChange, GitInfo, Impact, Plan, PlanSummary } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { DeployState, JobState } from "../model/state.ts";
import { isObject, type JsonObject } from "../util/json.ts";
import { stableJson } from "../util/stable-json.ts";
import type { DesiredJob } from "./desired.ts";
import { diffJob, revisionText } from "./diff.ts";
import { type Base, baseOf } from "./fingerprint.ts";
import { ownershipOf, stateOf, witnessesOf } from "./ownership.ts";
import { startsOf } from "./schedule.ts";
import type { Survey } from "./survey.ts";

/** All that goes into a plan. */
export interface PlanInput {
  deployment: Deployment;
  /** Name of the workspace in the config. */
  workspace: string;
  headgate: string;
  /** UTC text. */
  now: string;
  markerTag: string;
  desired: DesiredJob[];
  problems: Problem[];
  state: DeployState | undefined;
  survey: Survey;
  git: GitInfo | null;
  behind: Plan["behind"];
  /** Only these resources. */
  select?: readonly string[] | undefined;
}

/** Digest of a job as found; it changes when anything that counts does. */
export function revisionOf(settings: JsonObject): string {
  return createHash("sha256").update(revisionText(settings)).digest("hex").slice(0, 24);
}

const NO_IMPACT: Impact = { liveRuns: 0, nextStart: null, calledBy: [], downstream: [] };

/** Computes the plan. Changes are sorted by resource. */
export function planJobs(input: PlanInput): Plan {
  const { state, desired } = input;
  const selected = input.select ? new Set(input.select) : undefined;
  const digestKey = state ? Buffer.from(state.digestKey, "base64") : undefined;
  const changes = desired
    .filter((job) => !selected || selected.has(job.resource))
    .map((job) => changeOf(job, input, digestKey));
  changes.push(...deletions(input).filter((change) => !selected || selected.has(change.resource)));
  markDoubles(changes);
  changes.sort((a, b) => (a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : 0));
  return {
    formatVersion: 1,
    project: input.deployment.project,
    workspace: input.workspace,
    target: input.deployment.target,
    workspaceId: input.deployment.workspaceId,
    headgate: input.headgate,
    madeAt: input.now,
    declaredDigest: createHash("sha256")
      .update(stableJson(desired.map((job) => [job.resource, job.shown])))
      .digest("hex")
      .slice(0, 24),
    state: state ? { lineage: state.lineage, serial: state.serial } : null,
    git: input.git,
    behind: input.behind,
    changes,
    problems: [...input.problems, ...input.survey.problems],
    unmanaged: input.survey.others.length,
    summary: summaryOf(changes),
  };
}

/** Counts of a plan's rows. */
export function summaryOf(changes: readonly Change[]): PlanSummary {
  const summary: PlanSummary = {
    create: 0,
    update: 0,
    recreate: 0,
    recover: 0,
    delete: 0,
    noop: 0,
    conflict: 0,
    refused: 0,
    drift: 0,
  };
  for (const change of changes) {
    summary[change.action] += 1;
    if (change.fields.some((field) => field.kind === "drift")) summary.drift += 1;
  }
  return summary;
}

function changeOf(job: DesiredJob, input: PlanInput, digestKey: Buffer | undefined): Change {
  const { survey, deployment } = input;
  const known = stateOf(input.state, job.declared);
  const verdict = ownershipOf(witnessesOf(job.declared, deployment, input.state, survey));
  const row = (action: ChangeAction, jobId: string | null, reason: string, more: Partial<Change> = {}): Change => ({
    resource: job.resource,
    action,
    jobId,
    name: job.shown.name ?? job.resource,
    reason,
    fields: [],
    impact: NO_IMPACT,
    place: job.declared.place,
    ...more,
  });
  switch (verdict.kind) {
    case "forbidden":
      return row("refused", verdict.jobId, `job ${verdict.jobId} is ours by the state file, and we may not read it`, {
        code: "forbidden",
        hint: `ask its owner or an admin for CAN_MANAGE on job ${verdict.jobId} (${verdict.message})`,
      });
    case "conflict":
      return row("conflict", verdict.stateId ?? null, conflictReason(verdict), {
        code: "owner_conflict",
        hint: `drop the marker of the copy with 'headgate jobs forget ID', for ID one of ${verdict.jobs.map((one) => one.jobId).join(", ")}`,
      });
    case "new":
      return row("create", null, "declared, not in the workspace", {
        ...toSend(job),
        impact: impactOf(job, undefined, input),
      });
    case "gone":
      return row("recreate", verdict.jobId, `job ${verdict.jobId} is gone from the workspace`, {
        ...toSend(job),
        impact: impactOf(job, undefined, input),
      });
    case "recover":
    case "ours": {
      const base = known && known.row.applied !== "" && digestKey ? baseOf(digestKey, known.row) : undefined;
      const unmarked = known !== undefined && !known.row.marked;
      return compared(
        job,
        verdict.job,
        {
          input,
          base,
          unmarked,
          moved: known !== undefined && known.key !== job.resource,
          recovered: verdict.kind === "recover" || known?.row.applied === "",
          copies: verdict.kind === "ours" ? verdict.copies : [],
        },
        row,
      );
    }
  }
}

interface Comparison {
  input: PlanInput;
  base: Base | undefined;
  unmarked: boolean;
  moved: boolean;
  recovered: boolean;
  copies: readonly RemoteJob[];
}

function compared(
  job: DesiredJob,
  actual: RemoteJob,
  { input, base, unmarked, moved, recovered, copies }: Comparison,
  row: (action: ChangeAction, jobId: string | null, reason: string, more?: Partial<Change>) => Change,
): Change {
  const { [input.markerTag]: _marker, ...ownTags } = job.settings.tags ?? {};
  // A job whose own tags leave no room for the marker lives by the state file alone.
  const settings = unmarked ? { ...job.settings, tags: ownTags } : job.settings;
  const fields = diffJob({
    desired: settings,
    actual: actual.settings,
    base,
    shown: unmarked ? { ...job.shown, tags: ownTags } : job.shown,
    secrets: job.secrets,
  }).map((field) => ({ ...field, place: job.declared.placeOf(declaredPath(field, job)) }));
  const hint =
    copies.length === 0
      ? {}
      : {
          hint: `job ${copies.map((copy) => copy.jobId).join(", ")} carries our marker too and is left alone: 'headgate jobs forget ID' drops it`,
        };
  const more: Partial<Change> = {
    fields,
    impact: impactOf(job, actual.jobId, input),
    base: revisionOf(actual.settings),
    ...hint,
  };
  if (recovered) {
    const reason = `found again as job ${actual.jobId}; the state file does not know it`;
    return row("recover", actual.jobId, fields.length === 0 ? reason : `${reason}; ${fieldCount(fields)}`, {
      ...toSend(job),
      ...more,
    });
  }
  if (fields.length > 0) return row("update", actual.jobId, fieldCount(fields), { ...toSend(job), ...more });
  if (moved)
    return row("recover", actual.jobId, "moved from a former resource id; the job keeps its id", {
      ...toSend(job),
      ...more,
    });
  return row("noop", actual.jobId, "as declared", more);
}

/** The change's path as the declaration has it: list keys back to positions. */
function declaredPath(field: FieldChange, job: DesiredJob): string {
  return field.path.replace(
    /([A-Za-z_]+)\[([a-z_]+)=([^\]]*)\]/g,
    (whole, list: string, key: string, value: string) => {
      const place = listAt(job.declared.settings, list)?.findIndex(
        (element) => isObject(element) && String(element[key]) === value,
      );
      return place === undefined || place < 0 ? whole : `${list}[${place}]`;
    },
  );
}

function listAt(settings: JsonObject, list: string): unknown[] | undefined {
  const value = settings[list];
  return Array.isArray(value) ? value : undefined;
}

function toSend(job: DesiredJob): Partial<Change> {
  return {
    desired: job.shown,
    ...(job.declared.protect ? { protect: true } : {}),
    ...(job.declared.permissions ? { permissions: job.declared.permissions } : {}),
  };
}

function fieldCount(fields: readonly FieldChange[]): string {
  const count = (kind: FieldChange["kind"]) => fields.filter((field) => field.kind === kind).length;
  const parts = [`${fields.length} ${fields.length === 1 ? "field" : "fields"} changed`];
  const drift = count("drift");
  const conflict = count("conflict");
  if (drift > 0) parts.push(drift === fields.length ? "in the workspace" : `${drift} in the workspace`);
  if (conflict > 0) parts.push(`${conflict} on both sides`);
  return parts.join(", ");
}

function conflictReason(verdict: { jobs: RemoteJob[]; stateId: string | undefined }): string {
  const named = verdict.jobs.map(
    (job) =>
      `job ${job.jobId} '${job.settings.name ?? ""}' (made by ${job.creator ?? "unknown"}${job.createdAt ? `, ${job.createdAt.slice(0, 16)}Z` : ""})`,
  );
  return verdict.stateId === undefined
    ? `${named.length} jobs carry its marker and the state file knows none: ${named.join("; ")}`
    : `the state file says job ${verdict.stateId}, the marker is on another: ${named.join("; ")}`;
}

/** Jobs that the state knows and nobody declares any more. */
function deletions(input: PlanInput): Change[] {
  const { state, survey } = input;
  if (!state) return [];
  const declared = new Set(input.desired.flatMap((job) => [job.resource, ...job.declared.previous]));
  const broken = new Set(
    input.problems.flatMap((problem) => (problem.severity === "error" ? [problem.resource ?? ""] : [])),
  );
  return Object.entries(state.jobs).flatMap(([resource, row]): Change[] => {
    if (declared.has(resource) || broken.has(resource)) return [];
    const answer = survey.answers.get(row.jobId);
    if (answer?.kind === "missing")
      return [{ ...goneRow(resource, row), reason: "no longer declared, and gone from the workspace" }];
    const change: Change = {
      resource,
      action: "delete",
      jobId: row.jobId,
      name: row.name,
      reason: "no longer declared",
      fields: [],
      impact: {
        ...NO_IMPACT,
        liveRuns: liveRunsOf(row.jobId, survey),
        calledBy: survey.callers.get(row.jobId) ?? [],
      },
      held: true,
      hint: "to delete it: headgate jobs apply --allow-delete 1",
    };
    if (answer?.kind === "found") change.base = revisionOf(answer.job.settings);
    if (answer?.kind === "forbidden")
      return [
        {
          ...change,
          action: "refused",
          held: false,
          code: "forbidden",
          hint: `ask for CAN_MANAGE on job ${row.jobId} (${answer.message})`,
        },
      ];
    if (row.protect)
      return [
        {
          ...change,
          action: "refused",
          held: false,
          code: "protected",
          reason: "no longer declared, and protected by lifecycle.prevent_destroy",
          hint: "declare it again with prevent_destroy: false, apply, and remove it then",
        },
      ];
    if (broken.has(""))
      return [
        {
          ...change,
          code: "unreadable",
          reason: "not declared, but a file could not be read: it is left as it is",
          hint: "mend the file first",
        },
      ];
    return [change];
  });
}

function goneRow(resource: string, row: JobState): Change {
  return {
    resource,
    action: "delete",
    jobId: row.jobId,
    name: row.name,
    reason: "",
    fields: [],
    impact: NO_IMPACT,
    held: false,
    code: "gone",
  };
}

/** Two resources must never write to one job. */
function markDoubles(changes: Change[]): void {
  const byId = new Map<string, Change[]>();
  for (const change of changes) {
    if (change.jobId === null || change.action === "delete" || change.action === "conflict") continue;
    byId.set(change.jobId, [...(byId.get(change.jobId) ?? []), change]);
  }
  for (const [jobId, claims] of byId) {
    if (claims.length < 2) continue;
    for (const change of claims) {
      change.action = "conflict";
      change.code = "owner_conflict";
      change.reason = `job ${jobId} is claimed by ${claims.map((one) => one.resource).join(" and ")}`;
      change.hint = "let one resource keep it: remove the other, or its 'previous'";
      delete change.desired;
    }
  }
}

function liveRunsOf(jobId: string, survey: Survey): number | null {
  return survey.live ? (survey.live.get(jobId) ?? 0) : null;
}

function impactOf(job: DesiredJob, jobId: string | undefined, input: PlanInput): Impact {
  const declaredCallers = input.desired.filter((other) => other.calls.includes(job.resource));
  const calledBy = declaredCallers.map((other) => ({
    resource: other.resource,
    jobId: undefined,
    name: other.shown.name ?? other.resource,
    taskKey: callingTask(other, job.resource),
  }));
  const declaredNames = new Set(calledBy.map((caller) => caller.name));
  const found =
    jobId === undefined
      ? []
      : (input.survey.callers.get(jobId) ?? []).filter((caller) => !declaredNames.has(caller.name));
  return {
    liveRuns: jobId === undefined ? 0 : liveRunsOf(jobId, input.survey),
    nextStart: startsOf(job.settings, input.now, 1)[0] ?? null,
    calledBy: [...calledBy, ...found],
    downstream: [],
  };
}

function callingTask(caller: DesiredJob, resource: string): string {
  const task = caller.declared.settings.tasks?.find((one) =>
    stableJson(one).includes(`\${resources.jobs.${resource}.id}`),
  );
  return task?.task_key ?? "";
}
