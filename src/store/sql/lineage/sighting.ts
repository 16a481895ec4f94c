/** A sighting as a row of the store, and back. */
import type { Sighting } from "../../lineage.ts";
import type { SightingTable } from "../../schema/lineage.ts";

/** What was counted, in the order of the columns from `method` to `confidence`. */
export const figuresOf = (one: Sighting): unknown[] => [
  one.method,
  one.requests,
  one.files,
  one.bytes,
  one.commits,
  one.runs,
  one.firstAt,
  one.lastAt,
  one.confidence,
];

/** A row of any table that keeps sightings. */
export const sightingOf = (row: Omit<SightingTable, "source" | "day">): Sighting => ({
  edgeId: row.edge_id,
  method: row.method,
  attribution: row.attribution,
  groupId: row.group_id,
  requests: row.requests,
  files: row.files,
  bytes: row.bytes,
  commits: row.commits,
  runs: row.runs,
  firstAt: row.first_at,
  lastAt: row.last_at,
  confidence: row.confidence,
});
