/** What the server is plugged into: the jobs room, the store, time, and facts about the project. */
import type { AuditStore } from "../access/audit.ts";
import type { ProxyHeader } from "../access/identify.ts";
import type { Oidc } from "../access/oidc.ts";
import type { TokenStore } from "../access/tokens.ts";
import type { LineageBatchReceipt, LineageReceipt } from "../model/event.ts";
import type { LineageQuestions } from "../model/lineage-question.ts";
import type { ObserveReport } from "../model/observe-report.ts";
import type { Plan } from "../model/plan.ts";
import type { RunKey } from "../model/step.ts";
import type { ApplyItem, FleetView, HistoryItem, JobView } from "../model/view.ts";
import type { RunCause } from "../model/view-runs.ts";
import type { Clock } from "../util/clock.ts";
import type { AdoptPreview, RecentChangesAnswer, TableCheck, TableEdits, TableView } from "./api/jobs-page.ts";
import type { ApplyAnswer } from "./api.ts";
import type { LeaderLeases } from "./leader.ts";
import type { Watch } from "./loops/jobs.ts";
import type { RunLog, ServerRuns } from "./server-runs.ts";

/** The verbs of the jobs room that are reachable over HTTP. */
export interface ServerJobs {
  list(options?: { signal?: AbortSignal }): Promise<FleetView>;
  explain(resource: string): Promise<JobView>;
  history(resource: string): Promise<HistoryItem[]>;
  plan(options?: { select?: string[] | undefined; signal?: AbortSignal | undefined }): Promise<Plan>;
  /** A plan that makes one job what it was at a serial. */
  planRollback(
    resource: string,
    options?: { to?: number | undefined; signal?: AbortSignal | undefined },
  ): Promise<Plan>;
  /** The newest changes over all jobs. */
  recentChanges(options?: { count?: number | undefined }): Promise<RecentChangesAnswer>;
  /** Names of the sources that are tables, and one of them as it stands. */
  tables(): string[];
  table(source: string): Promise<TableView>;
  /** What edits of a table as it was read would lead to. */
  checkTable(view: TableView, edits: TableEdits["edits"]): Promise<Omit<TableCheck, "version">>;
  /** Writes them, all or nothing. @returns the table as it is then */
  saveTable(source: string, version: string, edits: TableEdits["edits"]): Promise<TableView>;
  /** What adopting an undeclared job would write. */
  previewAdopt(jobId: string): Promise<AdoptPreview>;
  apply(
    plan: Plan,
    options?: {
      allowDelete?: number | undefined;
      firstDeploy?: boolean | undefined;
      allowBehind?: boolean | undefined;
      actor?: string | undefined;
      onProgress?: ((item: ApplyItem) => void) | undefined;
      signal?: AbortSignal | undefined;
    },
  ): Promise<{ items: ApplyItem[]; exitCode: number; error?: string | undefined }>;
}

/** Takes OpenLineage events in, and brings the graph up to them. */
export interface ServerEvents {
  one(text: string, source: string): Promise<LineageReceipt>;
  batch(text: string, source: string): Promise<LineageBatchReceipt>;
  fold(signal?: AbortSignal): Promise<unknown>;
}

/** A plan as it is kept. */
export interface SavedPlan {
  id: string;
  /** Who asked for it. */
  actor: string;
  plan: Plan;
}

/** What the server keeps in the store: parts of the store's doors `jobs`, `runs` and `access`. */
export interface ServerStore {
  jobs: {
    savePlan(saved: SavedPlan): Promise<void>;
    findPlan(id: string): Promise<SavedPlan | undefined>;
    /** Adds an apply, or notes what moved since it was last saved. */
    saveApply(apply: ApplyAnswer): Promise<void>;
    findApply(id: string): Promise<ApplyAnswer | undefined>;
    /** Every step of an apply that was noted, oldest first; `at` is UTC text. */
    applyJournal(id: string): Promise<{ at: string }[]>;
  };
  access: TokenStore & AuditStore;
  runs: RunLog;
  /** Rejects when the store does not answer. */
  ping(): Promise<void>;
  /** False where it answers and takes no writes. */
  isWritable(): Promise<boolean>;
}

/** How callers are known beside the token file and login links. */
export type AuthSettings = { kind: "token" } | ({ kind: "proxy-header" } & ProxyHeader) | ({ kind: "oidc" } & Oidc);

/** `server:` of headgate.yaml. */
export interface ServerSettings {
  /** `127.0.0.1:4600`, `[::1]:4600`, `:4600` for all addresses; port 0 takes a free one. */
  listen: string;
  /** More names that may stand in `Host`. */
  allowedHosts?: string[] | undefined;
  auth?: AuthSettings | undefined;
  /** Whether plans may be applied over HTTP; false when absent. */
  apply?: boolean | undefined;
}

/** What the server does while it leads, and what it leads by. */
export interface ServerLeading {
  /** Servers with the same name compete. */
  name: string;
  /** No two processes have the same. */
  holder: string;
  leases: LeaderLeases;
  /** One pass over the run sources; absent where there is none. */
  observe: ((options: { signal: AbortSignal }) => Promise<ObserveReport[]>) | undefined;
  /** Declares running steps to be lost of which nothing is heard. */
  sweep(): Promise<{ lost: readonly unknown[] }>;
  /** Applies what is declared, as `headgate jobs watch` does; absent where nobody wants that. */
  watch?: Watch | undefined;
}

/** Everything the server needs of the rest. */
export interface ServerDeps {
  jobs: ServerJobs;
  runs: ServerRuns;
  /** Why a run is red or waits; nothing where it is whole. Absent: only what its own steps say. */
  causes?: ((run: RunKey) => Promise<readonly RunCause[]>) | undefined;
  events: ServerEvents;
  lineage: LineageQuestions;
  store: ServerStore;
  /** Absent: the server only answers. */
  leading?: ServerLeading | undefined;
  clock: Clock;
  info: {
    version: string;
    project: string;
    target: string;
    /** Name of the workspace in headgate.yaml. */
    workspace: string;
    /** `https://…` of the workspace. */
    host: string;
    timezone: string;
  };
  /** Who starts the server: the name behind its own token and its login links. */
  actor: string;
  /** Folder of the built page, where there is one. */
  webDir?: string | undefined;
  /** Where url and token are written for the command line (`.headgate/serve-token`), if anywhere. */
  tokenFile?: string | undefined;
  /** Takes whole log lines; secrets are masked already. */
  writeLog: (line: string) => void;
  /** `info` when absent. */
  logLevel?: "error" | "warn" | "info" | "debug" | "silent" | undefined;
}
