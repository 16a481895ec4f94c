/** The jobs room at work: reads declarations, state and workspace, and hands them to the pure parts. */
import { HeadgateError } from "../errors.ts";
import type { Deployment } from "../model/identity.ts";
import type { DeclaredJob } from "../model/job.ts";
import type { GitInfo, Plan } from "../model/plan.ts";
import { formatProblem, type Problem } from "../model/problem.ts";
import type { DeployState, HistoryEntry } from "../model/state.ts";
import type { JobSource } from "../sources/job-source.ts";
import { utc } from "../util/clock.ts";
import { nearest } from "../util/nearest.ts";
import { adoptJobs, type WriteJobs } from "./adopt.ts";
import { applyPlan } from "./apply.ts";
import type { SessionDeps } from "./apply-session.ts";
import { checkJob } from "./check.ts";
import { buildDesired, type DesiredJob } from "./desired.ts";
import { reduceToDrift } from "./drift.ts";
import { fleetView } from "./fleet.ts";
import { historyItems } from "./history.ts";
import { refuseInvalid } from "./invalid.ts";
import { journalIds } from "./journal.ts";
import { lookAt } from "./look.ts";
import { applyMode } from "./mode.ts";
import { idsOf, markersOf } from "./ownership.ts";
import { planJobs } from "./plan.ts";
import { recentRuns } from "./recent-runs.ts";
import type { JobsRoom, PlanOptions } from "./room.ts";
import { type Survey, surveyWorkspace } from "./survey.ts";
import { jobView } from "./view-job.ts";

/** What the room needs. */
export interface RoomDeps extends Omit<SessionDeps, "deployment" | "states"> {
  project: string;
  target: string;
  /** Name of the workspace in the config. */
  workspaceName: string;
  mode: "development" | "production" | undefined;
  sources: readonly JobSource[];
  states(deployment: Deployment): SessionDeps["states"] & { readHistory(resource: string): Promise<HistoryEntry[]> };
  git(): Promise<GitInfo | null>;
  /** True where HEAD contains the commit. */
  headContains(commit: string): Promise<boolean>;
  timezone: string;
  allowedBranches: readonly string[] | undefined;
  /** Writes adopted jobs as YAML. */
  writeJobs: WriteJobs;
}

/** Everything a plan was computed from: what the page shows beside it. */
interface Computed {
  plan: Plan;
  jobs: DeclaredJob[];
  desired: DesiredJob[];
  survey: Survey;
  state: DeployState | undefined;
}

/** How often a workspace is listed again while an announced creation may still be hidden by a lagging list. */
const LOOK_AGAIN_MS = 2_000;
const FLEET_RUNS = 8;
const PAGE_RUNS = 25;

/** Opens the room. Nothing is read before the first verb. */
export function openJobsRoom(deps: RoomDeps): JobsRoom {
  const { workspace, clock } = deps;
  let deployment: Promise<Deployment> | undefined;

  const whoAndWhere = (): Promise<Deployment> => {
    deployment ??= (async () => {
      const me = await workspace.me();
      const user = deps.mode === "development" ? me.userName : undefined;
      return { project: deps.project, target: deps.target, workspaceId: await workspace.workspaceId(), user };
    })();
    // A failed look is tried again by the next verb.
    deployment.catch(() => {
      deployment = undefined;
    });
    return deployment;
  };

  /** All declared jobs; those that the checks found fault with are among them. */
  async function declare(): Promise<{ jobs: DeclaredJob[]; problems: Problem[] }> {
    const read = await Promise.all(deps.sources.map((source) => source.read()));
    const problems = read.flatMap((one) => one.problems);
    const seen = new Map<string, DeclaredJob>();
    const jobs: DeclaredJob[] = [];
    for (const job of read.flatMap((one) => one.jobs)) {
      problems.push(...checkJob(job).map((problem) => ({ ...problem, resource: job.resource })));
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

  /** The state with what a killed apply on this machine had done and not saved. */
  async function remember(where: Deployment): Promise<DeployState | undefined> {
    const [state, journal] = await Promise.all([deps.states(where).read(), deps.journal.read()]);
    if (!state) return undefined;
    for (const [resource, jobId] of journalIds(journal)) {
      state.jobs[resource] ??= {
        jobId,
        name: resource,
        applied: "",
        added: "",
        secret: [],
        marked: true,
        protect: false,
        serial: state.serial,
        at: utc(clock.now()),
      };
    }
    return state;
  }

  async function compute(options: PlanOptions): Promise<Computed> {
    const [{ jobs, problems }, where, git] = await Promise.all([declare(), whoAndWhere(), deps.git()]);
    const me = await workspace.me();
    const declared =
      deps.mode === undefined
        ? jobs
        : jobs.map((job) => ({ ...job, settings: applyMode(job.settings, deps.mode, me.userName) }));
    const state = await remember(where);
    refuseUnknown(options.select, declared, state);
    const wanted = {
      ids: new Set(Object.values(state?.jobs ?? {}).map((row) => row.jobId)),
      markers: new Set(declared.flatMap((job) => markersOf(where, job))),
      markerTag: deps.markerTag,
      signal: options.signal,
    };
    let survey = await surveyWorkspace(workspace, wanted);
    for (let wait = hiddenFor(state, survey); wait > 0; wait = hiddenFor(state, survey)) {
      await clock.sleep(Math.min(wait, LOOK_AGAIN_MS), options.signal);
      survey = await surveyWorkspace(workspace, wanted);
    }
    const ids = idsOf(declared, where, state, survey);
    const built = buildDesired(declared, {
      deployment: where,
      markerTag: deps.markerTag,
      idOf: (resource) => ids.get(resource),
      secretOf: deps.secretOf,
    });
    const plan = planJobs({
      deployment: where,
      workspace: deps.workspaceName,
      headgate: deps.headgate,
      now: utc(clock.now()),
      markerTag: deps.markerTag,
      desired: built.desired,
      problems: [...problems, ...built.problems],
      state,
      survey,
      git,
      behind: await behind(state, git),
      select: options.select,
    });
    return { plan: refuseInvalid(plan), jobs: declared, desired: built.desired, survey, state };
  }

  /** Milliseconds for which an announced creation may still be hidden by a lagging list; 0 when there is none. */
  function hiddenFor(state: DeployState | undefined, survey: Survey): number {
    const now = clock.now() + workspace.clockSkew();
    const waits = Object.entries(state?.pending ?? {}).map(([resource, pending]) => {
      if (state?.jobs[resource] || survey.byMarker.has(pending.marker)) return 0;
      return Date.parse(pending.at) + deps.settleMs - now;
    });
    return Math.max(0, ...waits);
  }

  async function behind(state: DeployState | undefined, git: GitInfo | null): Promise<Plan["behind"]> {
    const applied = state?.appliedBy;
    if (!applied?.commit || !git || applied.commit === git.commit || (await deps.headContains(applied.commit)))
      return null;
    return { appliedCommit: applied.commit, appliedBy: applied.actor, appliedAt: applied.at };
  }

  async function session(): Promise<SessionDeps> {
    const where = await whoAndWhere();
    return { ...deps, deployment: where, states: deps.states(where) };
  }

  async function runsFor(computed: Computed, ids: readonly string[], count: number) {
    return recentRuns(
      workspace,
      ids.length > 0 ? ids : computed.plan.changes.flatMap((change) => change.jobId ?? []),
      count,
    );
  }

  async function branchAllowed(): Promise<void> {
    if (!deps.allowedBranches) return;
    const git = await deps.git();
    if (git?.branch && deps.allowedBranches.includes(git.branch)) return;
    throw new HeadgateError(
      "branch_not_allowed",
      `target ${deps.target} is applied from ${deps.allowedBranches.join(", ")} only; this is ${git?.branch ?? "no branch"}`,
      {
        hint: "switch to that branch, or change 'allowedBranches' of the target",
        permanent: true,
      },
    );
  }

  return {
    async validate() {
      const { jobs, problems } = await declare();
      return { jobs: jobs.length, problems };
    },
    plan: async (options = {}) => (await compute(options)).plan,
    async apply(plan, options = {}) {
      await branchAllowed();
      refuseForeign(plan, await whoAndWhere());
      const report = await applyPlan(plan, await session(), options);
      // A file that could not be used is no success, however well the rest went.
      const faulty = plan.problems.some((problem) => problem.severity === "error");
      return faulty && report.exitCode === 0 ? { ...report, exitCode: 1 } : report;
    },
    drift: async (options = {}) => reduceToDrift((await compute(options)).plan),
    async adopt(options) {
      await branchAllowed();
      const where = await whoAndWhere();
      return adoptJobs(
        { ...(await session()), writeJobs: deps.writeJobs, declare, current: await compute({}), where },
        options,
      );
    },
    async list() {
      const computed = await compute({});
      const now = clock.now();
      return fleetView({
        plan: computed.plan,
        jobs: computed.jobs,
        runs: await runsFor(computed, [], FLEET_RUNS),
        others: computed.survey.others,
        host: workspace.host,
        markerTag: deps.markerTag,
        timezone: deps.timezone,
        now,
        asOf: utc(now),
      });
    },
    async explain(resource) {
      const computed = await compute({});
      const change = computed.plan.changes.find((one) => one.resource === resource);
      if (!change)
        throw unknownResource(
          resource,
          computed.plan.changes.map((one) => one.resource),
          computed.plan.problems,
        );
      const runs = change.jobId === null ? new Map() : await runsFor(computed, [change.jobId], PAGE_RUNS);
      return jobView({
        change,
        computed,
        runs,
        host: workspace.host,
        markerTag: deps.markerTag,
        timezone: deps.timezone,
        now: clock.now(),
      });
    },
    async history(resource) {
      const where = await whoAndWhere();
      return historyItems(await deps.states(where).readHistory(resource));
    },
    async run(resource) {
      const where = await whoAndWhere();
      const state = await remember(where);
      const row = state?.jobs[resource];
      if (!row) throw unknownResource(resource, Object.keys(state?.jobs ?? {}), []);
      const runId = await workspace.runNow(row.jobId, { token: `headgate-${row.jobId}-${clock.now()}`.slice(0, 64) });
      return { jobId: row.jobId, runId };
    },
    async forget(jobId) {
      const state = await remember(await whoAndWhere());
      const owner = Object.entries(state?.jobs ?? {}).find(([, row]) => row.jobId === jobId);
      if (owner) {
        throw new HeadgateError(
          "owner_conflict",
          `job ${jobId} is resource ${owner[0]} by the state file; its marker stays`,
          {
            hint: "name the copy's id instead",
            permanent: true,
          },
        );
      }
      const answer = await workspace.getJob(jobId);
      if (answer.kind === "missing")
        throw new HeadgateError("not_found", `there is no job ${jobId}`, { permanent: true });
      if (answer.kind === "forbidden")
        throw new HeadgateError("forbidden", `job ${jobId} may not be read`, { hint: answer.message, permanent: true });
      const { [deps.markerTag]: marker, ...tags } = answer.job.settings.tags ?? {};
      if (marker === undefined)
        throw new HeadgateError("input_invalid", `job ${jobId} carries no tag '${deps.markerTag}'`, {
          permanent: true,
        });
      await workspace.updateJob(jobId, { tags }, Object.keys(tags).length === 0 ? ["tags"] : undefined);
      return { jobId, name: answer.job.settings.name ?? "" };
    },
    look: () => lookAt(workspace, { now: clock.now(), markerTag: deps.markerTag }),
  };
}

function refuseUnknown(
  select: readonly string[] | undefined,
  jobs: readonly DeclaredJob[],
  state: DeployState | undefined,
): void {
  const known = new Set([...jobs.map((job) => job.resource), ...Object.keys(state?.jobs ?? {})]);
  for (const resource of select ?? []) if (!known.has(resource)) throw unknownResource(resource, known, []);
}

function unknownResource(resource: string, known: Iterable<string>, problems: readonly Problem[]): HeadgateError {
  const own = problems.find((problem) => problem.resource === resource);
  if (own) return new HeadgateError("declaration_invalid", formatProblem(own), { permanent: true });
  const near = nearest(resource, known);
  return new HeadgateError("not_found", `there is no job '${resource}' in this project`, {
    hint: near ? `did you mean ${near}?` : "headgate jobs list shows them",
    permanent: true,
  });
}

function refuseForeign(plan: Plan, where: Deployment): void {
  for (const part of ["project", "target", "workspaceId"] as const) {
    if (plan[part] === where[part]) continue;
    throw new HeadgateError(
      "plan_stale",
      `the plan is for ${part} ${plan[part]}, this is ${where[part]}; nothing was sent`,
      { hint: "plan again here", permanent: true },
    );
  }
}
