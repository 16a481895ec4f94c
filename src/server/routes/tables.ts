/** GET /tables and /tables/{source}: control tables row by row. A warehouse is slow: what was read counts for a while. */
import { utc } from "../../util/clock.ts";
import type { TableQuery, TableView } from "../api/jobs-page.ts";
import type { Handlers } from "../handler.ts";
import type { ServerDeps } from "../server-deps.ts";

/** How long pages are cut from one reading, milliseconds. */
const COUNTS_MS = 60_000;

interface Reading {
  at: number;
  view: Promise<TableView>;
}

function fitting({ rows }: TableView, { faulty, q }: TableQuery): TableView["rows"] {
  const words = (q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (faulty === "true" && row.problems.length === 0) return false;
    const text = words.length === 0 ? "" : row.cells.join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Handlers of tables. */
export function tablesRoutes({
  jobs,
  clock,
}: Pick<ServerDeps, "jobs" | "clock">): Pick<Handlers, "listTables" | "getTable"> {
  const readings = new Map<string, Reading>();

  function read(source: string): Reading {
    const known = readings.get(source);
    if (known !== undefined && clock.now() - known.at < COUNTS_MS) return known;
    const reading = { at: clock.now(), view: jobs.table(source) };
    readings.set(source, reading);
    // A failed reading is tried again by whoever asks next.
    reading.view.catch(() => {
      if (readings.get(source) === reading) readings.delete(source);
    });
    return reading;
  }

  return {
    listTables: async () => ({ value: { items: jobs.tables().map((source) => ({ source })) } }),
    async getTable({ params, query }) {
      const { at, view } = read(params.source);
      const table = await view;
      const rows = fitting(table, query);
      const end = query.after + query.limit;
      return {
        value: {
          ...table,
          rows: rows.slice(query.after, end),
          asOf: utc(at),
          all: table.rows.length,
          faulty: table.rows.filter((row) => row.problems.length > 0).length,
          count: rows.length,
          next: end < rows.length ? end : null,
        },
      };
    },
  };
}
