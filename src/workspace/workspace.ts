/**
 * Door of the workspace: what the jobs room may ask of a Databricks workspace.
 *
 * One implementation talks to the Jobs API 2.2 (`databricks.ts`); tests use it over HTTP against the fake.
 *
 * @example
 * for await (const job of workspace.listJobs()) console.log(job.jobId, job.settings.name)
 */
import type { JobSettings, RemoteJob } from "../model/job.ts";
import type { Run } from "../model/run.ts";
import type { JsonObject } from "../util/json.ts";

/** Who we are in the workspace. */
export interface Principal {
  /** User name, or the application id of a service principal. */
  userName: string;
  displayName: string | undefined;
  /** A workspace admin: no job is hidden from them. */
  admin?: boolean | undefined;
}

/** How a call may end early. */
export interface CallOptions {
  /** Ends the waiting for a repeat (429, 503). A call that is under way is let finish: what it did must be known. */
  signal?: AbortSignal | undefined;
}

/** Answer to a read of one job. `forbidden`: it may or may not exist, we are not allowed to know. */
export type JobAnswer =
  | { kind: "found"; job: RemoteJob }
  | { kind: "missing" }
  | { kind: "forbidden"; message: string };

/** Which runs to read. Times in milliseconds since 1970 UTC. */
export interface RunWindow {
  jobId?: string | undefined;
  activeOnly?: boolean | undefined;
  startedFrom?: number | undefined;
  startedTo?: number | undefined;
  expandTasks?: boolean | undefined;
  /** Stop after so many. */
  limit?: number | undefined;
}

/** A SQL text that the workspace keeps. */
export interface SavedQuery {
  id: string;
  name: string;
  text: string;
  /** User name, or the application id of a service principal. */
  owner: string | undefined;
  tags: string[];
}

/** A query as it is to be. */
export interface QueryDefinition {
  name: string;
  text: string;
  warehouse: string;
  /** Defaults of its parameters. */
  parameters: Readonly<Record<string, string>>;
  /** Folder in the workspace; where it is undefined, the caller's home. Only for a new one. */
  folder: string | undefined;
  tags: string[];
}

/** The saved queries of a workspace. Throws like {@link JobsWorkspace}. */
export interface SavedQueries {
  /** All that we may see, without those in the trash. */
  listQueries(options?: CallOptions): AsyncIterable<SavedQuery>;
  /** Undefined where there is none, or it is in the trash. */
  getQuery(id: string, options?: CallOptions): Promise<SavedQuery | undefined>;
  /** @returns its id. Not repeated on a lost answer: that throws code `unavailable` with `data.sent: true`. */
  createQuery(query: QueryDefinition, options?: CallOptions): Promise<string>;
  updateQuery(id: string, query: QueryDefinition, options?: CallOptions): Promise<void>;
  /** Trashing what is not there is no error. */
  trashQuery(id: string, options?: CallOptions): Promise<void>;
}

/** The jobs of a workspace. Every call may throw a HeadgateError (`unauthorized`, `forbidden`, `unavailable`, `remote_error`). */
export interface JobsWorkspace extends SavedQueries {
  /** `https://…` without a path. */
  readonly host: string;
  /** Decimal text. */
  workspaceId(): Promise<string>;
  me(): Promise<Principal>;
  /** Service time minus machine time in milliseconds, from the last answer's `Date` (0 before the first). */
  clockSkew(): number;
  /** All jobs we may see, whole (jobs of more than one page are read again one by one). */
  listJobs(options?: { name?: string | undefined; signal?: AbortSignal | undefined }): AsyncIterable<RemoteJob>;
  getJob(jobId: string, options?: CallOptions): Promise<JobAnswer>;
  /** @returns the new job's id. Not repeated on a lost answer: that throws code `unavailable` with `data.sent: true`. */
  createJob(settings: JobSettings, options?: CallOptions): Promise<string>;
  /** Full replace. */
  resetJob(jobId: string, settings: JobSettings, options?: CallOptions): Promise<void>;
  /** Partial change of top-level fields. */
  updateJob(jobId: string, settings: JobSettings, remove?: string[], options?: CallOptions): Promise<void>;
  /** Deleting a job that is gone is no error. */
  deleteJob(jobId: string, options?: CallOptions): Promise<void>;
  getPermissions(jobId: string, options?: CallOptions): Promise<JsonObject[]>;
  setPermissions(jobId: string, list: JsonObject[], options?: CallOptions): Promise<void>;
  /** @returns the run's id; `token` makes a repeat harmless. */
  runNow(
    jobId: string,
    options: { token: string; jobParameters?: Record<string, string> | undefined },
  ): Promise<string>;
  listRuns(window: RunWindow): AsyncIterable<Run>;
  getRun(runId: string): Promise<Run | undefined>;
}

/** Small text files in the workspace. Paths are absolute (`/Workspace/…`). */
export interface WorkspaceFiles {
  /** Text of a file, or undefined where there is none. @throws HeadgateError `forbidden` */
  read(path: string): Promise<string | undefined>;
  /** Writes or replaces a file; makes its folders: at once where `newFolder` says that they will not be there. */
  write(path: string, text: string, options?: { newFolder?: boolean }): Promise<void>;
  /** Makes a file only if there is none: true when made by this call. The one atomic step we have. */
  createNew(path: string, text: string): Promise<boolean>;
  /** Removing what is not there is no error. */
  remove(path: string): Promise<void>;
  /** Names of the files in a folder (no folder: none). */
  list(path: string): Promise<string[]>;
  /** Names of the folders in a folder (no folder: none). */
  folders(path: string): Promise<string[]>;
}

/** What jobs refer to by id. */
export type InventoryKind = "warehouse" | "cluster" | "policy" | "pool" | "pipeline" | "query" | "servicePrincipal";

/** Everything of a kind that we may see; `unknown` where we may not list it. */
export type InventoryAnswer = { kind: "listed"; ids: ReadonlySet<string> } | { kind: "unknown"; why: string };

/** What is there for jobs to use. */
export interface WorkspaceInventory {
  ids(kind: InventoryKind): Promise<InventoryAnswer>;
}

/** An entry of a folder; `other` is what has no text of its own to read (a notebook, a library, a dashboard). */
export interface FolderEntry {
  /** Absolute, as people write it: `/Workspace/…` or `/Volumes/…`. */
  path: string;
  kind: "file" | "folder" | "other";
}

/** Folders that people keep files in, for reading: workspace folders and Unity Catalog volumes. */
export interface RemoteFolders {
  /** Text of a file, or undefined where there is none. @throws HeadgateError `forbidden` with the grant */
  read(path: string): Promise<string | undefined>;
  /** What lies directly in a folder, or undefined where there is no such folder. @throws HeadgateError `forbidden` */
  entries(path: string): Promise<FolderEntry[] | undefined>;
}
