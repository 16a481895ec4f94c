/**
 * Unity Catalog's lineage tables: rows that a test puts there, and the few forms of queries that are asked of them.
 *
 * Source: Databricks "Lineage system tables reference". There is no SQL engine here: sums by day, by entity and table,
 * and by pair of columns are computed as such a query would; any other statement on these tables fails and says so.
 */
import type { Json, JsonObject } from "../json.ts";
import type { AskedStatement, StatementAnswer } from "./answers.ts";

/** A row of `system.access.table_lineage` or `column_lineage`; what is left out is NULL. `event_time`: UTC text. */
export interface LineageRow extends JsonObject {
  event_time: string;
}

export interface LineageTables {
  /** Adds rows. */
  add(rows: { table_lineage?: LineageRow[]; column_lineage?: LineageRow[] }): void;
  clear(): void;
  /** Makes columns unknown, as another release of the service may have it. */
  hide(columns: string[]): void;
  /** Principals that may not read the tables, by user name. */
  deny(principals: string[]): void;
  /** The answer; undefined for a statement that is not about these tables. */
  answer(asked: AskedStatement): StatementAnswer | undefined;
}

type Table = "table_lineage" | "column_lineage";
type Cells = (string | number | null)[];

const text = (value: Json | undefined): string | null => (value === undefined || value === null ? null : String(value));
const dayOf = (row: LineageRow): string => row.event_time.slice(0, 10);
const member = (row: LineageRow, ...path: string[]): string | null => {
  let current: Json | undefined = row.entity_metadata;
  for (const key of path) {
    current =
      typeof current === "object" && current !== null && !Array.isArray(current) ? (current as JsonObject)[key] : null;
  }
  return text(current);
};

/** Rows in groups of equal keys, in the order of the keys, NULL first. */
function grouped<T>(list: readonly T[], keyOf: (item: T) => Cells): [Cells, T[]][] {
  const groups = new Map<string, [Cells, T[]]>();
  for (const item of list) {
    const key = keyOf(item);
    const name = JSON.stringify(key);
    const group = groups.get(name) ?? [key, []];
    group[1].push(item);
    groups.set(name, group);
  }
  const compare = (a: Cells, b: Cells): number => {
    for (const [index, left] of a.entries()) {
      const right = b[index] ?? null;
      if (left === right) continue;
      if (left === null) return -1;
      if (right === null) return 1;
      return left < right ? -1 : 1;
    }
    return 0;
  };
  return [...groups.values()].sort(([a], [b]) => compare(a, b));
}

const answerOf = (names: string, rows: Json[][]): StatementAnswer => ({
  columns: names.split(" ").map((name) => ({ name })),
  rows,
});

function byDay(rows: readonly LineageRow[]): StatementAnswer {
  const days = grouped(rows, (row) => [dayOf(row)]).map(([[day = null], of]): Json[] => [
    day,
    of.length,
    Math.max(...of.map((row) => Date.parse(row.event_time))),
  ]);
  return answerOf("day events last_ms", days);
}

const ENTITY = "workspace_id entity_type entity_id created_by".split(" ");
const MEMBERS = [
  ["job_info", "job_id"],
  ["dlt_pipeline_info", "dlt_pipeline_id"],
  ["notebook_id"],
  ["dashboard_id"],
  ["legacy_dashboard_id"],
  ["sql_query_id"],
  ["alert_id"],
  ["genie_space_id"],
];

function byEntity(rows: readonly LineageRow[]): StatementAnswer {
  const sides = rows.flatMap((row) =>
    (["source", "target"] as const).map((side) => ({
      row,
      key: [
        side === "source" ? "reads" : "writes",
        ...[`${side}_type`, `${side}_table_full_name`, `${side}_path`, ...ENTITY].map((name) => text(row[name])),
        ...MEMBERS.map((path) => member(row, ...path)),
      ],
    })),
  );
  const named = sides.filter(({ key }) => key[2] !== null || key[3] !== null);
  const groups = grouped(named, ({ key }) => key).map(([key, of]): Json[] => {
    const times = of.map(({ row }) => Date.parse(row.event_time));
    const runs = of.map(({ row }) => member(row, "job_info", "job_run_id") ?? text(row.entity_run_id));
    const distinct = new Set(runs.filter((run) => run !== null));
    return [...key, of.length, distinct.size, Math.min(...times), Math.max(...times)];
  });
  const names =
    "relation type table_name path workspace_id entity_type entity_id created_by job_id pipeline_id notebook_id " +
    "dashboard_id legacy_dashboard_id query_id alert_id genie_space_id events runs first_ms last_ms";
  return answerOf(names, groups);
}

function byColumns(rows: readonly LineageRow[]): StatementAnswer {
  const names = ["table_full_name", "path", "column_name"];
  const all = [...names.map((name) => `source_${name}`), ...names.map((name) => `target_${name}`)];
  const both = rows.filter((row) => row.source_column_name != null && row.target_column_name != null);
  const groups = grouped(both, (row) => all.map((name) => text(row[name]))).map(([key]): Json[] => key);
  return answerOf("source_table source_path source_column target_table target_path target_column", groups);
}

function failed(sqlState: string, error: string): StatementAnswer {
  return { error, errorCode: "BAD_REQUEST", sqlState };
}

export function makeLineageTables(): LineageTables {
  const tables: Record<Table, LineageRow[]> = { table_lineage: [], column_lineage: [] };
  let hidden: string[] = [];
  let denied: string[] = [];
  return {
    add(rows) {
      tables.table_lineage.push(...(rows.table_lineage ?? []));
      tables.column_lineage.push(...(rows.column_lineage ?? []));
    },
    clear() {
      tables.table_lineage = [];
      tables.column_lineage = [];
    },
    hide(columns) {
      hidden = columns;
    },
    deny(principals) {
      denied = principals;
    },
    answer({ statement, parameters, principal }) {
      const name = /\bfrom\s+system\.access\.(table_lineage|column_lineage)\b/i.exec(statement)?.[1]?.toLowerCase();
      if (name === undefined) return undefined;
      if (denied.includes(principal)) {
        const message = `[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have SELECT on Table 'system.access.${name}'.`;
        return failed("42501", message);
      }
      const unknown = hidden.find((column) => new RegExp(`\\b${column}\\b`, "i").test(statement));
      if (unknown !== undefined) {
        const message = `[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name \`${unknown}\` cannot be resolved.`;
        return failed("42703", message);
      }
      const { day, from, to, limit, offset } = parameters;
      const wanted = tables[name as Table].filter((row) => {
        const on = dayOf(row);
        if (typeof day === "string") return on === day;
        return typeof from === "string" && typeof to === "string" && on >= from && on < to;
      });
      const isSum = /\bgroup\s+by\b/i.test(statement);
      if (!isSum || (typeof day !== "string" && typeof from !== "string")) {
        return failed("0A000", "this fake answers sums by day, by entity, and by pair of columns only");
      }
      if (typeof day !== "string") return byDay(wanted);
      const answer = name === "table_lineage" ? byEntity(wanted) : byColumns(wanted);
      const first = Number(offset ?? 0);
      const rows = answer.rows?.slice(first, first + Number(limit ?? Number.MAX_SAFE_INTEGER)) ?? [];
      return { ...answer, rows };
    },
  };
}
