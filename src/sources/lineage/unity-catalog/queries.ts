/**
 * What is asked of Unity Catalog's lineage tables. Rows are summed up by day in the warehouse: an estate writes millions.
 * Columns as in the Databricks reference "Lineage system tables"; which members `entity_metadata` has depends on the
 * release, so it is read as JSON, where a missing one is null.
 */

/** One of the two tables. */
export type LineageTable = "table_lineage" | "column_lineage";

/** Where both are. */
export const SCHEMA = "system.access";

/** Columns of the service that the queries need, by table. */
export const NEEDED: Record<LineageTable, readonly string[]> = {
  table_lineage: [
    "workspace_id",
    "entity_type",
    "entity_id",
    "entity_run_id",
    "entity_metadata",
    "created_by",
    "source_type",
    "source_table_full_name",
    "source_path",
    "target_type",
    "target_table_full_name",
    "target_path",
    "event_time",
    "event_date",
  ],
  column_lineage: [
    "source_table_full_name",
    "source_path",
    "source_column_name",
    "target_table_full_name",
    "target_path",
    "target_column_name",
    "event_time",
    "event_date",
  ],
};

/** Days that have rows, with what changes when more come: how many there are, and when the last one happened. */
export function daysQuery(table: LineageTable): string {
  return `SELECT CAST(event_date AS STRING) AS day, count(*) AS events, unix_millis(max(event_time)) AS last_ms
FROM ${SCHEMA}.${table}
WHERE event_date >= :from AND event_date < :to
GROUP BY event_date ORDER BY event_date`;
}

const member = (path: string, name: string): string => `get_json_object(metadata, '$.${path}') AS ${name}`;

/** Who read and wrote what on a day: a row for each entity, direction and table or path. */
export const EDGES_QUERY = `WITH seen AS (
  SELECT 'reads' AS relation, source_type AS type, source_table_full_name AS table_name, source_path AS path,
    workspace_id, entity_type, entity_id, entity_run_id, created_by, to_json(entity_metadata) AS metadata, event_time
  FROM ${SCHEMA}.table_lineage WHERE event_date = :day
  UNION ALL
  SELECT 'writes' AS relation, target_type AS type, target_table_full_name AS table_name, target_path AS path,
    workspace_id, entity_type, entity_id, entity_run_id, created_by, to_json(entity_metadata) AS metadata, event_time
  FROM ${SCHEMA}.table_lineage WHERE event_date = :day
), named AS (
  SELECT relation, type, table_name, path, workspace_id, entity_type, entity_id, entity_run_id, created_by, event_time,
    ${member("job_info.job_id", "job_id")},
    ${member("job_info.job_run_id", "job_run_id")},
    ${member("dlt_pipeline_info.dlt_pipeline_id", "pipeline_id")},
    ${member("notebook_id", "notebook_id")},
    ${member("dashboard_id", "dashboard_id")},
    ${member("legacy_dashboard_id", "legacy_dashboard_id")},
    ${member("sql_query_id", "query_id")},
    ${member("alert_id", "alert_id")},
    ${member("genie_space_id", "genie_space_id")}
  FROM seen WHERE table_name IS NOT NULL OR path IS NOT NULL
)
SELECT relation, type, table_name, path, workspace_id, entity_type, entity_id, created_by, job_id, pipeline_id,
  notebook_id, dashboard_id, legacy_dashboard_id, query_id, alert_id, genie_space_id,
  count(*) AS events, count(DISTINCT coalesce(job_run_id, entity_run_id)) AS runs,
  unix_millis(min(event_time)) AS first_ms, unix_millis(max(event_time)) AS last_ms
FROM named
GROUP BY relation, type, table_name, path, workspace_id, entity_type, entity_id, created_by, job_id, pipeline_id,
  notebook_id, dashboard_id, legacy_dashboard_id, query_id, alert_id, genie_space_id
ORDER BY relation, type, table_name, path, workspace_id, entity_type, entity_id, created_by, job_id, pipeline_id,
  notebook_id, dashboard_id, legacy_dashboard_id, query_id, alert_id, genie_space_id
LIMIT :limit OFFSET :offset`;

/** Names of what {@link EDGES_QUERY} answers, in order. */
export const EDGE_COLUMNS = [
  "relation",
  "type",
  "table_name",
  "path",
  "workspace_id",
  "entity_type",
  "entity_id",
  "created_by",
  "job_id",
  "pipeline_id",
  "notebook_id",
  "dashboard_id",
  "legacy_dashboard_id",
  "query_id",
  "alert_id",
  "genie_space_id",
  "events",
  "runs",
  "first_ms",
  "last_ms",
] as const;

/** Which column came from which on a day. */
export const COLUMNS_QUERY = `SELECT source_table_full_name AS source_table, source_path, source_column_name AS source_column,
  target_table_full_name AS target_table, target_path, target_column_name AS target_column
FROM ${SCHEMA}.column_lineage
WHERE event_date = :day AND source_column_name IS NOT NULL AND target_column_name IS NOT NULL
GROUP BY source_table_full_name, source_path, source_column_name, target_table_full_name, target_path, target_column_name
ORDER BY source_table_full_name, source_path, source_column_name, target_table_full_name, target_path, target_column_name
LIMIT :limit OFFSET :offset`;

/** Names of what {@link COLUMNS_QUERY} answers, in order. */
export const COLUMN_COLUMNS = [
  "source_table",
  "source_path",
  "source_column",
  "target_table",
  "target_path",
  "target_column",
] as const;
