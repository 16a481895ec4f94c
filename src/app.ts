/** Composition root: opens config, workspace, sources and store of one target and hands out what works on them. It decides nothing. */
import { hostname } from "node:os";
import { join } from "node:path";
import { openCredentials } from "./clients/databricks/auth/open.ts";
import { openDatabricks } from "./clients/databricks/client.ts";
import { type Config, requireConfig, type WorkspaceConfig } from "./config/load.ts";
import { openValue, secretReader } from "./config/secrets.ts";
import { HeadgateError } from "./errors.ts";
import { openJournal } from "./jobs/journal.ts";
import { lookAt } from "./jobs/look.ts";
import { openJobsRoom } from "./jobs/open-room.ts";
import type { ProbeReport } from "./jobs/probe.ts";
import type { JobsRoom, LookReport } from "./jobs/room.ts";
import type { Attributed } from "./lineage/attribute/attribute.ts";
import type { Deployment } from "./model/identity.ts";
import type { Problem } from "./model/problem.ts";
import { shortName } from "./model/short-name.ts";
import type { InventoryTable } from "./model/table-inventory.ts";
import { writeJobFiles } from "./sources/jobs/yaml/write-files.ts";
import { openJobSources } from "./sources/registry.ts";
import type { Store } from "./store/transaction.ts";
import { type Clock, systemClock } from "./util/clock.ts";
import { checkoutOf, headContains } from "./util/git.ts";
import type { Json } from "./util/json.ts";
import { VERSION } from "./util/version.ts";
import { openDatabricksWorkspace } from "./workspace/databricks.ts";
import { openDatabricksFiles } from "./workspace/files.ts";
import { lazyWorkspace } from "./workspace/lazy.ts";
import { acquireLock } from "./workspace/lock.ts";
import { openStateStore, type StateStore, stateFolder } from "./workspace/state.ts";
import type { JobsWorkspace } from "./workspace/workspace.ts";

/** How long a list of jobs may lag behind what was just made, at most. Milliseconds. */
const SETTLE_MS = 30_000;
const USER_AGENT = `headgate/${VERSION}`;

/** What {@link openHeadgate} takes; all of it has a default. */
export interface OpenHeadgateOptions {
  /** Project folder, or one below it. Default: the current folder. */
  dir?: string | undefined;
  /** headgate.yaml must lie in `dir` itself. */
  exact?: boolean | undefined;
  target?: string | undefined;
  /** Of `--var name=value`. */
  vars?: Readonly<Record<string, string>> | undefined;
  /** Default: the environment of the process. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  clock?: Clock | undefined;
  /** Told of what is odd but no fault: a secret in clear, a call that is repeated. */
  onWarning?: ((message: string) => void) | undefined;
}

/** One target of a project, open. Nothing is asked of the workspace or the store before it is needed. */
export interface Headgate {
  readonly config: Config;
  readonly warnings: readonly Problem[];
  readonly jobs: JobsRoom;
  readonly workspace: JobsWorkspace;
  /** Name of the workspace in the config. */
  readonly workspaceName: string;
  readonly timezone: string;
  /** Where this target's state lies in the workspace, and the state itself. */
  deployment(): Promise<{ deployment: Deployment; states: StateStore }>;
  /** The project's store, opened with the first call. */
  store(): Promise<Store>;
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

type Environment = Readonly<Record<string, string | undefined>>;

async function openWorkspace(
  workspace: WorkspaceConfig,
  places: { dir: string; env: Environment; placeOf?: Config["placeOf"] },
  clock: Clock,
  onWarning: (message: string) => void,
) {
  const path = `workspaces.${workspace.name}`;
  const given = openValue<string>(workspace.host, `${path}.host`, places);
  // As the official tools: a bare host name is meant as https.
  const host = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(given) ? `https://${given}` : given;
  if (!/^https?:\/\//.test(host) || !URL.canParse(host)) {
    throw new HeadgateError("config_invalid", `${path}.host: '${host}' is no address`, {
      hint: "write it like https://adb-111.11.azuredatabricks.net",
      permanent: true,
    });
  }
  const auth = openValue(
    workspace.auth as unknown as Json,
    `${path}.auth`,
    places,
  ) as unknown as WorkspaceConfig["auth"];
  const rate = Number(places.env.DATABRICKS_RATE_LIMIT);
  return openDatabricks({
    host,
    credentials: await openCredentials(auth, { host, clock, env: places.env }),
    clock,
    userAgent: USER_AGENT,
    rateLimit: rate > 0 ? rate : undefined,
    onRetry: (failure, waitMs) => onWarning(`${failure.message}; again in ${Math.ceil(waitMs / 1_000)} s`),
  });
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
  if (config.jobs.state.kind === "store") {
    throw new HeadgateError("config_invalid", "jobs.state of kind store is not available in this version", {
      hint: "write state: { kind: workspace }",
      permanent: true,
    });
  }
  const written = config.workspace;
  const statePath = config.jobs.state.path;
  const { workspace, files } = lazyWorkspace(written.host, async () => {
    const client = await openWorkspace(written, places, clock, onWarning);
    return { workspace: openDatabricksWorkspace({ client }), files: openDatabricksFiles({ client }) };
  });
  const folderOf = (deployment: Deployment) => stateFolder(deployment, statePath);
  const statesOf = (deployment: Deployment) => openStateStore({ files, folder: folderOf(deployment), deployment });
  const readSecret = secretReader({ dir, env });

  const jobs = openJobsRoom({
    project: config.project,
    target: target.name,
    workspaceName: written.name,
    mode: target.mode,
    sources: openJobSources(
      config.jobs.sources,
      {
        dir,
        project: config.project,
        target: target.name,
        variables: config.variables,
        defaults: config.jobDefaults,
        workspace: () => workspaceValues(workspace, written),
      },
      (index) => placeOf(`jobs.sources[${index}]`),
    ),
    workspace,
    states: statesOf,
    lock: async (deployment, wish) => {
      const me = await workspace.me();
      const lock = await acquireLock({
        ...wish,
        files,
        folder: folderOf(deployment),
        clock,
        clockSkew: workspace.clockSkew,
        holder: me.userName,
        host: hostname(),
        pid: process.pid,
        isDead: (record) => wish.dead.has(record.id),
      });
      if (lock.takenOver)
        onWarning(`the lock of ${lock.takenOver.record?.holder ?? "somebody"} was taken over (${lock.takenOver.why})`);
      return lock;
    },
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
    writeJobs: (adopted, out) => writeJobFiles(adopted, { dir, out: out ?? "jobs" }),
  });

  let store: Promise<Store> | undefined;
  return {
    config,
    warnings,
    jobs,
    workspace,
    workspaceName: written.name,
    timezone: config.runs.timezone,
    async deployment() {
      const user = target.mode === "development" ? (await workspace.me()).userName : undefined;
      const deployment = {
        project: config.project,
        target: target.name,
        workspaceId: await workspace.workspaceId(),
        user,
      };
      return { deployment, states: statesOf(deployment) };
    },
    store() {
      store ??= (async () => {
        const { openStore } = await import("./store/open.ts");
        return openStore(storeTarget(config, env), { clock, headgate: VERSION, warn: onWarning });
      })();
      return store;
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

/** The config that the options mean, and the environment it is read in. */
async function configFor({ dir = process.cwd(), exact, target, vars, env = process.env }: OpenHeadgateOptions) {
  return { env, ...(await requireConfig({ dir, exact, target, vars, env })) };
}

/** The store of a project, its references resolved and its path made absolute. */
function storeTarget(config: Config, env: Environment) {
  const opened = openValue(config.store as unknown as Json, "store", {
    dir: config.dir,
    env,
    placeOf: config.placeOf,
  }) as unknown as Config["store"];
  return opened.kind === "sqlite" ? { ...opened, path: join(config.dir, opened.path) } : opened;
}

/** Brings the store of a project up to date. @returns where it is, and the names of the migrations that were run */
export async function migrateProjectStore(
  options: OpenHeadgateOptions = {},
): Promise<{ place: string; migrations: string[] }> {
  const { config, env } = await configFor(options);
  const { migrateStore } = await import("./store/open.ts");
  const target = storeTarget(config, env);
  const migrations = await migrateStore(target, { headgate: VERSION });
  return { place: target.kind === "sqlite" ? target.path : "postgres", migrations };
}

/** Copies the store of a project into `file` while it is in use. @returns the file and its size in bytes */
export async function backupProjectStore(
  options: OpenHeadgateOptions,
  file: string,
): Promise<{ file: string; bytes: number }> {
  const { config, env } = await configFor(options);
  const { backupStore } = await import("./store/backup.ts");
  return backupStore(storeTarget(config, env), file);
}

/** Looks at a workspace without a project, by a profile of `.databrickscfg` or the environment. */
export async function lookAround(options: {
  host?: string | undefined;
  profile?: string | undefined;
  env?: Environment | undefined;
  clock?: Clock | undefined;
  onWarning?: ((message: string) => void) | undefined;
}): Promise<LookReport> {
  const { env = process.env, clock = systemClock, onWarning = () => undefined } = options;
  const { ambientWorkspace } = await import("./clients/databricks/auth/ambient.ts");
  const { host, auth } = await ambientWorkspace({ host: options.host, profile: options.profile, env });
  const client = await openWorkspace(
    { name: "ambient", host, auth } as WorkspaceConfig,
    { dir: process.cwd(), env },
    clock,
    onWarning,
  );
  return lookAt(openDatabricksWorkspace({ client }), { now: clock.now(), markerTag: "headgate" });
}

/** Files that an attribution of access logs is made from, and what to tell while it works. All paths are absolute. */
export interface AttributionRequest {
  /** Storage access logs: files or folders. */
  logs: readonly string[];
  /** Files or folders of runs, jobs, clusters, tables, partitions and mounts, in any mix. */
  dumps: readonly string[];
  /** Files or folders of either. */
  others?: readonly string[] | undefined;
  /** UTC text. */
  from?: string | undefined;
  to?: string | undefined;
  /** Aborted when nobody waits for the answer any more. */
  signal?: AbortSignal | undefined;
  /** Told of each step and of the requests seen so far. */
  onProgress?: ((text: string) => void) | undefined;
}

/** What an attribution found, and which files it was made from. */
export interface AttributionReport extends Attributed {
  logFiles: number;
  logBytes: number;
  read: { file: string; holds: string }[];
  skipped: { file: string; why: string }[];
}

/**
 * Attributes storage access logs to jobs and tables; needs no project.
 * @throws HeadgateError `not_found` for a path that does not exist, `input_invalid` where there is no log, run or table
 */
export async function attributeAccessLogs(request: AttributionRequest): Promise<AttributionReport> {
  const { onProgress = () => undefined } = request;
  const { findStorageLogs } = await import("./sources/lineage/storage-logs/find.ts");
  const { readDumps } = await import("./sources/dumps.ts");
  const logs = await findStorageLogs(request.logs);
  const others = await findStorageLogs(request.others ?? []);
  const files = [...new Set([...logs.files, ...others.files])].sort();
  const dumps = await readDumps([...request.dumps, ...others.skipped.map(({ file }) => file)]);
  const missing = [
    ...(files.length === 0 ? ["access log (--logs)"] : []),
    ...(dumps.uses.tasks.length === 0 ? ["run of a job (--runs)"] : []),
    ...(dumps.inventory.tables.length === 0 ? ["table (--inventory)"] : []),
  ];
  const skipped = [...logs.skipped, ...dumps.skipped];
  if (missing.length > 0) {
    throw new HeadgateError("input_invalid", `the files given hold no ${missing.join(" and no ")}`, {
      hint: skipped[0] === undefined ? "give other files" : `${skipped[0].file}: ${skipped[0].why}`,
      data: { skipped },
      permanent: true,
    });
  }
  onProgress(
    `${files.length} log files, ${dumps.uses.tasks.length} task runs, ${dumps.inventory.tables.length} tables`,
  );
  const { openDuckdb } = await import("./engines/duckdb/open.ts");
  const { attributeLogs } = await import("./lineage/attribute/room.ts");
  const engine = await openDuckdb();
  try {
    const scan = { files, from: request.from, to: request.to };
    const attributed = await attributeLogs(engine, scan, dumps, (requests) => {
      request.signal?.throwIfAborted();
      onProgress(`${requests} requests`);
    });
    return { ...attributed, logFiles: files.length, logBytes: logs.bytes + others.bytes, read: dumps.read, skipped };
  } finally {
    engine.close();
  }
}

/**
 * Reads the tables of inventory files; needs no project.
 * @param paths absolute; files or folders
 * @throws HeadgateError `not_found` for a path that does not exist, `input_invalid` where there is no table
 */
export async function readInventory(paths: readonly string[]): Promise<InventoryTable[]> {
  const { readDumps } = await import("./sources/dumps.ts");
  const { inventory, skipped } = await readDumps(paths);
  if (inventory.tables.length === 0) {
    throw new HeadgateError("input_invalid", "the inventory holds no table", {
      hint: skipped[0] === undefined ? "give other files" : `${skipped[0].file}: ${skipped[0].why}`,
      permanent: true,
    });
  }
  return inventory.tables;
}

/** Values of `${workspace.…}` in declarations. What the workspace does not tell now is left as written. */
async function workspaceValues(
  workspace: JobsWorkspace,
  written: WorkspaceConfig,
): Promise<Record<string, string | undefined>> {
  const known: Record<string, string | undefined> = { host: workspace.host, root_path: written.rootPath };
  try {
    const { userName } = await workspace.me();
    return { ...known, "current_user.userName": userName, "current_user.short_name": shortName(userName) };
  } catch (error) {
    if (error instanceof HeadgateError) return known;
    throw error;
  }
}
