/** Computes a plan: pure, from declarations, state and what was found in the workspace. */
import { createHash } from "node:crypto";
import type { Deployment } from "../model/identity.ts";
import type { DeclaredJob, RemoteJob } from "../model/job.ts";
import type { Change, ChangeAction, GitInfo, Plan } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { DeployState } from "../model/state.ts";
import { stableJson } from "../util/stable-json.ts";
import { type AccessList, keysOf } from "./access-list.ts";
import { existingJob, toSend } from "./compare.ts";
import { deletions } from "./deletions.ts";
import type { DesiredJob } from "./desired.ts";
import { callersByResource, type ImpactInput, impactOf, NO_IMPACT } from "./impact.ts";
import { type Ownership, ownershipOf, stateOf, witnessesOf } from "./ownership.ts";
import { startsOnce } from "./pause-status.ts";
import { unusedQueries, usedQueries } from "./queries.ts";
import { summaryOf } from "./summary.ts";
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
  /** All declared jobs, also those that could not be made ready. */
  declared: readonly DeclaredJob[];
  desired: DesiredJob[];
  problems: Problem[];
  state: DeployState | undefined;
  survey: Survey;
  git: GitInfo | null;
  behind: Plan["behind"];
  /** Who plans; `seesAll` where no job is hidden from them. */
  me: { userName: string; seesAll: boolean };
  /** Only these resources. */
  select?: readonly string[] | undefined;
  /** Direct permissions of jobs, by id, where they were asked for. */
  access?: ReadonlyMap<string, AccessList> | undefined;
  /** Another tool deploys these jobs: `state` is made of what that tool keeps. */
  managedBy?: Plan["managedBy"];
}

/** What every row goes by. */
type About = ImpactInput & { usedQueries: ReadonlySet<string> };

/** Makes a row of the plan for one declared job. */
export type Row = (action: ChangeAction, jobId: string | null, reason: string, more?: Partial<Change>) => Change;

/** Computes the plan. Changes are sorted by resource. */
export function planJobs(input: PlanInput): Plan {
  const { state, desired } = input;
  const wanted = input.select && new Set(input.select);
  const isWanted = (...names: string[]) => wanted === undefined || names.some((name) => wanted.has(name));
  const digestKey = state ? Buffer.from(state.digestKey, "base64") : undefined;
  const used = usedQueries(
    desired.map((job) => job.settings),
    state,
  );
  const about: About = { usedQueries: used, callers: callersByResource(desired), survey: input.survey, now: input.now };
  const changes = desired
    .filter((job) => isWanted(job.resource, ...job.declared.previous))
    .map((job) => changeOf(job, input, about, digestKey));
  for (const change of deletions(input)) {
    const trash = unusedQueries(state?.jobs[change.resource], new Set(), used);
    if (isWanted(change.resource)) changes.push(trash.length > 0 ? { ...change, trash } : change);
  }
  markDoubles(changes);
  changes.sort((a, b) => (a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : 0));
  const problems = input.problems.filter((problem) => problem.resource === undefined || isWanted(problem.resource));
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
    problems: [...problems, ...input.survey.problems],
    unmanaged: input.survey.others.length,
    summary: summaryOf(changes),
    ...(input.managedBy === undefined ? {} : { managedBy: input.managedBy }),
  };
}

function changeOf(job: DesiredJob, input: PlanInput, about: About, digestKey: Buffer | undefined): Change {
  const known = stateOf(input.state, job.declared);
  const verdict = ownershipOf(witnessesOf(job.declared, input.deployment, input.state, input.survey));
  const row: Row = (action, jobId, reason, more = {}) => ({
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
      return row("conflict", verdict.stateId ?? null, conflictReason(verdict, input.markerTag), {
        code: "owner_conflict",
        hint: verdict.copies.every((one) => one.settings.tags?.[input.markerTag] === undefined)
          ? "rename or delete all but one of them: which one is meant cannot be told"
          : `drop the marker of the copy with 'headgate jobs forget ID', for ID one of ${verdict.copies.map((one) => one.jobId).join(", ")}`,
      });
    case "new":
      return row("create", null, `declared, not in the workspace${startText(job)}`, {
        ...toSend(job),
        ...unfinished(job, input),
        impact: impactOf(job, undefined, about),
      });
    case "gone":
      return row("recreate", verdict.jobId, `job ${verdict.jobId} is gone from the workspace${startText(job)}`, {
        ...toSend(job),
        impact: impactOf(job, undefined, about),
      });
    case "recover":
    case "ours":
      return existingJob(
        job,
        verdict.job,
        {
          known,
          digestKey,
          markerTag: input.markerTag,
          copies: verdict.kind === "ours" ? verdict.copies : [],
          recovered: input.managedBy === undefined && (verdict.kind === "recover" || known?.row.applied === ""),
          impact: impactOf(job, verdict.job.jobId, about),
          usedQueries: about.usedQueries,
          access: accessOf(verdict.job.jobId, input),
        },
        row,
      );
  }
}

const startText = (job: DesiredJob) =>
  startsOnce(job.declared) ? "; started once, since it has no schedule or trigger" : "";

function accessOf(jobId: string, { access, me }: PlanInput): { found: AccessList; me: string[] } | undefined {
  const found = access?.get(jobId);
  return found && { found, me: keysOf(me.userName) };
}

/** Whether somebody else announced this creation and did not finish it, and their job would be hidden from us. */
function unfinished(job: DesiredJob, { state, me }: PlanInput): Partial<Change> {
  const pending = state?.pending[job.resource];
  if (pending?.by === undefined || pending.by === me.userName || me.seesAll) return {};
  return {
    code: "announced",
    reason: `declared; ${pending.by} began to create it on ${pending.at} and did not finish, and we may not see their jobs`,
    hint: `let ${pending.by} or an admin apply; if there is no such job, repeat with --first-deploy`,
  };
}

function conflictReason({ jobs, stateId, gone }: Extract<Ownership, { kind: "conflict" }>, markerTag: string): string {
  const named = jobs.map(
    (job) =>
      `job ${job.jobId} '${job.settings.name ?? ""}' (made by ${job.creator ?? "unknown"}${job.createdAt ? `, ${job.createdAt.slice(0, 16)}Z` : ""})`,
  );
  if (stateId === undefined && jobs.every((job) => job.settings.tags?.[markerTag] === undefined))
    return `${named.length} jobs could be taken over as it: ${named.join("; ")}`;
  if (stateId === undefined)
    return `${named.length} jobs carry its marker and the state file knows none: ${named.join("; ")}`;
  const which = gone ? `job ${stateId}, which is gone` : `job ${stateId}`;
  return `the state file says ${which}, the marker is on another: ${named.join("; ")}`;
}

/** Two resources must never write to one job, and none may delete what another one keeps. */
function markDoubles(changes: Change[]): void {
  const byId = new Map<string, Change[]>();
  for (const change of changes) {
    if (change.jobId === null || change.action === "conflict" || change.code === "gone") continue;
    byId.set(change.jobId, [...(byId.get(change.jobId) ?? []), change]);
  }
  for (const [jobId, claims] of byId) {
    if (claims.length < 2) continue;
    for (const change of claims) {
      change.action = "conflict";
      change.code = "owner_conflict";
      change.held = false;
      change.reason = `job ${jobId} is claimed by ${claims.map((one) => one.resource).join(" and ")}`;
      change.hint = "let one resource keep it: remove the other, or its 'previous'";
      delete change.desired;
      delete change.refresh;
    }
  }
}

/** Jobs by id that a plan or a page may look up. */
export function foundJob(survey: Pick<Survey, "answers" | "byMarker">, jobId: string | null): RemoteJob | undefined {
  const answer = survey.answers.get(jobId ?? "");
  if (answer?.kind === "found") return answer.job;
  for (const jobs of survey.byMarker.values()) for (const job of jobs) if (job.jobId === jobId) return job;
  return undefined;
}
