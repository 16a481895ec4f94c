/**
 * The SQL that is sent to a control table and its tracking table. Values go in parameters, never into the text. Pure.
 *
 * Source: Databricks SQL reference; columns of lakeflow_jobs_meta v0.2 and v0.1.
 */
import { HeadgateError } from "../../../errors.ts";

/** Columns of a control table of v0.2 that a person fills. */
export const ROW_COLUMNS = [
  "resource_id",
  "job_name",
  "task_key",
  "depends_on",
  "task_type",
  "job_config",
  "task_config",
  "disabled",
] as const;

/** One task of a job as a row of v0.2. */
export interface ControlRow {
  resource_id: string;
  job_name: string;
  task_key: string;
  /** JSON list of task keys. */
  depends_on: string;
  task_type: string;
  /** JSON. */
  job_config: string;
  /** JSON. */
  task_config: string;
  disabled: boolean;
}

/**
 * A name of three parts in backticks.
 * @throws HeadgateError `config_invalid` for a name of other than three parts
 */
export function quotedTable(name: string): string {
  const parts = name
    .trim()
    .split(".")
    .map((part) => part.replace(/^`|`$/g, "").trim());
  if (parts.length !== 3 || parts.includes("")) {
    throw new HeadgateError("config_invalid", `'${name}' names no table`, {
      hint: "write catalog.schema.table",
      permanent: true,
    });
  }
  return parts.map((part) => `\`${part.replaceAll("`", "``")}\``).join(".");
}

/** Name of the tracking table of a control table. */
export const trackingName = (table: string): string => `${table.trim().replace(/`$/, "")}_jobs`;

export const selectAll = (table: string): string => `SELECT * FROM ${quotedTable(table)}`;

/** Makes a control table of v0.2 where there is none. */
export function createControlTable(table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${quotedTable(table)} (
  resource_id STRING NOT NULL,
  job_name STRING,
  task_key STRING NOT NULL,
  depends_on STRING,
  task_type STRING,
  job_config STRING,
  task_config STRING,
  disabled BOOLEAN DEFAULT false,
  created_by STRING,
  created_timestamp TIMESTAMP DEFAULT current_timestamp(),
  updated_by STRING,
  updated_timestamp TIMESTAMP DEFAULT current_timestamp()
)
USING DELTA
TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')`;
}

/** Makes a tracking table where there is none. */
export function createTrackingTable(table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${quotedTable(table)} (
  resource_id STRING NOT NULL,
  job_id BIGINT,
  job_name STRING,
  created_by STRING,
  created_timestamp TIMESTAMP,
  updated_by STRING,
  updated_timestamp TIMESTAMP
)
USING DELTA`;
}

const EVERY_ROW =
  "array<struct<resource_id:string,job_name:string,task_key:string,depends_on:string,task_type:string,job_config:string,task_config:string,disabled:boolean>>";

/**
 * Makes the rows of the jobs in `:resources` exactly those in `:rows`, in one step: new ones come, others change or go.
 * A row in which nothing differs keeps its times.
 */
export function mergeRows(table: string): string {
  const values = ROW_COLUMNS.filter((column) => column !== "resource_id" && column !== "task_key");
  const columns = [...ROW_COLUMNS, "created_by", "created_timestamp", "updated_by", "updated_timestamp"];
  const now = ["current_user()", "current_timestamp()"];
  return `MERGE INTO ${quotedTable(table)} AS t
USING (SELECT inline(from_json(:rows, '${EVERY_ROW}'))) AS s
ON t.resource_id = s.resource_id AND t.task_key = s.task_key
WHEN MATCHED AND NOT (${values.map((column) => `t.${column} <=> s.${column}`).join(" AND ")}) THEN UPDATE SET ${values.map((column) => `t.${column} = s.${column}`).join(", ")}, t.updated_by = current_user(), t.updated_timestamp = current_timestamp()
WHEN NOT MATCHED THEN INSERT (${columns.join(", ")}) VALUES (${[...ROW_COLUMNS.map((column) => `s.${column}`), ...now, ...now].join(", ")})
WHEN NOT MATCHED BY SOURCE AND array_contains(from_json(:resources, 'array<string>'), t.resource_id) THEN DELETE`;
}

/** What a statement says where a row is no longer what it was. */
export const ROW_MOVED = "headgate: the row was changed";

/** Types whose text is the same as a cell, as a parameter and in a comparison. */
const PLAIN_TYPES = new Set(["STRING", "BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT"]);

/** Columns that a person may write: plain ones that headgate does not fill itself. */
export function editableColumns(columns: readonly string[], types: readonly string[]): string[] {
  return columns.filter((name, at) => PLAIN_TYPES.has(types[at] ?? "") && !/^(created|updated)_/.test(name));
}

/** Columns of a change, and what else the table has. */
export interface ChangedTable {
  keys: readonly string[];
  /** Columns that are compared and written, the keys among them. */
  columns: readonly { name: string; type: string }[];
  /** All columns there are: who and when are noted where there is a place for it. */
  all: readonly string[];
}

/**
 * Changes, inserts and deletes rows in one step. Every row must still be what `was` says, cell by cell, and a new one
 * must not be there: else the statement fails as a whole (`raise_error`), and nothing is changed.
 */
export function changeRows(table: string, { keys, columns, all }: ChangedTable): string {
  const quoted = (name: string) => `\`${name.replaceAll("`", "``")}\``;
  const struct = `struct<${columns.map(({ name }) => `${quoted(name)}:string`).join(",")}>`;
  const same = (name: string) => `CAST(t.${quoted(name)} AS STRING) <=> s.was.${quoted(name)}`;
  const value = ({ name, type }: { name: string; type: string }) => `CAST(s.now.${quoted(name)} AS ${type})`;
  const [key = ""] = keys;
  const moved = `CAST(raise_error('${ROW_MOVED}') AS STRING)`;
  const by: [string, string][] = [
    ["by", "current_user()"],
    ["timestamp", "current_timestamp()"],
  ];
  const stamps = (event: string) =>
    by.map(([what, now]) => [`${event}_${what}`, now] as const).filter(([name]) => all.includes(name));
  const set = [...columns.map((one) => [quoted(one.name), value(one)] as const), ...stamps("updated")];
  const insert = [
    ...columns.map((one) => [quoted(one.name), value(one)] as const),
    ...stamps("created"),
    ...stamps("updated"),
  ];
  return `MERGE INTO ${quotedTable(table)} AS t
USING (SELECT inline(from_json(:changes, 'array<struct<kind:string,was:${struct},now:${struct}>>'))) AS s
ON ${keys.map(same).join(" AND ")}
WHEN MATCHED AND (s.kind = 'insert' OR NOT (${columns.map(({ name }) => same(name)).join(" AND ")})) THEN UPDATE SET t.${quoted(key)} = ${moved}
WHEN MATCHED AND s.kind = 'delete' THEN DELETE
WHEN MATCHED THEN UPDATE SET ${set.map(([name, text]) => `t.${name} = ${text}`).join(", ")}
WHEN NOT MATCHED AND s.kind <> 'insert' THEN INSERT (${quoted(key)}) VALUES (${moved})
WHEN NOT MATCHED THEN INSERT (${insert.map(([name]) => name).join(", ")}) VALUES (${insert.map(([, text]) => text).join(", ")})`;
}

/** Key column of a tracking table: v0.1 calls it otherwise. */
export type TrackingKey = "resource_id" | "module_name";

/** Puts ids and names of jobs into the tracking table. */
export function mergeTracking(table: string, key: TrackingKey, columns: ReadonlySet<string>): string {
  const has = (column: string) => columns.has(column);
  const updated = [
    "t.job_id = s.job_id",
    "t.job_name = s.job_name",
    ...(has("updated_by") ? ["t.updated_by = current_user()"] : []),
    ...(has("updated_timestamp") ? ["t.updated_timestamp = current_timestamp()"] : []),
  ];
  const inserted: [string, string][] = [
    [key, "s.resource_id"],
    ["job_id", "s.job_id"],
    ["job_name", "s.job_name"],
    ...["created_by", "updated_by"].filter(has).map((column): [string, string] => [column, "current_user()"]),
    ...["created_timestamp", "updated_timestamp"]
      .filter(has)
      .map((column): [string, string] => [column, "current_timestamp()"]),
  ];
  return `MERGE INTO ${quotedTable(table)} AS t
USING (SELECT inline(from_json(:rows, 'array<struct<resource_id:string,job_id:bigint,job_name:string>>'))) AS s
ON t.${key} = s.resource_id
WHEN MATCHED THEN UPDATE SET ${updated.join(", ")}
WHEN NOT MATCHED THEN INSERT (${inserted.map(([column]) => column).join(", ")}) VALUES (${inserted.map(([, value]) => value).join(", ")})`;
}

/** Takes jobs out of the tracking table, by the ids in `:ids`. */
export const deleteTracking = (table: string): string =>
  `DELETE FROM ${quotedTable(table)} WHERE array_contains(from_json(:ids, 'array<bigint>'), job_id)`;
