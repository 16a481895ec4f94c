/**
 * Door of job sources: where declared jobs come from.
 *
 * @example
 * const { jobs, problems } = await source.read()
 */
import type { LookupKind } from "../clients/databricks/inventory.ts";
import type { StatementsApi } from "../clients/databricks/statements.ts";
import type { DeclaredJob } from "../model/job.ts";
import type { Problem } from "../model/problem.ts";
import type { Variable } from "../model/reference.ts";
import type { Placed } from "../util/placed-yaml.ts";
import type { RemoteFolders } from "../workspace/workspace.ts";

/** What a source yielded. A faulty job is in `problems` and not in `jobs`; the others go on. */
export interface DeclaredJobs {
  jobs: DeclaredJob[];
  problems: Problem[];
  /** Files or tables that were read, for watching. */
  inputs: string[];
}

/** A source of declared jobs. */
export interface JobSource {
  readonly name: string;
  readonly kind: string;
  read(signal?: AbortSignal): Promise<DeclaredJobs>;
  /**
   * Told after an apply which jobs there are, and which went: for a source that keeps a list of them. Jobs of other
   * sources may be among them.
   */
  applied?(jobs: readonly AppliedJob[]): Promise<void>;
  /** The rows of a source that is a table, as they stand in it: to be shown with what is wrong in each. */
  rows?(signal?: AbortSignal): Promise<SourceRows>;
  /** What would be declared if these rows stood in the table; nothing is written. */
  readRows?(rows: SourceRows): Promise<DeclaredJobs>;
  /**
   * Writes rows, all or nothing.
   * @throws HeadgateError `table_moved` where a row is no longer what it was
   */
  writeRows?(rows: SourceRows, changes: readonly RowChange[]): Promise<void>;
}

/** Rows of a source that is a table. A fault in a cell has the place `TABLE[LABEL].COLUMN`. */
export interface SourceRows {
  table: string;
  columns: string[];
  /** Types of the columns in SQL (`STRING`, `BOOLEAN`), in their order. */
  types: string[];
  /** The two columns that name a row, and those that a person may write; none where the table is of no known form. */
  keys: string[];
  editable: string[];
  rows: { label: string; cells: (string | null)[] }[];
}

/** A row as it was read (null: it is new) and as it is to be (null: it goes); cells in the order of the columns. */
export interface RowChange {
  was: (string | null)[] | null;
  now: (string | null)[] | null;
}

/** A job after an apply. */
export interface AppliedJob {
  resource: string;
  jobId: string;
  name: string;
  deleted: boolean;
}

/** Where a source may keep what it read, so that unchanged declarations are not parsed again. */
export interface DeclarationCache {
  /** Folder, absolute; made when something is kept. */
  folder: string;
  /** Another text for every build of the program: what one build read is nothing to another. */
  build: string;
}

/** What a job source gets to know when it is opened. */
export interface JobSourceContext {
  /** Project folder, absolute; paths of a source are relative to it. */
  dir: string;
  project: string;
  target: string;
  /** Mode of the target. */
  mode?: "development" | "production" | undefined;
  variables: ReadonlyMap<string, Variable>;
  /** `jobs.defaults` of the config: what a job is taken to say where it says nothing. */
  defaults: Placed | undefined;
  /**
   * Values of `${workspace.…}`, as far as they are known; asked for only when a declaration needs them. A value that is
   * not known leaves its reference as written.
   */
  workspace(): Promise<Readonly<Record<string, string | undefined>>>;
  /** Ids of what has this name (of a service principal its application id); undefined where the workspace does not say. */
  lookUp?: ((kind: LookupKind, name: string) => Promise<string[] | undefined>) | undefined;
  /** The workspace's own SQL warehouse, where the config names one. */
  warehouse?: string | undefined;
  /** SQL on the workspace. */
  statements?: (() => Promise<Pick<StatementsApi, "execute">>) | undefined;
  /** Files in workspace folders and volumes; without it those are read only where they are mounted. */
  folders?: RemoteFolders | undefined;
  /** Nothing is kept without it. */
  cache?: DeclarationCache | undefined;
}
