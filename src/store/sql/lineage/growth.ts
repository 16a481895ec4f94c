/** Days that only grow: what a reader of a log of events adds to them, batch by batch, in SQL. */
import { sql } from "kysely";
import { utc } from "../../../util/clock.ts";
import { type Database, inTransaction } from "../../database.ts";
import type { DayGrowth, LineageStore } from "../../lineage.ts";
import { type Column, insertMany } from "../many.ts";
import { figuresOf } from "./sighting.ts";

const SUMS: readonly Column[] = [
  ["requests", "bigint"],
  ["files", "bigint"],
  ["bytes", "bigint"],
  ["commits", "bigint"],
  ["runs", "bigint"],
];
const SPAN: readonly Column[] = [
  ["first_at", "text"],
  ["last_at", "text"],
  ["confidence", "double precision"],
];

const further = (table: string, column: string, than: "<" | ">"): string =>
  `${column} = case when excluded.${column} ${than} ${table}.${column} then excluded.${column} else ${table}.${column} end`;

const adding = (table: string): string =>
  [
    ...SUMS.map(([name]) => `${name} = ${table}.${name} + excluded.${name}`),
    further(table, "first_at", "<"),
    further(table, "last_at", ">"),
    further(table, "confidence", ">"),
  ].join(", ");

const growDay = insertMany(
  "sighting",
  [
    ["edge_id", "bigint"],
    ["source", "text"],
    ["day", "text"],
    ["attribution", "text"],
    ["group_id", "text"],
    ["method", "text"],
    ...SUMS,
    ...SPAN,
  ],
  `on conflict (edge_id, source, day, attribution, group_id) do update set ${adding("sighting")}`,
);
const growMonth = insertMany(
  "sighting_month",
  [
    ["edge_id", "bigint"],
    ["source", "text"],
    ["month", "text"],
    ["day_bits", "bigint"],
    ["method", "text"],
    ...SUMS,
    ...SPAN,
  ],
  `on conflict (edge_id, source, month) do update set day_bits = sighting_month.day_bits | excluded.day_bits,
    ${adding("sighting_month")}`,
);
const addColumns = insertMany(
  "column_edge",
  [
    ["from_node", "bigint"],
    ["to_node", "bigint"],
    ["from_column", "text"],
    ["to_column", "text"],
    ["kind", "text"],
    ["source", "text"],
    ["day", "text"],
  ],
  "on conflict do nothing",
);
/** The digest is that of no content, so that whoever replaces such a day as a whole sees a change. */
const countDay = insertMany(
  "source_day",
  [
    ["source", "text"],
    ["day", "text"],
    ["version", "bigint"],
    ["digest", "text"],
    ["ruleset", "text"],
    ["recorded_at", "text"],
  ],
  `on conflict (source, day) do update set version = source_day.version + 1, digest = excluded.digest,
    ruleset = excluded.ruleset, recorded_at = excluded.recorded_at`,
);

async function write(within: Database, { source, day, ruleset, sightings, columns }: DayGrowth): Promise<void> {
  const { db, kind, clock } = within;
  await countDay(db, kind, [[source, day, 1, "grows", ruleset, utc(clock.now())]]);
  const month = day.slice(0, 7);
  const { rows: packed } = await sql`select 1 from sighting_month where source = ${source} and month = ${month}
    limit 1`.execute(db);
  if (packed.length === 0) {
    const rows = sightings.map((one) => [one.edgeId, source, day, one.attribution, one.groupId, ...figuresOf(one)]);
    await growDay(db, kind, rows);
  } else {
    const bit = 2 ** (Number(day.slice(8, 10)) - 1);
    const rows = sightings.map((one) => [one.edgeId, source, month, bit, ...figuresOf(one)]);
    await growMonth(db, kind, rows);
  }
  await addColumns(
    db,
    kind,
    columns.map((one) => [one.from, one.to, one.fromColumn, one.toColumn, one.kind, source, day]),
  );
}

/** The part of the lineage door about days that grow. */
export function sqlGrowth(database: Database): Pick<LineageStore, "growDays"> {
  return {
    growDays: (days) =>
      inTransaction(database, async (within) => {
        // Always in one order, so that two writers cannot wait for each other.
        const inOrder = [...days].sort((a, b) => (`${a.source} ${a.day}` < `${b.source} ${b.day}` ? -1 : 1));
        for (const day of inOrder) await write(within, day);
      }),
  };
}
