/** The graph at a date, read in pages in the order of edge ids. */
import { sql } from "kysely";
import { utc } from "../../../util/clock.ts";
import type { Database } from "../../database.ts";
import type { EdgeAt, LineageStore, Relation } from "../../lineage.ts";

/** Edges of a page. */
const PAGE = 10_000;
const DAY_MS = 86_400_000;

/** The day so many days before another. */
export function daysBefore(day: string, days: number): string {
  return utc(Date.parse(`${day}T00:00:00.000Z`) - days * DAY_MS).slice(0, 10);
}

/** How many days of a month (by its bits) lie in [first, last], and how many there are. Pure. */
export function daysWithin(month: string, bits: number, first: string, last: string): { within: number; all: number } {
  let within = 0;
  let all = 0;
  for (let bit = 0; bit < 31; bit++) {
    if ((bits & (1 << bit)) === 0) continue;
    all += 1;
    const day = `${month}-${String(bit + 1).padStart(2, "0")}`;
    if (day >= first && day <= last) within += 1;
  }
  return { within, all };
}

interface Row {
  edge_id: number;
  from_node: number;
  to_node: number;
  relation: string;
  window_days: number | null;
  source: string;
  attribution: string;
  requests: number;
  files: number;
  bytes: number;
  commits: number;
  runs: number;
  first_at: string;
  last_at: string;
  confidence: number;
  /** "" for a row of days. */
  month: string;
  day_bits: number;
}

/** A window of edges: of all (`own` is null), or of those that have this one of their own. */
interface Window {
  days: number;
  own: number | null;
}

function add(edge: EdgeAt | undefined, row: Row, part: number): EdgeAt {
  const count = (value: number) => (part === 1 ? value : Math.round(value * part));
  const into: EdgeAt = edge ?? {
    edgeId: row.edge_id,
    from: row.from_node,
    to: row.to_node,
    relation: row.relation as Relation,
    sources: [],
    attributions: [],
    requests: 0,
    files: 0,
    bytes: 0,
    commits: 0,
    runs: 0,
    firstAt: row.first_at,
    lastAt: row.last_at,
    confidence: 0,
    approximate: false,
  };
  if (!into.sources.includes(row.source)) into.sources.push(row.source);
  if (row.attribution !== "" && !into.attributions.includes(row.attribution)) into.attributions.push(row.attribution);
  into.requests += count(row.requests);
  into.files += count(row.files);
  into.bytes += count(row.bytes);
  into.commits += count(row.commits);
  into.runs += count(row.runs);
  if (row.first_at < into.firstAt) into.firstAt = row.first_at;
  if (row.last_at > into.lastAt) into.lastAt = row.last_at;
  into.confidence = Math.max(into.confidence, row.confidence);
  into.approximate ||= part < 1;
  return into;
}

/** The part of the lineage door about the graph at a date. */
export function sqlEdgesAt({ read }: Database): Pick<LineageStore, "edgesAt" | "columnEdges"> {
  /**
   * Rows of the edges with ids in (after, last], days and months together, in the order of edges. Ids are dense, so that
   * ranges of them are pages without looking for the next ones that were seen.
   */
  async function page(after: number, last: number, date: string, windows: readonly Window[]) {
    const first = (days: number) => daysBefore(date, days - 1);
    // Edges with a longer window of their own are asked for with it; there are few different ones, mostly none.
    const seen = (column: string, cut: (day: string) => string) =>
      sql.join(
        windows.map(({ days, own }) =>
          own === null
            ? sql`${sql.ref(column)} >= ${cut(first(days))}`
            : sql`(e.window_days = ${own} and ${sql.ref(column)} >= ${cut(first(days))})`,
        ),
        sql` or `,
      );
    const month = (day: string) => day.slice(0, 7);
    const within = sql`s.edge_id > ${after} and s.edge_id <= ${last}`;
    const days = sql`${within} and s.day <= ${date} and (${seen("s.day", (day) => day)})`;
    const months = sql`${within} and s.month <= ${month(date)} and (${seen("s.month", month)})`;
    const byWindow = windows.length > 1 ? sql`join edge e on e.id = s.edge_id` : sql``;
    // Sums of bytes may exceed 2^53, where whole numbers would not come through.
    const { rows } = await sql<Row>`
      select f.*, e.from_node, e.to_node, e.relation, e.window_days from (
        select s.edge_id, s.source, s.attribution,
          cast(sum(s.requests) as double precision) as requests, cast(sum(s.files) as double precision) as files,
          cast(sum(s.bytes) as double precision) as bytes, cast(sum(s.commits) as double precision) as commits,
          cast(sum(s.runs) as double precision) as runs, min(s.first_at) as first_at, max(s.last_at) as last_at,
          max(s.confidence) as confidence, '' as month, 0 as day_bits
        from sighting s ${byWindow} where ${days}
        group by s.edge_id, s.source, s.attribution
        union all
        select s.edge_id, s.source, '' as attribution,
          cast(s.requests as double precision), cast(s.files as double precision), cast(s.bytes as double precision),
          cast(s.commits as double precision), cast(s.runs as double precision), s.first_at, s.last_at, s.confidence, s.month, s.day_bits
        from sighting_month s ${byWindow} where ${months}
      ) f join edge e on e.id = f.edge_id
      order by f.edge_id, f.source, f.attribution, f.month`.execute(read);
    return rows;
  }

  return {
    async *edgesAt(date, windowDays) {
      const { rows: longer } = await sql<{ window_days: number }>`
        select distinct window_days from edge where window_days > ${windowDays}`.execute(read);
      const windows = [
        { days: windowDays, own: null },
        ...longer.map(({ window_days: days }) => ({ days, own: days })),
      ];
      const { rows: ends } = await sql<{ last: number | null }>`select max(id) as last from edge`.execute(read);
      const end = ends[0]?.last ?? 0;
      for (let after = 0; after < end; after += PAGE) {
        const rows = await page(after, after + PAGE, date, windows);
        let edge: EdgeAt | undefined;
        for (const row of rows) {
          if (edge && edge.edgeId !== row.edge_id) {
            yield edge;
            edge = undefined;
          }
          let part = 1;
          if (row.month !== "") {
            const days = Math.max(windowDays, row.window_days ?? 0);
            const { within, all } = daysWithin(row.month, row.day_bits, daysBefore(date, days - 1), date);
            if (within === 0) continue;
            part = within / all;
          }
          edge = add(edge, row, part);
        }
        if (edge) yield edge;
      }
    },

    async columnEdges(filter) {
      let query = read
        .selectFrom("column_edge")
        .select(["from_node", "to_node", "from_column", "to_column", "kind"])
        .select((eb) => eb.fn.max("day").as("last_day"));
      if (filter.from !== undefined) query = query.where("from_node", "=", filter.from);
      if (filter.to !== undefined) query = query.where("to_node", "=", filter.to);
      if (filter.since !== undefined) query = query.where("day", ">=", filter.since);
      const rows = await query
        .groupBy(["from_node", "to_node", "from_column", "to_column", "kind"])
        .orderBy("from_node")
        .orderBy("from_column")
        .orderBy("to_node")
        .orderBy("to_column")
        .execute();
      return rows.map((row) => ({
        from: row.from_node,
        to: row.to_node,
        fromColumn: row.from_column,
        toColumn: row.to_column,
        kind: row.kind,
        lastDay: row.last_day,
      }));
    },
  };
}
