/** What a world is made of: accounts, tables, what each task does, who else comes by. Plain data; the truth before anything ran. */

/** A folder of a storage account. */
export interface Folder {
  account: string;
  container: string;
  /** Without slashes at its ends; empty for the container itself. */
  path: string;
}

/** A storage account. */
export interface Account {
  name: string;
  resourceGroup: string;
  /** False: it has no diagnostic setting, no line of it exists (the workspace's own root storage). */
  logged: boolean;
}

/** How a table keeps its rows. `view` has no files. */
export type Format = "delta" | "parquet" | "csv" | "json" | "view";

/** A table of the catalog. */
export interface Table {
  /** `catalog.schema.table`. */
  name: string;
  format: Format;
  /** A view has none. */
  folder?: Folder;
  /** Where the inventory says it is, when that is not the plain `abfss://` of its folder: `dbfs:/mnt/…`, `wasbs://…`. */
  location?: string;
  /** Column of its partitions. */
  partitionedBy?: string;
  /** Data files when the world begins. */
  files: number;
  /** Bytes of a data file, about. */
  fileBytes: number;
  managed?: boolean;
  /** SQL of a view. */
  viewOf?: string;
  /** Made by a shallow clone: its files are those of this table. */
  cloneOf?: string;
}

/** Files that belong to no table: landing zones, exports, checkpoints, `/tmp`. */
export interface Place {
  name: string;
  folder: Folder;
  format: "json" | "csv" | "parquet";
  /** Files that a reader finds there. */
  files: number;
  fileBytes: number;
}

/** One thing a task does. `of`, `from`, `to` are names of tables, or of places. */
export type Step =
  | { does: "read"; from: string; files?: number }
  /** Answered from statistics: `count(*)`, DESCRIBE HISTORY. */
  | { does: "count"; from: string }
  | { does: "append"; to: string; files?: number }
  | { does: "overwrite"; to: string; files?: number }
  | { does: "merge"; to: string; files?: number }
  /** UPDATE or DELETE: reads and writes the table itself. */
  | { does: "update"; to: string; files?: number }
  | { does: "optimize"; of: string }
  | { does: "vacuum"; of: string }
  /** CREATE TABLE … AS: the folder is made anew. */
  | { does: "create"; to: string; files?: number }
  | { does: "shallow clone"; from: string; to: string }
  | { does: "deep clone"; from: string; to: string }
  /** Files written by Spark's own writer to a place of no table. */
  | { does: "export"; to: string; files?: number }
  /** A streaming query's offsets and commits. */
  | { does: "checkpoint"; at: string }
  /** Asks for something that is not there. */
  | { does: "probe"; of: string }
  /** Tries to read without the right to. */
  | { does: "try"; from: string };

/** A task: what it does, in this order. A step may come only with each so-many-th run. */
export interface Program {
  /** `job/task`, as the caller names its runs. */
  task: string;
  steps: readonly (Step & { every?: number })[];
  /** It prints OpenLineage events to its driver's console. */
  console?: boolean;
}

/** A program or person that uses storage without Databricks, or Databricks without a job. */
export type Guest = "powerbi" | "azcopy" | "explorer" | "factory" | "python" | "scanner" | "crawler";

/** Somebody who comes by at an hour of each day (UTC). */
export interface Visit {
  guest: Guest;
  /** Tables or places. */
  of: readonly string[];
  hour: number;
  minute: number;
  files: number;
}

/** An analyst's notebook on an all-purpose cluster: the cluster is in the log, but no job ran. */
export interface Notebook {
  clusterId: string;
  hour: number;
  minute: number;
  minutes: number;
  steps: readonly Step[];
}

/** A managed table whose folder moves. */
export interface Renaming {
  table: string;
  /** Its folder before; the table's own `folder` is where it is afterwards. */
  was: Folder;
  /** Day of the week that is simulated, from 0, and UTC time of day in minutes. */
  day: number;
  minute: number;
  /** All-purpose cluster of the notebook that did it. */
  clusterId: string;
}

/** A job outside Databricks that shows itself by OpenLineage events on its console only. */
export interface ConsoleJob {
  kind: "glue" | "airflow";
  namespace: string;
  name: string;
  inputs: readonly { namespace: string; name: string }[];
  outputs: readonly { namespace: string; name: string }[];
  /** UTC. */
  hour: number;
  minute: number;
}

/** A whole world. */
export interface World {
  subscription: string;
  tenant: string;
  region: string;
  accounts: readonly Account[];
  tables: readonly Table[];
  places: readonly Place[];
  mounts: readonly { name: string; source: string }[];
  programs: readonly Program[];
  visits: readonly Visit[];
  notebooks: readonly Notebook[];
  renamings: readonly Renaming[];
  consoleJobs: readonly ConsoleJob[];
}

/** One attempt of one task that ran, as its caller knows it. Times are milliseconds since 1970 UTC. */
export interface HappenedRun {
  /** Program of the world, `job/task`; a run of none writes no log. */
  program: string;
  jobId: string;
  jobName: string;
  runId: string;
  /** As lineage should name the task: of an iteration its for-each task. */
  taskKey: string;
  attempt: number;
  /** What stands in its requests; null where nothing of it does (a SQL warehouse). */
  clusterId: string | null;
  /** Whether the dump of the runs names that cluster. */
  clusterKnown: boolean;
  compute: "cluster" | "serverless" | "warehouse";
  /** As the dump of the runs says. */
  start: number;
  /** When its compute was there: it makes no request before. */
  ready: number;
  end: number;
  failed: boolean;
}

/** `container@account/path`, for messages and keys. */
export const folderName = ({ account, container, path }: Folder): string => `${container}@${account}/${path}`;

/** The URL Hadoop writes for a folder. */
export const abfss = ({ account, container, path }: Folder): string =>
  `abfss://${container}@${account}.dfs.core.windows.net/${path}`;
