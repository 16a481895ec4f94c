/** Unity Catalog's own lineage, day by day, through the Statement Execution API on a SQL warehouse. */
import type { Statement, StatementsApi } from "../../../clients/databricks/statements.ts";
import { HeadgateError } from "../../../errors.ts";
import { type Clock, utc } from "../../../util/clock.ts";
import { parseDuration } from "../../../util/duration.ts";
import type { EdgeSource, EvidenceUnit, EvidenceWindow, Seen } from "../../evidence-source.ts";
import type { UnityCatalogConfig } from "./config.ts";
import { type ColumnRow, columnOf, type EdgeRow, edgeOf } from "./map.ts";
import {
  COLUMN_COLUMNS,
  COLUMNS_QUERY,
  daysQuery,
  EDGE_COLUMNS,
  EDGES_QUERY,
  type LineageTable,
  NEEDED,
  SCHEMA,
} from "./queries.ts";

/** What the source works with. */
export interface UnityCatalogParts {
  statements: () => Promise<Pick<StatementsApi, "execute">>;
  /** Id of the SQL warehouse. */
  warehouse: string;
  clock: Clock;
}

const DAY_MS = 86_400_000;
/** The tables keep a year; how far back a first reading goes where nothing is said. */
const SINCE_MS = 30 * DAY_MS;
/** Rows may come an hour late [recalled]; days so far back are looked at again, and read where they have grown. */
const OVERLAP_DAYS = 3;
/** Rows a statement: an inline result may have 25 MiB (Statement Execution API reference). */
const PAGE = 20_000;
/** SQLSTATE of a column, and of a table, that is not there (Databricks "SQLSTATE error codes"). */
const NO_COLUMN = "42703";
const NO_TABLE = "42P01";

const TABLES: readonly LineageTable[] = ["table_lineage", "column_lineage"];
const GRANT = `USE CATALOG on system, USE SCHEMA and SELECT on ${SCHEMA}`;

const dayOf = (milliseconds: number): string => utc(milliseconds).slice(0, 10);
const dayAfter = (day: string, days: number): string => dayOf(Date.parse(`${day}T00:00:00.000Z`) + days * DAY_MS);

/** Says of a failed statement what to grant or to look at. */
function explained(error: unknown, table: LineageTable): unknown {
  if (!(error instanceof HeadgateError)) return error;
  const name = `${SCHEMA}.${table}`;
  const sqlState = error.data?.sqlState;
  const details = { cause: error, permanent: true, data: { ...error.data, grant: GRANT } };
  if (error.code === "forbidden" && sqlState !== undefined) {
    return new HeadgateError("forbidden", `${name} may not be read: ${error.message}`, {
      ...details,
      hint: `Grant ${GRANT}.`,
    });
  }
  if (sqlState === NO_COLUMN) {
    return new HeadgateError("remote_error", `${name} lacks a column: ${error.message}`, {
      ...details,
      hint: `Needed are ${NEEDED[table].join(", ")}; a column mask or a view in place of the table may hide them. SELECT on ${SCHEMA} shows all.`,
    });
  }
  if (sqlState === NO_TABLE) {
    return new HeadgateError("forbidden", `${name} is not there, or may not be seen: ${error.message}`, {
      ...details,
      hint: `Let an account admin enable the schema access of the system catalog, and grant ${GRANT}.`,
    });
  }
  return error;
}

/** The first day to look at. */
function firstDay(window: EvidenceWindow, since: string | number | undefined, now: number): string {
  if (window.from !== undefined) return window.from.slice(0, 10);
  if (window.cursor !== undefined) return dayAfter(window.cursor, -OVERLAP_DAYS);
  return dayOf(now - (since === undefined ? SINCE_MS : (parseDuration(String(since)) ?? SINCE_MS)));
}

/**
 * Opens the source; nothing is asked before it is listed. A unit is a day of one of the tables; its digest counts the
 * day's rows, so a day that has grown is read again as a whole.
 */
export function openUnityCatalog(name: string, config: UnityCatalogConfig, parts: UnityCatalogParts): EdgeSource {
  const { warehouse, clock } = parts;

  async function* rows<Name extends string>(
    table: LineageTable,
    columns: readonly Name[],
    statement: Pick<Statement, "sql" | "parameters">,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Record<Name, string | null>> {
    try {
      const { execute } = await parts.statements();
      const result = await execute({ ...statement, warehouse, safe: true, signal });
      const places = columns.map((column) => result.columns.findIndex((one) => one.name === column));
      const missing = columns.filter((_, index) => places[index] === -1);
      if (missing.length > 0) {
        throw new HeadgateError("remote_error", `${SCHEMA}.${table} answered without ${missing.join(", ")}`, {
          hint: `See that it is the system's own table, and that SELECT on ${SCHEMA} is granted.`,
          permanent: true,
          data: { missing, grant: GRANT },
        });
      }
      if (result.truncated) {
        throw new HeadgateError("remote_error", `the answer of ${SCHEMA}.${table} was cut off by the service`);
      }
      for await (const row of result.rows) {
        yield Object.fromEntries(
          columns.map((column, index) => [column, row[places[index] as number] ?? null]),
        ) as Record<Name, string | null>;
      }
    } catch (error) {
      throw explained(error, table);
    }
  }

  /** All rows of a day, page by page. */
  async function* paged<Name extends string>(
    table: LineageTable,
    columns: readonly Name[],
    sql: string,
    day: string,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Record<Name, string | null>[]> {
    for (let offset = 0; ; offset += PAGE) {
      const parameters = [
        { name: "day", value: day, type: "DATE" },
        { name: "limit", value: String(PAGE), type: "INT" },
        { name: "offset", value: String(offset), type: "INT" },
      ];
      const page: Record<Name, string | null>[] = [];
      for await (const row of rows(table, columns, { sql, parameters }, signal)) page.push(row);
      if (page.length > 0) yield page;
      if (page.length < PAGE) return;
    }
  }

  return {
    name,
    kind: config.kind,
    ruleset: "1",
    evidence: "edges",
    async list(window, signal) {
      const now = clock.now();
      const from = firstDay(window, config.since, now);
      const to = window.to === undefined ? dayAfter(dayOf(now), 1) : dayAfter(dayOf(Date.parse(window.to) - 1), 1);
      const parameters = [
        { name: "from", value: from, type: "DATE" },
        { name: "to", value: to, type: "DATE" },
      ];
      const units: EvidenceUnit[] = [];
      for (const table of TABLES) {
        const columns = ["day", "events", "last_ms"] as const;
        for await (const row of rows(table, columns, { sql: daysQuery(table), parameters }, signal)) {
          const day = row.day ?? "";
          units.push({ key: `${SCHEMA}.${table}/${day}`, digest: `${row.events}:${row.last_ms}`, days: [day] });
        }
      }
      return { units, cursor: dayOf(now), skipped: [] };
    },
    async *read(unit, signal) {
      const [table = "", day = ""] = unit.key.slice(SCHEMA.length + 1).split("/");
      const seen = <T, S>(page: readonly T[], map: (row: T, on: string) => S | undefined): S[] =>
        page.map((row) => map(row, day)).filter((one) => one !== undefined);
      if (table === "table_lineage") {
        for await (const page of paged(table, EDGE_COLUMNS, EDGES_QUERY, day, signal)) {
          yield seen<EdgeRow, Seen>(page, (row, on) => {
            const edge = edgeOf(row, on);
            return edge && { edge };
          });
        }
      } else {
        for await (const page of paged("column_lineage", COLUMN_COLUMNS, COLUMNS_QUERY, day, signal)) {
          yield seen<ColumnRow, Seen>(page, (row, on) => {
            const column = columnOf(row, on);
            return column && { column };
          });
        }
      }
    },
  };
}
