/** The jobs room as command line, server and library see it: one method a verb. */
import type { DeclaredJob } from "../model/job.ts";
import type { ChangeAction, FieldChange, Plan } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { ApplyItem, FleetView, HistoryItem, JobView, ScheduleView } from "../model/view.ts";

/** Options of {@link JobsRoom.plan}. */
export interface PlanOptions {
  /** Only these resources. */
  select?: string[] | undefined;
  /** Another tool deploys what is declared: its jobs are found by what that tool keeps, and the plan is never applied. */
  managedBy?: Plan["managedBy"];
  /** File or folder of that tool's state, absolute; without it the state is looked for. */
  deployedState?: string | undefined;
  /** Also compares declared permissions with those the jobs have: one request a job that declares some. */
  checkPermissions?: boolean | undefined;
  /** Told of what takes its time. */
  onNote?: ((note: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Options of {@link JobsRoom.apply}. */
export interface ApplyOptions {
  /** At most so many deletions; 0 (the default) leaves all deletions out, more deletions than N refuses everything. */
  allowDelete?: number | undefined;
  /** There is no state yet and that is right. */
  firstDeploy?: boolean | undefined;
  breakLock?: boolean | undefined;
  /** Apply although the last applied commit is not an ancestor of HEAD. */
  allowBehind?: boolean | undefined;
  /** Start jobs after their change. */
  run?: "all" | "created" | "none" | undefined;
  /** Who applies, where it is not the workspace principal (a person on the page). */
  actor?: string | undefined;
  onProgress?: ((item: ApplyItem) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** What an apply did. */
export interface ApplyReport {
  items: ApplyItem[];
  summary: { done: number; failed: number; skipped: number; held: number };
  /** Serial of the state file afterwards. */
  serial: number;
  /** 0 all done · 1 something failed for good · 75 what failed can be repeated · 77 not allowed · 130 interrupted. */
  exitCode: number;
  /** What went wrong at the end, as a sentence: the state file could not be saved, the lock not be released. */
  error?: string | undefined;
}

/** Options of {@link JobsRoom.watch}. */
export interface WatchOptions {
  /** Pause between two passes, in milliseconds. Default: a minute. */
  intervalMs?: number | undefined;
  /** Ends after so many passes. Default: never. */
  maxIterations?: number | undefined;
  /** Puts back what somebody else changed, as the policy of the config says. Without it that is only told. */
  heal?: boolean | undefined;
  /** Only these resources. */
  select?: string[] | undefined;
  /** There is no state yet and that is right. */
  firstDeploy?: boolean | undefined;
  /** Starts jobs after their change. */
  run?: ApplyOptions["run"];
  /** Told of what happens; a state that lasts is told once. */
  onEvent?: ((event: WatchEvent) => void) | undefined;
  /** Done at the beginning of each pass; where it fails that is told, and the pass goes on. */
  prepare?: (() => Promise<void>) | undefined;
  /** Shown the plan of each pass before it is carried out. */
  onPlan?: ((plan: Plan) => void | Promise<void>) | undefined;
  signal?: AbortSignal | undefined;
}

/** What a watch tells. */
export type WatchEvent =
  /** A job was changed, or could not be. `healed`: somebody else's change was undone by it. */
  | {
      kind: "job";
      resource: string;
      action: ChangeAction;
      state: "done" | "failed";
      jobId: string | null;
      healed: boolean;
      fields: FieldChange[];
      error: ApplyItem["error"];
    }
  /** Somebody else changed a job, which stays so. `gone`: they deleted it. */
  | {
      kind: "drift";
      resource: string;
      jobId: string | null;
      gone: boolean;
      reason: string;
      fields: FieldChange[];
    }
  /** A job that nothing is done about before a person has looked. */
  | {
      kind: "left";
      resource: string;
      jobId: string | null;
      code: string;
      reason: string;
      hint: string | undefined;
    }
  /** A fault in the declarations. */
  | {
      kind: "problem";
      severity: Problem["severity"];
      code: string;
      message: string;
      hint: string | undefined;
    }
  /** A pass failed; the next one begins anew. */
  | { kind: "error"; code: string; message: string; hint: string | undefined }
  /** So many passes in a row had nothing to tell. */
  | { kind: "quiet"; passes: number };

/** What a watch did. */
export interface WatchReport {
  passes: number;
  /** Changes carried out, and those that failed. */
  done: number;
  failed: number;
  /** 0 after an abort; else that of the last pass. */
  exitCode: number;
}

/** Options of {@link JobsRoom.adopt}. */
export interface AdoptOptions {
  /** Every job that nobody manages here and that may be seen. */
  all?: boolean;
  /** Jobs by name or id. */
  names?: string[];
  /** Jobs that another tool's state names, each under its resource there. */
  named?: readonly { resource: string; jobId: string; from: string }[] | undefined;
  /** Folder of the YAML files. */
  out?: string;
}

/** What an adoption did. */
export interface AdoptReport {
  adopted: { resource: string; jobId: string; name: string; file: string }[];
  problems: Problem[];
}

/** A read-only look at a whole workspace. */
export interface LookReport {
  host: string;
  workspaceId: string;
  me: string;
  /** UTC text. */
  at: string;
  jobs: LookJob[];
  summary: { jobs: number; paused: number; failing: number; byManager: Record<string, number> };
}

/** One job in a {@link LookReport}. */
export interface LookJob {
  jobId: string;
  name: string;
  owner: string | null;
  managedBy: "headgate" | "bundle" | "terraform" | "ui" | "unknown";
  schedule: ScheduleView | null;
  /** UTC texts. */
  nextStarts: string[];
  /** Newest last. */
  runs: {
    runId: string;
    state: string;
    startedAt: string | null;
    durationMs: number;
    why: string | null;
    url: string | null;
  }[];
  tasks: number;
  url: string | null;
}

/** The newest changes over all jobs. */
export interface RecentChanges {
  /** Newest first. */
  items: (Omit<HistoryItem, "fields"> & { resource: string; jobId: string })[];
  /** True where there are older changes than these. */
  more: boolean;
  /** Deleted jobs whose history was not looked at. */
  unseen: number;
}

/** What an adoption would write for one job; nothing is written. */
export interface AdoptPreview {
  jobId: string;
  name: string;
  /** The resource id it would get. */
  resource: string;
  /** The whole YAML file. */
  yaml: string;
}

/** A source that is a table, with what is wrong in each of its rows. */
export interface TableView {
  source: string;
  table: string;
  columns: string[];
  /** Types of the columns in SQL, in their order. */
  types: string[];
  /** The two columns that name a row, and those that may be written. */
  keys: string[];
  editable: string[];
  /** Another text for every other content: what a change is made upon. */
  version: string;
  rows: { label: string; cells: (string | null)[]; problems: CellProblem[] }[];
}

/** A row that somebody wants otherwise. */
export interface RowEdit {
  /** Its label; null for a new row. */
  label: string | null;
  /** All its cells, in the order of the columns; null: it is to go. */
  cells: (string | null)[] | null;
}

/** What a table would be like with some edits. */
export interface TableCheck {
  /** Of each edit, in their order: the label the row would have, and what would be wrong in it. */
  edits: { label: string; problems: CellProblem[] }[];
  /** Other rows in which something would be wrong that is not now. */
  others: { label: string; problems: CellProblem[] }[];
  /** Errors that the edits bring or leave in their rows: while there are some, they are not saved. */
  errors: number;
}

/** A fault in a row; `column` is null where it is of the whole row. */
export interface CellProblem extends Pick<Problem, "severity" | "code" | "message"> {
  column: string | null;
  hint: string | null;
}

/** Verbs of the jobs room. Every one throws HeadgateError with the exit code of surface §2. */
export interface JobsRoom {
  /** Reads all declarations and checks them: without a workspace, or also against what is there. */
  validate(options?: { workspace?: boolean }): Promise<{ jobs: number; problems: Problem[] }>;
  /** Computes what applying would do. Throws `declaration_invalid` only when no source could be read at all. */
  plan(options?: PlanOptions): Promise<Plan>;
  /** Carries a plan out. */
  apply(plan: Plan, options?: ApplyOptions): Promise<ApplyReport>;
  /** The plan reduced to jobs whose workspace side moved: fields of kind drift or conflict, gone jobs, lost markers. */
  drift(options?: PlanOptions): Promise<Plan>;
  /**
   * Applies what is declared, again and again, until the signal is aborted or the iterations are over. Never deletes.
   * What goes wrong in a pass is told by `onEvent`, and the next pass begins anew.
   */
  watch(options?: WatchOptions): Promise<WatchReport>;
  adopt(options: AdoptOptions): Promise<AdoptReport>;
  /** The fleet with its last runs, worst first. */
  list(options?: { signal?: AbortSignal }): Promise<FleetView>;
  /** One job; throws `not_found` naming the nearest resource. */
  explain(resource: string): Promise<JobView>;
  history(resource: string): Promise<HistoryItem[]>;
  /** The newest changes of all jobs, deleted ones among them; at most `count` (50). */
  recentChanges(options?: { count?: number | undefined }): Promise<RecentChanges>;
  /**
   * The YAML that adopting a job would write.
   * @throws HeadgateError `not_found` where no undeclared job has this id
   */
  previewAdopt(jobId: string): Promise<AdoptPreview>;
  /**
   * A plan that makes one job what it was. Declarations stay as they are: the next plan shows them again.
   * @param to serial of a kept definition; without it the one before the last
   * @throws HeadgateError `not_found` without such a definition
   */
  planRollback(
    resource: string,
    options?: { to?: number | undefined; signal?: AbortSignal | undefined },
  ): Promise<Plan>;
  /** A plan that deletes every job of this deployment; protected ones are refused. Definitions stay for a rollback. */
  planDestroy(options?: { signal?: AbortSignal | undefined }): Promise<Plan>;
  /** What is declared for this target, without a workspace: references to secrets and other jobs as written. */
  declared(): Promise<{ jobs: DeclaredJob[]; problems: Problem[] }>;
  /** Names of the sources that are tables. */
  tables(): string[];
  /** One of them, read now. @throws HeadgateError `not_found` for a source that is no table */
  table(source: string): Promise<TableView>;
  /** What edits of a table as it was read would lead to, by the checks of `validate`; nothing is written. */
  checkTable(view: TableView, edits: readonly RowEdit[]): Promise<TableCheck>;
  /**
   * Writes edits that were made upon a version of a table, all or nothing.
   * @returns the table as it is then
   * @throws HeadgateError `table_moved` when it is no longer that, `declaration_invalid` for edits that are faulty
   */
  saveTable(source: string, version: string, edits: readonly RowEdit[]): Promise<TableView>;
  /** Ids of the deployment's jobs, as the state knows them. */
  deployed(): Promise<Map<string, string>>;
  /** Starts a job now. @returns the run id */
  run(resource: string): Promise<{ jobId: string; runId: string }>;
  /** Drops the marker of a copied job, so that it is nobody's. */
  forget(jobId: string): Promise<{ jobId: string; name: string }>;
  look(): Promise<LookReport>;
}
