/** A control table and its tracking table over the Statement Execution API. */
import type { Statement, StatementsApi } from "../../../clients/databricks/statements.ts";
import { HeadgateError } from "../../../errors.ts";
import { formatWireJson } from "../../../util/int64-json.ts";
import type { RowChange } from "../../job-source.ts";
import { type ModuleRow, mergeModules } from "./load-modules.ts";
import { rowKeys, type TableText } from "./rows.ts";
import {
  type ControlRow,
  changeRows,
  createControlTable,
  createTrackingTable,
  deleteTracking,
  editableColumns,
  mergeRows,
  mergeTracking,
  selectAll,
  type TrackingKey,
} from "./statements.ts";

/** A job as the tracking table has it. */
export interface TrackedJob {
  /** `resource_id`, or `module_name` of v0.1. */
  key: string;
  jobId: string;
  name: string | null;
}

/** The tracking table as it was read. */
export interface Tracking {
  keyColumn: TrackingKey;
  columns: ReadonlySet<string>;
  jobs: TrackedJob[];
}

/** What a load changed. */
export interface MergeCounts {
  inserted: number;
  updated: number;
  deleted: number;
}

/** See {@link openControlTable}. */
export interface ControlTable {
  readonly name: string;
  readonly jobsName: string;
  /** Makes both tables where they are not there. */
  create(): Promise<void>;
  /** @throws HeadgateError `not_found` where there is no such table */
  read(signal?: AbortSignal): Promise<TableText>;
  /** Undefined where there is none. */
  readTracking(signal?: AbortSignal): Promise<Tracking | undefined>;
  /** Makes the rows of these jobs exactly the given ones, in one statement. */
  load(rows: readonly ControlRow[], resources: readonly string[]): Promise<MergeCounts>;
  /** The same for a table of v0.1, which has these columns. */
  loadModules(rows: readonly ModuleRow[], modules: readonly string[], columns: readonly string[]): Promise<MergeCounts>;
  /**
   * Changes rows of a reading, all or nothing.
   * @throws HeadgateError `table_moved` where one is no longer what it was
   */
  change(text: Pick<TableText, "columns" | "types">, changes: readonly RowChange[]): Promise<void>;
  /** Puts jobs into the tracking table, and takes others out by their id. */
  track(tracking: Tracking | undefined, jobs: readonly TrackedJob[], goneIds: readonly string[]): Promise<void>;
}

/** SQLSTATE of a table that is not there (Databricks error classes: TABLE_OR_VIEW_NOT_FOUND). */
const NO_TABLE = "42P01";

/** SQLSTATE of `raise_error` (Databricks error classes: USER_RAISED_EXCEPTION). */
const RAISED = "P0001";

const isMissingTable = (error: unknown): boolean => error instanceof HeadgateError && error.data?.sqlState === NO_TABLE;

/** Opens the tables; nothing is asked before the first call. */
export function openControlTable(options: {
  table: string;
  jobsTable: string;
  warehouse: string;
  statements(): Promise<Pick<StatementsApi, "execute">>;
}): ControlTable {
  const { table, jobsTable, warehouse } = options;

  async function run(
    sql: string,
    more: { parameters?: Statement["parameters"]; safe?: boolean; signal?: AbortSignal | undefined } = {},
  ) {
    const { parameters, safe = true, signal } = more;
    const api = await options.statements();
    const result = await api.execute({ sql, warehouse, parameters, safe, signal });
    const rows: (string | null)[][] = [];
    for await (const row of result.rows) rows.push(row);
    if (result.truncated) {
      throw new HeadgateError("remote_error", "the answer of the warehouse was cut off", { permanent: true });
    }
    return {
      columns: result.columns.map(({ name }) => name.toLowerCase()),
      types: result.columns.map(({ type }) => type.toUpperCase()),
      rows,
    };
  }

  async function read(name: string, signal?: AbortSignal): Promise<TableText> {
    return { name, ...(await run(selectAll(name), { signal })) };
  }

  async function readTracking(signal?: AbortSignal): Promise<Tracking | undefined> {
    let text: TableText;
    try {
      text = await read(jobsTable, signal);
    } catch (error) {
      if (isMissingTable(error)) return undefined;
      throw error;
    }
    const at = (column: string) => text.columns.indexOf(column);
    const keyColumn: TrackingKey = at("resource_id") >= 0 ? "resource_id" : "module_name";
    if (at(keyColumn) < 0 || at("job_id") < 0) {
      throw new HeadgateError("input_invalid", `${jobsTable} is no tracking table: it has ${text.columns.join(", ")}`, {
        hint: "name another one: jobsTable of the source",
        permanent: true,
      });
    }
    const jobs = text.rows.flatMap((row): TrackedJob[] => {
      const key = row[at(keyColumn)];
      const jobId = row[at("job_id")];
      return key && jobId ? [{ key, jobId, name: row[at("job_name")] ?? null }] : [];
    });
    return { keyColumn, columns: new Set(text.columns), jobs };
  }

  async function merge(sql: string, rows: readonly object[], resources: readonly string[]): Promise<MergeCounts> {
    const parameters = [
      { name: "rows", value: formatWireJson(rows) },
      { name: "resources", value: formatWireJson(resources) },
    ];
    // A repeat finds its own rows there already, and changes nothing.
    const { columns, rows: counts } = await run(sql, { parameters });
    const count = (name: string) => Number(counts[0]?.[columns.indexOf(`num_${name}_rows`)] ?? 0);
    return { inserted: count("inserted"), updated: count("updated"), deleted: count("deleted") };
  }

  return {
    name: table,
    jobsName: jobsTable,
    async create() {
      await run(createControlTable(table));
      await run(createTrackingTable(jobsTable));
    },
    async read(signal) {
      try {
        return await read(table, signal);
      } catch (error) {
        if (!isMissingTable(error)) throw error;
        throw new HeadgateError("not_found", `there is no table ${table}`, {
          hint: "make it: headgate jobs control-table create",
          permanent: true,
          cause: error,
        });
      }
    },
    readTracking,
    load: (rows, resources) => merge(mergeRows(table), rows, resources),
    loadModules: (rows, modules, columns) => merge(mergeModules(table, columns), rows, modules),
    async change({ columns, types = [] }, changes) {
      const editable = editableColumns(columns, types);
      const about = {
        keys: rowKeys(columns),
        columns: editable.map((name) => ({ name, type: types[columns.indexOf(name)] ?? "STRING" })),
        all: columns,
      };
      const cellsOf = (cells: readonly (string | null)[]) =>
        Object.fromEntries(editable.map((name) => [name, cells[columns.indexOf(name)] ?? null]));
      const rows = changes.map(({ was, now }) => {
        const kind = was === null ? "insert" : now === null ? "delete" : "update";
        return { kind, was: cellsOf(was ?? now ?? []), now: cellsOf(now ?? was ?? []) };
      });
      const parameters = [{ name: "changes", value: formatWireJson(rows) }];
      try {
        // Not to be repeated: it would find its own rows changed, and say that somebody else did it.
        await run(changeRows(table, about), { parameters, safe: false });
      } catch (error) {
        if (!(error instanceof HeadgateError) || error.data?.sqlState !== RAISED) throw error;
        throw new HeadgateError("table_moved", `a row of ${table} was changed meanwhile; nothing was written`, {
          hint: "read the table again",
          permanent: true,
          cause: error,
        });
      }
    },
    async track(tracking, jobs, goneIds) {
      let known = tracking;
      if (known === undefined && jobs.length > 0) {
        await run(createTrackingTable(jobsTable));
        known = await readTracking();
      }
      if (known === undefined) return;
      if (jobs.length > 0) {
        const rows = jobs.map(({ key, jobId, name }) => ({ resource_id: key, job_id: BigInt(jobId), job_name: name }));
        const parameters = [{ name: "rows", value: formatWireJson(rows) }];
        await run(mergeTracking(jobsTable, known.keyColumn, known.columns), { parameters });
      }
      if (goneIds.length > 0) {
        const ids = formatWireJson(goneIds.map(BigInt));
        await run(deleteTracking(jobsTable), { parameters: [{ name: "ids", value: ids }] });
      }
    },
  };
}
