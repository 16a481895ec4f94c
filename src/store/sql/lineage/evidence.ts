/** What lies behind an edge of the graph: its sightings one by one, those of the same access, and sums by day. */
import { sql } from "kysely";
import type { Database } from "../../database.ts";
import type { DaySum, LineageStore, SeenSighting } from "../../lineage.ts";
import type { SightingTable } from "../../schema/lineage.ts";
import { sightingOf } from "./sighting.ts";

const seenOf = (row: SightingTable): SeenSighting => ({ ...sightingOf(row), source: row.source, day: row.day });

/** Counts as JavaScript can hold them: bytes of a month may exceed 2^53. */
const COUNTS = sql.raw(
  ["requests", "files", "bytes", "commits", "runs"]
    .map((name) => `cast(${name} as double precision) as ${name}`)
    .join(", "),
);
const REST = sql`${COUNTS}, first_at, last_at, confidence`;

const month = (day: string): string => day.slice(0, 7);

/** The part of the lineage door about evidence. */
export function sqlEvidence({
  read,
}: Database): Pick<LineageStore, "revision" | "sightingsOf" | "sightingsOfGroups" | "daySums"> {
  return {
    async revision() {
      const { rows } = await sql<Record<string, string | null>>`
        select cast(count(*) as text) as days, cast(sum(version) as text) as versions, max(recorded_at) as written,
          (select max(at) from node_title) as titled from source_day`.execute(read);
      return JSON.stringify(Object.values(rows[0] ?? {}));
    },

    async sightingsOf(edgeIds, first, last) {
      if (edgeIds.length === 0) return [];
      const ids = sql.join(edgeIds);
      const { rows } = await sql<SightingTable>`
        select edge_id, source, day, method, attribution, group_id, ${REST} from sighting
          where edge_id in (${ids}) and day >= ${first} and day <= ${last}
        union all
        select edge_id, source, month as day, method, '' as attribution, '' as group_id, ${REST} from sighting_month
          where edge_id in (${ids}) and month >= ${month(first)} and month <= ${month(last)}
        order by 3, 2, 1, 5, 6`.execute(read);
      return rows.map(seenOf);
    },

    async sightingsOfGroups(source, day, groupIds) {
      if (groupIds.length === 0) return [];
      const { rows } = await sql<SightingTable>`
        select edge_id, source, day, method, attribution, group_id, ${REST} from sighting
          where source = ${source} and day = ${day} and group_id in (${sql.join(groupIds)})
        order by group_id, edge_id`.execute(read);
      return rows.map(seenOf);
    },

    async daySums(first, last) {
      const sums = sql`cast(sum(requests) as double precision) as requests,
        cast(sum(bytes) as double precision) as bytes, cast(count(distinct edge_id) as integer) as edges`;
      const { rows } = await sql<DaySum>`
        select source, day, ${sums},
          cast(sum(case when attribution = 'ambiguous' then requests else 0 end) as double precision) as ambiguous
        from sighting where day >= ${first} and day <= ${last} group by source, day
        union all
        select source, month as day, ${sums}, 0 as ambiguous
        from sighting_month where month >= ${month(first)} and month <= ${month(last)} group by source, month
        order by 2, 1`.execute(read);
      return rows;
    },
  };
}
