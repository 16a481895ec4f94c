/** One person's machine in tests of the jobs room: its own journal, its own checkout, its own token, a shared workspace. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { patCredentials } from "../../src/clients/databricks/auth/pat.ts";
import { type DatabricksClient, type DatabricksOptions, openDatabricks } from "../../src/clients/databricks/client.ts";
import type { DriftPolicy } from "../../src/jobs/drift-policy.ts";
import { openJournal } from "../../src/jobs/journal.ts";
import { mapTexts } from "../../src/jobs/leaves.ts";
import { openJobsRoom } from "../../src/jobs/open-room.ts";
import type { JobsRoom } from "../../src/jobs/room.ts";
import type { DeclaredJob, JobSettings } from "../../src/model/job.ts";
import type { GitInfo } from "../../src/model/plan.ts";
import type { Problem } from "../../src/model/problem.ts";
import type { JobSource } from "../../src/sources/job-source.ts";
import { writeJobsYaml } from "../../src/sources/jobs/yaml/write.ts";
import { type Clock, systemClock } from "../../src/util/clock.ts";
import type { JsonObject } from "../../src/util/json.ts";
import { openDatabricksWorkspace } from "../../src/workspace/databricks.ts";
import { openDatabricksFiles } from "../../src/workspace/files.ts";
import { acquireLock } from "../../src/workspace/lock.ts";
import { openStateStore, stateFolder } from "../../src/workspace/state.ts";

/** What a laptop is made of. */
export interface LaptopOptions {
  url: string;
  token: string;
  name?: string;
  jobs: Record<string, JobSettings>;
  previous?: Record<string, string[]>;
  protect?: string[];
  permissions?: Record<string, JsonObject[]>;
  /** What the source says is wrong. */
  problems?: Problem[];
  /** Instead of the token. */
  credentials?: DatabricksOptions["credentials"];
  /** Told of the lock when it is held. */
  onLock?: (lock: Awaited<ReturnType<typeof acquireLock>>) => void;
  /** Whether a process is alive; all but our own are dead by default. */
  isAlive?: (pid: number) => boolean;
  /** Told of work that is no request: files that are written. */
  working?: <T>(work: Promise<T>) => Promise<T>;
  /** Called after the YAML of adopted jobs was written. */
  afterWriting?: () => void | Promise<void>;
  /** Adopted jobs are written where no source reads them. */
  writesAside?: boolean;
  git?: GitInfo;
  contains?: (commit: string) => boolean;
  clock?: Clock;
  fetch?: typeof fetch;
  env?: Record<string, string>;
  lockMs?: number;
  settleMs?: number;
  dir?: string;
  target?: string;
  mode?: "development";
  drift?: DriftPolicy;
  /** Instead of the declared jobs; `dir` is the laptop's folder. */
  sources?: (client: DatabricksClient, dir: string) => JobSource[];
}

/** An open laptop. */
export interface Laptop {
  room: JobsRoom;
  dir: string;
  /** Replaces what is declared. */
  declare(jobs: Record<string, JobSettings>): void;
  jobs: Record<string, JobSettings>;
  /** Changes what the next verbs go by. */
  set(more: Pick<LaptopOptions, "protect" | "previous" | "permissions" | "problems" | "writesAside">): void;
  throwAway(): void;
}

function declared(resource: string, settings: JobSettings, options: LaptopOptions): DeclaredJob {
  const place = { file: `jobs/${resource}.yml`, line: 1, column: 1 };
  return {
    resource,
    settings,
    place,
    placeOf: () => place,
    source: "test",
    previous: options.previous?.[resource] ?? [],
    protect: options.protect?.includes(resource) ?? false,
    permissions: options.permissions?.[resource],
  };
}

/** A text as a source hands it over: what looks like a late reference of ours, and is none, is shielded. */
const shielded = (text: string) => text.replace(/\$\{(env:|file:|resources\.jobs\.)/g, "$$$${$1");

/** Every opened laptop is a process of its own. */
let nextPid = 1;

/** Opens a laptop. Requests are not rate limited; a lost creation is looked for half a second. */
export function openLaptop(given: LaptopOptions): Laptop {
  const options = { ...given };
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), "headgate-laptop-"));
  const clock = options.clock ?? systemClock;
  const laptop = { jobs: options.jobs };
  const journal = openJournal(join(dir, "journal.ndjson"));
  const working = options.working ?? ((work) => work);
  const pid = nextPid++;
  const client = openDatabricks({
    host: options.url,
    credentials: options.credentials ?? patCredentials(options.token),
    clock,
    userAgent: "headgate/test",
    rateLimit: 10_000,
    ...(options.fetch ? { fetch: options.fetch } : {}),
  });
  const workspace = openDatabricksWorkspace({ client });
  const files = openDatabricksFiles({ client });
  const room = openJobsRoom({
    project: "shop",
    target: options.target ?? "prod",
    workspaceName: "prod",
    mode: options.mode,
    sources: options.sources?.(client, dir) ?? [
      {
        name: "test",
        kind: "test",
        read: async () => ({
          jobs: Object.entries(laptop.jobs).map(([resource, settings]) => declared(resource, settings, options)),
          problems: options.problems ?? [],
          inputs: [],
        }),
      },
    ],
    workspace,
    states: (deployment) => openStateStore({ files, folder: stateFolder(deployment), deployment }),
    lock: async (deployment, { id, fence, breakLock, commit, dead }) => {
      const lock = await acquireLock({
        files,
        folder: stateFolder(deployment),
        clock,
        clockSkew: workspace.clockSkew,
        id,
        holder: options.name ?? "somebody",
        host: options.name ?? "laptop",
        pid,
        commit,
        fence,
        breakLock,
        isDead: (record) => dead.has(record.id),
        durationMs: options.lockMs,
      });
      options.onLock?.(lock);
      return lock;
    },
    pid,
    isAlive: options.isAlive ?? ((other) => other === pid),
    journal: {
      read: () => working(journal.read()),
      append: (entry) => working(journal.append(entry)),
      clear: () => working(journal.clear()),
    },
    clock,
    markerTag: "headgate",
    headgate: "0.1.0",
    host: options.name ?? "laptop",
    secretOf: (reference) => (reference.kind === "env" ? options.env?.[reference.name] : undefined),
    settleMs: options.settleMs ?? 500,
    git: async () => options.git ?? null,
    headContains: async (commit) => options.contains?.(commit) ?? true,
    timezone: "UTC",
    allowedBranches: undefined,
    drift: options.drift,
    jobYaml: (job) => writeJobsYaml([job]),
    writeJobs: async (jobs) => {
      if (options.writesAside) return jobs.map((job) => `aside/${job.resource}.yml`);
      laptop.jobs = {
        ...laptop.jobs,
        ...Object.fromEntries(jobs.map((job) => [job.resource, mapTexts(job.settings, shielded) as JobSettings])),
      };
      await options.afterWriting?.();
      return jobs.map((job) => `jobs/${job.resource}.yml`);
    },
  });
  return {
    room,
    dir,
    declare(jobs) {
      laptop.jobs = jobs;
    },
    get jobs() {
      return laptop.jobs;
    },
    set: (more) => Object.assign(options, more),
    throwAway: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Plans and applies until the exit code says that nothing is left to repeat. @returns exit codes in order */
export async function applyAll(laptop: Laptop, options: Parameters<JobsRoom["apply"]>[1] = {}): Promise<number[]> {
  const codes: number[] = [];
  for (let n = 0; n < 5; n++) {
    const report = await laptop.room.apply(await laptop.room.plan(), { firstDeploy: true, ...options });
    codes.push(report.exitCode);
    if (report.exitCode !== 75) break;
  }
  return codes;
}
