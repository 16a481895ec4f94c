/** Reads declarations, state and workspace, and computes the plan of them. */
import type { Deployment } from "../model/identity.ts";
import type { DeclaredJob } from "../model/job.ts";
import type { Plan } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { DeployState } from "../model/state.ts";
import { utc } from "../util/clock.ts";
import type { Principal } from "../workspace/workspace.ts";
import { checkJob } from "./check.ts";
import { buildDesired, type DesiredJob } from "./desired.ts";
import { underPolicy } from "./drift-policy.ts";
import { findQueries } from "./find-queries.ts";
import { faultyRows, refuseInvalid, usable } from "./invalid.ts";
import { adoptedIds, type JournalEntry, journalIds } from "./journal.ts";
import { doubtful, hiddenFor } from "./lagging.ts";
import { applyMode } from "./mode.ts";
import type { RoomDeps } from "./open-room.ts";
import { refuseOpen } from "./other-resources.ts";
import { idsOf, markersOf, stateOf } from "./ownership.ts";
import { withPauseStatus } from "./pause-status.ts";
import { foundJob, planJobs } from "./plan.ts";
import { readAccess } from "./read-access.ts";
import type { PlanOptions } from "./room.ts";
import { readAnew, type Survey, surveyWorkspace } from "./survey.ts";
import { namedIds, takeOver } from "./take-over.ts";
import { refuseUnknown } from "./unknown-resource.ts";

/** Everything a plan was computed from: what the page shows beside it. */
export interface Computed {
  plan: Plan;
  /** As this target deploys them. */
  jobs: DeclaredJob[];
  desired: DesiredJob[];
  survey: Survey;
  state: DeployState | undefined;
}

/** {@link PlanOptions}, and other jobs than the declared ones. */
export interface ComputeOptions extends PlanOptions {
  /** What is to be planned for, of what is declared as this target deploys it. */
  instead?: ((jobs: DeclaredJob[]) => DeclaredJob[]) | undefined;
}

/** How often a workspace is listed again while an announced creation may still be hidden by a lagging list. */
const LOOK_AGAIN_MS = 2_000;

/** All declared jobs; those that the checks found fault with are among them. */
export async function readDeclared(
  deps: Pick<RoomDeps, "sources">,
): Promise<{ jobs: DeclaredJob[]; problems: Problem[] }> {
  const read = await Promise.all(deps.sources.map((source) => source.read()));
  const problems = read.flatMap((one) => one.problems);
  const seen = new Map<string, DeclaredJob>();
  const jobs: DeclaredJob[] = [];
  for (const job of read.flatMap((one) => one.jobs)) {
    for (const problem of checkJob(job)) problems.push({ ...problem, resource: job.resource });
    const twin = seen.get(job.resource);
    if (twin) {
      problems.push({
        severity: "error",
        code: "duplicate_resource",
        place: job.place,
        path: `jobs.${job.resource}`,
        message: `resource ${job.resource} is declared twice, also by source ${twin.source} at ${twin.place.file}:${twin.place.line}`,
        hint: "rename one of them",
        resource: job.resource,
      });
      continue;
    }
    seen.set(job.resource, job);
    jobs.push(job);
  }
  return { jobs, problems };
}

/** Declared jobs as a target of this mode deploys them for this principal. */
export function inMode(jobs: readonly DeclaredJob[], mode: RoomDeps["mode"], me: Principal): DeclaredJob[] {
  if (mode === undefined) return [...jobs];
  // The user name of a service principal is a UUID.
  const user = me.userName.includes("@") ? me.userName : (me.displayName ?? me.userName);
  return jobs.map(({ start, ...job }) => ({
    ...job,
    settings: applyMode(job.settings, mode, user, job.prefixed),
    // A development deployment does not start by itself.
    ...(start === undefined ? {} : { start: { ...start, once: start.once && mode !== "development" } }),
  }));
}

/** The state with what a killed apply on this machine had made and not saved. */
export function withJournal(state: DeployState | undefined, journal: readonly JournalEntry[]): DeployState | undefined {
  if (!state) return undefined;
  for (const [resource, jobId] of journalIds(journal)) {
    // Once somebody else has finished it, or it has gone again, our journal is a thing of the past.
    if (state.pending[resource] === undefined) continue;
    state.jobs[resource] ??= {
      jobId,
      name: resource,
      applied: "",
      added: "",
      secret: [],
      marked: true,
      protect: false,
      serial: state.serial,
      at: state.pending[resource].at,
    };
  }
  return state;
}

/** Computes a plan with all that it was made of. */
export async function computePlan(deps: RoomDeps, where: Deployment, options: ComputeOptions): Promise<Computed> {
  const { workspace, clock } = deps;
  const [read, me, git, journal, saved] = await Promise.all([
    readDeclared(deps),
    workspace.me(),
    deps.git(),
    deps.journal.read(),
    deps.states(where).read(),
  ]);
  const problems = refuseOpen(read.problems);
  const declaredHere = inMode(read.jobs, deps.mode, me);
  const wanted = options.instead?.(declaredHere) ?? declaredHere;
  const state = withJournal(saved, journal);
  refuseUnknown(options.select, wanted, state);
  const declared = new Set(wanted.map((job) => job.resource));
  const adopted = new Map([...adoptedIds(journal)].filter(([resource]) => declared.has(resource)));
  const survey = await look(deps, where, { jobs: wanted, state, adopted, me: me.userName, signal: options.signal });
  const ids = idsOf(wanted, where, state, survey);
  const jobs = wanted.map((job) =>
    job.start ? withPauseStatus(job, foundJob(survey, ids.get(job.resource) ?? null)?.settings) : job,
  );
  const queries = await findQueries(workspace, jobs, { where, state, me: me.userName, signal: options.signal });
  const built = buildDesired(usable(jobs, problems), {
    deployment: where,
    markerTag: deps.markerTag,
    idOf: (resource) => ids.get(resource),
    queries,
    secretOf: deps.secretOf,
  });
  const access = await readAccess(workspace, built.desired, ids, { ...options, problems: built.problems });
  const plan = planJobs({
    deployment: where,
    workspace: deps.workspaceName,
    headgate: deps.headgate,
    now: utc(clock.now()),
    markerTag: deps.markerTag,
    declared: jobs,
    desired: built.desired,
    problems: [...problems, ...built.problems],
    state,
    survey,
    git,
    behind: await behind(deps, state, git),
    me: { userName: me.userName, seesAll: me.admin === true },
    select: options.select,
    access,
  });
  const whole = faultyRows(refuseInvalid(underPolicy(plan, deps.drift)), { jobs, state, select: options.select });
  return { plan: whole, jobs, desired: built.desired, survey, state };
}

interface LookOptions {
  jobs: readonly DeclaredJob[];
  state: DeployState | undefined;
  /** Ids of declared jobs whose adoption was begun, by resource. */
  adopted: ReadonlyMap<string, string>;
  /** Our user name. */
  me: string;
  signal: AbortSignal | undefined;
}

/** Looks at the workspace, again where its list may hide something, and anew at jobs that it may show as they were. */
async function look(deps: RoomDeps, where: Deployment, options: LookOptions): Promise<Survey> {
  const { workspace, clock, markerTag, settleMs } = deps;
  const { jobs, state, adopted, signal } = options;
  const wanted = {
    ids: new Set([...Object.values(state?.jobs ?? {}).map((row) => row.jobId), ...adopted.values(), ...namedIds(jobs)]),
    markers: new Set([
      ...jobs.flatMap((job) => markersOf(where, job)),
      ...Object.values(state?.pending ?? {}).map((pending) => pending.marker),
    ]),
    markerTag,
    signal,
  };
  const lag = (survey: Survey) => ({ state, survey, now: clock.now() + workspace.clockSkew(), settleMs });
  let survey = await surveyWorkspace(workspace, wanted);
  for (let wait = hiddenFor(lag(survey)); wait > 0; wait = hiddenFor(lag(survey))) {
    await clock.sleep(Math.min(wait, LOOK_AGAIN_MS), signal);
    survey = await surveyWorkspace(workspace, wanted);
  }
  await readAnew(workspace, survey, doubtful(lag(survey)), markerTag);
  takeAdopted(jobs, where, options, survey);
  await takeOver(workspace, jobs, where, { state, survey, me: options.me, markerTag });
  return survey;
}

/** A declared job whose adoption was broken off is ours as if it had its marker. */
function takeAdopted(
  jobs: readonly DeclaredJob[],
  where: Deployment,
  { state, adopted }: LookOptions,
  survey: Survey,
): void {
  for (const job of jobs) {
    const answer = survey.answers.get(adopted.get(job.resource) ?? "");
    const [marker = ""] = markersOf(where, job);
    if (answer?.kind !== "found" || stateOf(state, job) || survey.byMarker.has(marker)) continue;
    survey.byMarker.set(marker, [answer.job]);
  }
}

async function behind(deps: RoomDeps, state: DeployState | undefined, git: Plan["git"]): Promise<Plan["behind"]> {
  const applied = state?.appliedBy;
  if (!applied?.commit || !git || applied.commit === git.commit || (await deps.headContains(applied.commit)))
    return null;
  return { appliedCommit: applied.commit, appliedBy: applied.actor, appliedAt: applied.at };
}
