/** Rows of Unity Catalog's lineage as edges and columns: pure. */
import type { SeenColumn, SeenEdge, SeenNode } from "../../evidence-source.ts";
import type { COLUMN_COLUMNS, EDGE_COLUMNS } from "./queries.ts";

/** A row, by the names of the query. */
export type EdgeRow = Record<(typeof EDGE_COLUMNS)[number], string | null>;
export type ColumnRow = Record<(typeof COLUMN_COLUMNS)[number], string | null>;

/** The service saw it happen; it does not capture everything, but what it captured was. */
const CONFIDENCE = 0.98;
/** Kind of a column edge: the tables do not say how the value was made. */
const KIND = "UNSPECIFIED";

/** By `entity_type`, for rows whose metadata names nothing (older ones). */
const BY_TYPE: Record<string, string> = {
  NOTEBOOK: "notebook",
  PIPELINE: "pipeline",
  DASHBOARD_V3: "dashboard",
  DBSQL_DASHBOARD: "legacy-dashboard",
  DBSQL_QUERY: "query",
};

/**
 * Who it was. A row may name several: an alert and a dashboard run as hidden jobs that no list of jobs has, a notebook
 * as a task of a job. So what a person knows comes first: alert, Genie space, dashboard, then job, pipeline, query,
 * notebook; a row that names none is of the person who ran it.
 */
function entityOf(row: EdgeRow): SeenNode | undefined {
  const of = (kind: string, id: string): SeenNode => ({
    kind: "job",
    workspaceId: row.workspace_id,
    jobId: `${kind}:${id}`,
  });
  if (row.alert_id) return of("alert", row.alert_id);
  if (row.genie_space_id) return of("genie", row.genie_space_id);
  if (row.dashboard_id) return of("dashboard", row.dashboard_id);
  if (row.legacy_dashboard_id) return of("legacy-dashboard", row.legacy_dashboard_id);
  if (row.job_id) return { kind: "job", workspaceId: row.workspace_id, jobId: row.job_id };
  if (row.pipeline_id) return of("pipeline", row.pipeline_id);
  if (row.query_id) return of("query", row.query_id);
  if (row.notebook_id) return of("notebook", row.notebook_id);
  if (row.entity_type === "JOB" && row.entity_id)
    return { kind: "job", workspaceId: row.workspace_id, jobId: row.entity_id };
  const kind = BY_TYPE[row.entity_type ?? ""];
  if (kind !== undefined && row.entity_id) return of(kind, row.entity_id);
  return row.created_by ? { kind: "principal", name: row.created_by } : undefined;
}

/** A table by its name, which is what people know it by; a path where it has none. */
function placeOf(table: string | null, path: string | null): SeenNode | undefined {
  if (table) return { kind: "table", name: table };
  return path ? { kind: "location", uri: path } : undefined;
}

const timeOf = (milliseconds: string | null): string => new Date(Number(milliseconds)).toISOString();

/** The edge of a row; undefined for one that names nobody or nothing. */
export function edgeOf(row: EdgeRow, day: string): SeenEdge | undefined {
  const from = entityOf(row);
  const to = placeOf(row.table_name, row.path);
  if (from === undefined || to === undefined) return undefined;
  const writes = row.relation === "writes";
  return {
    day,
    from,
    to,
    // who writes a view says what it is; no data moves
    relation: writes ? (row.type === "VIEW" ? "defines" : "writes") : "reads",
    attribution: "exclusive",
    requests: Number(row.events),
    runs: Number(row.runs),
    firstAt: timeOf(row.first_ms),
    lastAt: timeOf(row.last_ms),
    confidence: CONFIDENCE,
  };
}

/** The column edge of a row; undefined for one that names no table. */
export function columnOf(row: ColumnRow, day: string): SeenColumn | undefined {
  const from = placeOf(row.source_table, row.source_path);
  const to = placeOf(row.target_table, row.target_path);
  if (from === undefined || to === undefined || !row.source_column || !row.target_column) return undefined;
  return { day, from, to, fromColumn: row.source_column, toColumn: row.target_column, kind: KIND };
}
