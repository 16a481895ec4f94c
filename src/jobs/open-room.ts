/** The jobs room at work: reads declarations, state and workspace, and hands them to the pure parts. */
import { HeadgateError } from "../errors.ts";
import { type Deployment, markerOf } from "../model/identity.ts";
import type { DeclaredJob, JobSettings } from "../model/job.ts";
import type { Change, GitInfo, Plan } from "../model/plan.ts";
import type { DeployState, HistoryEntry } from "../model/state.ts";
import type { JobSource, SourceRows } from "../sources/job-source.ts";
import { utc } from "../util/clock.ts";
import { adoptJobs, previewOf, type WriteJobs, withModeWarning } from "./adopt.ts";
import { applyPlan } from "./apply.ts";
import type { SessionDeps } from "./apply-session.ts";
import { checkWorkspace, type Lookup } from "./check-workspace.ts";
import { type Computed, type ComputeOptions, computePlan, inMode, readDeclared, withJournal } from "./compute.ts";
import { type AskDeployed, computeElsewhere } from "./compute-elsewhere.ts";
import { asDestroyed } from "./deletions.ts";
import { type AskDownstream, withDownstream } from "./downstream.ts";
import { reduceToDrift } from "./drift.ts";
import type { DriftPolicy } from "./drift-policy.ts";
import { fleetView } from "./fleet.ts";
import { forgetCopy } from "./forget.ts";
import { historyItems } from "./history.ts";
import { lookAt } from "./look.ts";
import { foundJob } from "./plan.ts";
import { recentRuns } from "./recent-runs.ts";
import { definitionBefore, withDefinition } from "./rollback.ts";
import type { JobsRoom } from "./room.ts";
import { changesOf, refuseFaulty, tableCheck, withChanges } from "./table-edit.ts";
import { tableView } from "./table-view.ts";
import { tellSources } from "./tell-sources.ts";
import { unknownResource } from "./unknown-resource.ts";
import { jobView } from "./view-job.ts";
import { watchJobs } from "./watch.ts";

/** What the room needs. */
export interface RoomDeps extends Omit<SessionDeps, "deployment" | "states"> {
  project: string;
  target: string;
  /** Name of the workspace in the config. */
  workspaceName: string;
  mode: "development" | "production" | undefined;
  sources: readonly JobSource[];
  states(deployment: Deployment): SessionDeps["states"] & {
    readHistory(resource: string, state: DeployState | undefined): Promise<HistoryEntry[]>;
    readRecent(state: DeployState, count: number): Promise<{ entries: HistoryEntry[]; more: boolean; unseen: number }>;
  };
  git(): Promise<GitInfo | null>;
  /** True where HEAD contains the commit. */
  headContains(commit: string): Promise<boolean>;
  timezone: string;
  allowedBranches: readonly string[] | undefined;
  /** Where `validate` looks up what jobs refer to. */
  lookup?: Lookup | undefined;
  /** `jobs.drift` of the config. */
  drift?: DriftPolicy | undefined;
  /** What other tools keep of their deployments, for plans that explain them. */
  deployed?: AskDeployed | undefined;
  /** Whom jobs feed; absent where no lineage is kept. */
  downstream?: AskDownstream | undefined;
  /** Writes adopted jobs as YAML. */
  writeJobs: WriteJobs;
  /** The YAML that {@link RoomDeps.writeJobs} would write of one. */
  jobYaml(job: { resource: string; settings: JobSettings }): string;
}

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

  const compute = async (options: ComputeOptions): Promise<Computed> => computePlan(deps, await whoAndWhere(), options);

  /** The same with whom changes feed: asked where a person looks at a plan, not for the list that is read every minute. */
  async function impacted(computed: Computed): Promise<Computed> {
    return { ...computed, plan: await fedBy(computed.plan) };
  }

  function fedBy(plan: Plan): Promise<Plan> {
    const resources = new Map(plan.changes.map(({ jobId, resource }) => [jobId, resource]));
    return withDownstream(plan, deps.downstream, (jobId) => resources.get(jobId));
  }

  /** The state as far as this machine knows it. */
  async function remember(where: Deployment): Promise<DeployState | undefined> {
    const [state, journal] = await Promise.all([deps.states(where).read(), deps.journal.read()]);
    return withJournal(state, journal);
  }

  /** Former definitions of a resource, newest first. */
  async function pastOf(resource: string): Promise<HistoryEntry[]> {
    const states = deps.states(await whoAndWhere());
    return states.readHistory(resource, await states.read());
  }

  async function session(): Promise<SessionDeps> {
    const where = await whoAndWhere();
    return { ...deps, deployment: where, states: deps.states(where) };
  }

  /** Runs of the jobs that are there and that we may read. */
  const runsFor = (computed: Computed, changes: readonly Change[], count: number) =>
    recentRuns(
      workspace,
      changes.flatMap((change) => (foundJob(computed.survey, change.jobId) ? (change.jobId ?? []) : [])),
      count,
    );

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

  const room: JobsRoom = {
    async validate({ workspace: ask = false } = {}) {
      const { jobs, problems } = await readDeclared(deps);
      const found = ask && deps.lookup ? await checkWorkspace(jobs, deps.lookup) : [];
      return { jobs: jobs.length, problems: [...problems, ...found] };
    },
    async plan({ managedBy, ...options } = {}) {
      if (managedBy === undefined) return (await impacted(await compute(options))).plan;
      return fedBy(await computeElsewhere(deps, whoAndWhere, managedBy, options));
    },
    async apply(plan, options = {}) {
      refuseExplained(plan);
      await branchAllowed();
      refuseForeign(plan, await whoAndWhere(), deps.markerTag);
      const report = await tellSources(plan, await applyPlan(plan, await session(), options), deps.sources);
      // A file that could not be used is no success, however well the rest went.
      const faulty = plan.problems.some((problem) => problem.severity === "error");
      return faulty && report.exitCode === 0 ? { ...report, exitCode: report.summary.done === 0 ? 65 : 1 } : report;
    },
    drift: async (options = {}) => reduceToDrift((await compute(options)).plan),
    watch: (options = {}) =>
      watchJobs(
        {
          plan: async (wish) => (await compute(wish)).plan,
          apply: (plan, wish) => room.apply(plan, wish),
          clock,
        },
        options,
      ),
    async adopt(options) {
      await branchAllowed();
      const declare = async () => {
        const { jobs, problems } = await readDeclared(deps);
        return { jobs: inMode(jobs, deps.mode, await workspace.me()), problems };
      };
      const current = await compute({});
      const report = await adoptJobs({ ...(await session()), writeJobs: deps.writeJobs, declare, current }, options);
      return deps.mode === "development" ? withModeWarning(report, deps.target) : report;
    },
    async list() {
      const computed = await compute({});
      const now = clock.now();
      return fleetView({
        plan: computed.plan,
        jobs: computed.jobs,
        runs: await runsFor(computed, computed.plan.changes, FLEET_RUNS),
        others: computed.survey.others,
        found: (jobId) => foundJob(computed.survey, jobId),
        state: computed.state,
        host: workspace.host,
        markerTag: deps.markerTag,
        timezone: deps.timezone,
        now,
        asOf: utc(now),
      });
    },
    async explain(resource) {
      const computed = await impacted(await compute({}));
      const change = computed.plan.changes.find((one) => one.resource === resource);
      if (!change)
        throw unknownResource(
          resource,
          computed.plan.changes.map((one) => one.resource),
          computed.plan.problems,
        );
      const runs = await runsFor(computed, [change], PAGE_RUNS);
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
      return historyItems(await pastOf(resource));
    },
    async recentChanges({ count = 50 } = {}) {
      const where = await whoAndWhere();
      const states = deps.states(where);
      const state = await states.read();
      if (state === undefined) return { items: [], more: false, unseen: 0 };
      const { entries, more, unseen } = await states.readRecent(state, count);
      return { items: entries.map(({ settings: _settings, ...entry }) => entry), more, unseen };
    },
    async previewAdopt(jobId) {
      const { resource, name, settings } = await previewOf(
        { workspace, markerTag: deps.markerTag, current: await compute({}) },
        jobId,
      );
      return { jobId, name, resource, yaml: deps.jobYaml({ resource, settings }) };
    },
    async planRollback(resource, { to, signal } = {}) {
      const entries = await pastOf(resource);
      const entry = definitionBefore(resource, entries, to);
      const instead = (jobs: DeclaredJob[]) => withDefinition(jobs, entry, deps.markerTag);
      return (await impacted(await compute({ select: [resource], signal, instead }))).plan;
    },
    async planDestroy({ signal } = {}) {
      const { plan } = await impacted(await compute({ signal, instead: () => [] }));
      return { ...plan, changes: asDestroyed(plan.changes) };
    },
    declared: () => readDeclared(deps),
    tables: () => deps.sources.flatMap((source) => (source.rows ? [source.name] : [])),
    async table(name) {
      const source = deps.sources.find((one) => one.name === name);
      if (source?.rows === undefined)
        throw new HeadgateError("not_found", `no source named ${name} is a table`, { permanent: true });
      const rows = await source.rows();
      const { problems } = await readDeclared({ sources: withRows(deps.sources, source, rows) });
      return tableView(name, rows, problems);
    },
    async checkTable(view, edits) {
      const changes = changesOf(view, edits);
      const source = deps.sources.find(({ name }) => name === view.source);
      const { rows } = withChanges(view, changes);
      const { problems } = await readDeclared({ sources: withRows(deps.sources, source, rows) });
      return tableCheck(view, changes, edits, problems);
    },
    async saveTable(name, version, edits) {
      const view = await room.table(name);
      if (view.version !== version) {
        throw new HeadgateError("table_moved", `${view.table} was changed since it was read; nothing was written`, {
          hint: "read it again, look at your change, and save again",
          permanent: true,
        });
      }
      refuseFaulty(await room.checkTable(view, edits));
      const source = deps.sources.find((one) => one.name === name);
      await source?.writeRows?.(view, changesOf(view, edits));
      return room.table(name);
    },
    async deployed() {
      const state = await remember(await whoAndWhere());
      return new Map(Object.entries(state?.jobs ?? {}).map(([resource, row]) => [resource, row.jobId]));
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
      const where = await whoAndWhere();
      const state = await remember(where);
      const { jobs } = await readDeclared(deps);
      return forgetCopy({ workspace, markerTag: deps.markerTag, where, state, jobs }, jobId);
    },
    look: () => lookAt(workspace, { now: clock.now(), markerTag: deps.markerTag }),
  };
  return room;
}

/** Sources of which one is taken to have these rows: they were read just now, or are what they would be. */
function withRows(sources: readonly JobSource[], source: JobSource | undefined, rows: SourceRows): JobSource[] {
  return sources.map((one) => {
    const { readRows } = one;
    return one !== source || readRows === undefined ? one : { ...one, read: () => readRows(rows) };
  });
}

/** @throws HeadgateError `managed_elsewhere` for a plan of jobs that another tool deploys */
function refuseExplained({ managedBy }: Plan): void {
  if (managedBy === undefined) return;
  const [tool, command] =
    managedBy === "bundle" ? ["a bundle", "databricks bundle deploy"] : ["Terraform", "terraform apply"];
  throw new HeadgateError(
    "managed_elsewhere",
    `${tool} deploys these jobs, the plan only explains it; nothing was sent`,
    {
      hint: `deploy with ${command}, or take the jobs over: headgate jobs adopt --from-${managedBy}`,
      permanent: true,
    },
  );
}

function refuseForeign(plan: Plan, where: Deployment, markerTag: string): void {
  for (const part of ["project", "target", "workspaceId"] as const) {
    if (plan[part] === where[part]) continue;
    throw new HeadgateError(
      "plan_stale",
      `the plan is for ${part} ${plan[part]}, this is ${where[part]}; nothing was sent`,
      { hint: "plan again here", permanent: true },
    );
  }
  // In a target where everybody has their own deployment, the marker tells whose the plan is.
  for (const { resource, desired } of plan.changes) {
    const marker = desired?.tags?.[markerTag];
    if (marker === undefined || marker === markerOf(where, resource)) continue;
    throw new HeadgateError("plan_stale", `the plan is somebody else's: ${resource} is marked for another user`, {
      hint: "plan again here",
      permanent: true,
    });
  }
}
