/** Composition root: opens config, workspace, sources and store of one target and hands out what works on them. It decides nothing. */
import { hostname } from "node:os";
import { join } from "node:path";
import { type AskCauses, openCauses } from "./app/causes.ts";
import { type Leading, type Observe, openCollector } from "./app/collect.ts";
import { type ControlTables, controlTables, type LoadReport, openTableVerbs } from "./app/control-table.ts";
import { deployedFrom } from "./app/deployed.ts";
import { downstreamFrom } from "./app/downstream.ts";
import { type ExportedBundle, exportBundle } from "./app/export.ts";
import { tableLoader } from "./app/lakeflow-watch.ts";
import { openLineageRoom } from "./app/lineage.ts";
import { type LineageEvents, lazyLineageEvents } from "./app/lineage-events.ts";
import { lazyQuestions } from "./app/lineage-questions.ts";
import { configFor, type OpenHeadgateOptions } from "./app/options.ts";
import { projectRuns } from "./app/runs.ts";
import { openStates } from "./app/states.ts";
import { storeTarget } from "./app/store.ts";
import { watchingFrom } from "./app/watching.ts";
import { openWorkspace, shownHost, workspaceValues } from "./app/workspace.ts";
import type { DriftPatch } from "./app/write-back.ts";
import type { Config } from "./config/load.ts";
import { secretReader } from "./config/secrets.ts";
import { HeadgateError } from "./errors.ts";
import { openJournal } from "./jobs/journal.ts";
import { openJobsRoom } from "./jobs/open-room.ts";
import type { ProbeReport } from "./jobs/probe.ts";
import type { JobsRoom } from "./jobs/room.ts";
import type { LineageRoom } from "./lineage/room.ts";
import type { Deployment } from "./model/identity.ts";
import type { LineageQuestions } from "./model/lineage-question.ts";
import type { Plan } from "./model/plan.ts";
import type { Problem } from "./model/problem.ts";
import type { RunsRoom } from "./runs/room.ts";
import type { JobSourceContext } from "./sources/job-source.ts";
import { textsOf } from "./sources/jobs/yaml/read.ts";
import { writeJobsYaml } from "./sources/jobs/yaml/write.ts";
import { writeJobFiles } from "./sources/jobs/yaml/write-files.ts";
import { openJobSources } from "./sources/registry.ts";
import type { Store } from "./store/transaction.ts";
import { systemClock } from "./util/clock.ts";
import { checkoutOf, headContains } from "./util/git.ts";
import { VERSION } from "./util/version.ts";
import { openDatabricksWorkspace } from "./workspace/databricks.ts";
import { openDatabricksFiles } from "./workspace/files.ts";
import { lazyFolders } from "./workspace/folders.ts";
import { lazyInventory, lazyLookUp } from "./workspace/inventory.ts";
import { lazyWorkspace } from "./workspace/lazy.ts";
import type { StateStore } from "./workspace/state.ts";
import type { JobsWorkspace } from "./workspace/workspace.ts";

export type { LoadReport, TableReport } from "./app/control-table.ts";
export { lakeflowProject } from "./app/lakeflow-watch.ts";
export { diagnoseLog } from "./app/log-doctor.ts";
export type { OpenHeadgateOptions } from "./app/options.ts";
export { openProjectRuns, ownServer, type ProjectRuns, readProcessFiles, writeSample } from "./app/runs.ts";
export { backupProjectStore, migrateProjectStore } from "./app/store.ts";
export {
  attributeAccessLogs,
  lookAround,
  readInventory,
} from "./app/without-project.ts";
export { compareTargets } from "./jobs/between-targets.ts";
export { settleConflicts } from "./jobs/settle-conflicts.ts";
export type { RegisterReport, RunsRoom } from "./runs/room.ts";
export { readDeployedJobs } from "./sources/jobs/deployed/read.ts";
export type { ReplayReport } from "./store/runs.ts";

/** How long a list of jobs may lag behind what was just made, at most. Milliseconds. */
const SETTLE_MS = 30_000;

/** Of a built program, whose files are named by what is in them; what is run from its sources keeps no declarations. */
const BUILD = import.meta.url.endsWith(".ts") ? undefined : `${VERSION} ${import.meta.url}`;

/** One target of a project, open. Nothing is asked of the workspace or the store before it is needed. */
export interface Headgate {
  readonly config: Config;
  readonly warnings: readonly Problem[];
  readonly jobs: JobsRoom & { readonly controlTable: ControlTables };
  /** The store is opened with the first call. */
  readonly runs: RunsRoom;
  /** Reads what ran since the last time, from every run source. @throws HeadgateError `config_invalid` without a source, `lock_held` while another process reads */
  readonly observe: Observe;
  /** Why a run is red, or waits: first what stands still by itself, then what waits for it. */
  readonly causes: AskCauses;
  /** What the one server that leads does by itself. */
  leading(): Promise<Leading>;
  /** Sources into the store, and questions to what is in it. Nothing is opened before the first call. */
  readonly lineage: LineageRoom & LineageQuestions;
  /** OpenLineage events in. */
  readonly events: LineageEvents;
  readonly workspace: JobsWorkspace;
  /** Name of the workspace in the config. */
  readonly workspaceName: string;
  readonly timezone: string;
  /** Where this target's state lies in the workspace, and the state itself. */
  deployment(): Promise<{ deployment: Deployment; states: StateStore }>;
  /** The project's store, opened with the first call. */
  store(): Promise<Store>;
  /** The declared jobs as a bundle; ids of deployed jobs where the workspace tells them. */
  exportBundle(): Promise<ExportedBundle>;
  /** Loads the files of a folder into the project's control table, when they are others than at the last call. */
  loadWhenChanged(path: string): () => Promise<LoadReport | undefined>;
  /** What moved in the workspace and stays so, as a patch of the declared files. */
  driftPatch(plan: Plan, options: { heal: boolean }): Promise<DriftPatch>;
  /** Makes a paused job in the workspace, compares what comes back with what we know, deletes it (`doctor --probe`). */
  probe(): Promise<ProbeReport>;
  close(): Promise<void>;
}

/** A process of this machine lives. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal is alive too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Opens one target of a project.
 * @throws HeadgateError `not_found` without a headgate.yaml, `config_invalid` with all its faults
 * @example
 * const headgate = await openHeadgate({ dir: "." })
 * console.log((await headgate.jobs.plan()).summary)
 * await headgate.close()
 */
export async function openHeadgate(options: OpenHeadgateOptions = {}): Promise<Headgate> {
  const { env = process.env, clock = systemClock, onWarning = () => undefined } = options;
  const { config, warnings } = await configFor(options);
  const { dir, target, placeOf } = config;
  const places = { dir, env, placeOf };
  if (!config.workspace) {
    throw new HeadgateError("config_invalid", `target ${target.name} has no workspace`, {
      hint: "give it one: targets.<name>.workspace, of those under 'workspaces'",
      permanent: true,
    });
  }
  const written = config.workspace;
  let opening: ReturnType<typeof openWorkspace> | undefined;
  const openClient = () => {
    opening ??= openWorkspace(written, places, clock, onWarning).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const { workspace, files } = lazyWorkspace(shownHost(written, places), async () => {
    const client = await openClient();
    return { workspace: openDatabricksWorkspace({ client }), files: openDatabricksFiles({ client }) };
  });
  const folders = lazyFolders(openClient);
  let store: Promise<Store> | undefined;
  const openOnce = (): Promise<Store> => {
    store ??= (async () => {
      const { openStore } = await import("./store/open.ts");
      return openStore(storeTarget(config, env), { clock, headgate: VERSION, warn: onWarning });
    })();
    return store;
  };
  const states = openStates({ config, workspace, files, store: openOnce, clock, onWarning });
  const readSecret = secretReader({ dir, env });

  const sourceContext: JobSourceContext = {
    dir,
    project: config.project,
    target: target.name,
    mode: target.mode,
    variables: config.variables,
    defaults: config.jobDefaults,
    workspace: () => workspaceValues(workspace, written),
    lookUp: lazyLookUp(openClient),
    warehouse: written.warehouse,
    statements: async () => (await openClient()).statements,
    folders,
    cache: BUILD === undefined ? undefined : { folder: join(dir, ".headgate", "cache"), build: BUILD },
  };

  const jobs = openJobsRoom({
    project: config.project,
    target: target.name,
    workspaceName: written.name,
    mode: target.mode,
    sources: openJobSources(config.jobs.sources, sourceContext),
    workspace,
    ...states,
    journal: openJournal(join(dir, ".headgate", "journal", `${written.name}-${target.name}.ndjson`)),
    clock,
    markerTag: config.jobs.markerTag,
    headgate: VERSION,
    host: hostname(),
    pid: process.pid,
    isAlive,
    secretOf: (reference) => readSecret(reference.kind === "env" ? `env:${reference.name}` : `file:${reference.path}`),
    settleMs: SETTLE_MS,
    git: () => checkoutOf(dir),
    headContains: (commit) => headContains(dir, commit),
    timezone: config.runs.timezone,
    allowedBranches: target.allowedBranches,
    drift: config.jobs.drift,
    lookup: { inventory: lazyInventory(openClient), folders },
    deployed: deployedFrom(config, sourceContext, files),
    downstream: downstreamFrom(
      () => storeTarget(config, env),
      () => questions,
      config.lineage.sources.length > 0,
    ),
    writeJobs: (adopted, out) => writeJobFiles(adopted, { dir, out: out ?? "jobs" }),
    jobYaml: (job) => writeJobsYaml([job]),
  });

  async function deployment() {
    const user = target.mode === "development" ? (await workspace.me()).userName : undefined;
    const found = { project: config.project, target: target.name, workspaceId: await workspace.workspaceId(), user };
    return { deployment: found, states: states.states(found) };
  }
  const questions = lazyQuestions(openOnce, clock, async (resource) => {
    try {
      const state = await (await deployment()).states.read();
      return state?.jobs[resource]?.jobId;
    } catch (error) {
      // A question to the store is answered without the workspace: there, only job ids and names are known.
      if (error instanceof HeadgateError) return undefined;
      throw error;
    }
  });
  const runs = projectRuns({ config, store: openOnce, clock, onWarning });
  const collector = openCollector({ config, runs, store: openOnce, workspace, clock });
  return {
    config,
    warnings,
    jobs: { ...jobs, controlTable: controlTables(config, sourceContext) },
    runs,
    causes: openCauses({ store: openOnce, questions, clock, timezone: config.runs.timezone }),
    observe: collector.observe,
    leading: async () => ({ ...(await collector.leading()), watch: watchingFrom(config, jobs) }),
    lineage: {
      ...openLineageRoom({
        config,
        env,
        workspace,
        statements: async () => (await openClient()).statements,
        store: openOnce,
        clock,
        isAlive,
      }),
      ...questions,
    },
    events: lazyLineageEvents(openOnce, clock),
    workspace,
    workspaceName: written.name,
    timezone: config.runs.timezone,
    deployment,
    store: openOnce,
    loadWhenChanged: (path) =>
      tableLoader(openTableVerbs(config, sourceContext), path, (pattern) => textsOf(sourceContext, pattern)),
    exportBundle: () => exportBundle(jobs, { config, host: workspace.host }),
    async driftPatch(plan, wish) {
      const { driftPatch, fileReader, movedFields } = await import("./app/write-back.ts");
      return driftPatch(movedFields(plan, wish), fileReader({ dir, folders }));
    },
    async probe() {
      const { probeWorkspace } = await import("./jobs/probe.ts");
      return probeWorkspace(workspace, `headgate probe ${config.project} ${clock.now()}`);
    },
    async close() {
      const opened = await store?.catch(() => undefined);
      await opened?.close();
    },
  };
}
