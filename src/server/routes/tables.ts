/** GET /tables and /tables/{source}, POST …/check and …/rows: control tables row by row. A warehouse is slow: what was read counts for a while. */
import { HeadgateError } from "../../errors.ts";
import { utc } from "../../util/clock.ts";
import type { TableQuery, TableView } from "../api/jobs-page.ts";
import type { Handlers } from "../handler.ts";
import { Refusal } from "../problem.ts";
import type { ServerDeps, ServerSettings } from "../server-deps.ts";

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
export function tablesRoutes(
  { jobs, clock }: Pick<ServerDeps, "jobs" | "clock">,
  settings: Pick<ServerSettings, "apply">,
): Pick<Handlers, "listTables" | "getTable" | "checkTable" | "saveTable"> {
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

  /** The reading that edits were made upon; read anew where another is kept. */
  async function readingOf(source: string, version: string): Promise<TableView> {
    const kept = await read(source).view;
    if (kept.version === version) return kept;
    readings.delete(source);
    const anew = await read(source).view;
    if (anew.version === version) return anew;
    throw new HeadgateError("table_moved", `${anew.table} was changed since it was read`, {
      hint: "Read it again; edits that are not saved can be made upon what it is now.",
      permanent: true,
    });
  }

  return {
    async checkTable({ params, body }) {
      const view = await readingOf(params.source, body.version);
      return { value: { version: view.version, ...(await jobs.checkTable(view, body.edits)) } };
    },
    async saveTable({ params, body }) {
      if (settings.apply !== true) {
        throw new Refusal("apply_off", "This server writes no control tables.", {
          hint: "Set server.apply: true in headgate.yaml, or load rows with `headgate jobs control-table load`.",
        });
      }
      try {
        const view = await jobs.saveTable(params.source, body.version, body.edits);
        readings.set(params.source, { at: clock.now(), view: Promise.resolve(view) });
        return {
          value: { version: view.version, rows: body.edits.length },
          subject: `tables/${params.source}: ${body.edits.map(({ label }) => label ?? "new row").join(", ")}`.slice(
            0,
            500,
          ),
        };
      } catch (error) {
        // Whatever it was: the next look is at what the table is.
        readings.delete(params.source);
        throw error;
      }
    },
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
