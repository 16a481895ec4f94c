/** What a source saw on a day, replaced as a whole; months of it packed; what was read for it. */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { HeadgateError } from "../../../errors.ts";
import { utc } from "../../../util/clock.ts";
import { formatWireJson, parseJson } from "../../../util/int64-json.ts";
import type { Json } from "../../../util/json.ts";
import { type Database, inTransaction } from "../../database.ts";
import type { LineageStore, SourceDayContent, Unit } from "../../lineage.ts";
import { type Column, insertMany } from "../many.ts";
import { figuresOf, sightingOf } from "./sighting.ts";

const COUNTS: readonly Column[] = [
  ["method", "text"],
  ["requests", "bigint"],
  ["files", "bigint"],
  ["bytes", "bigint"],
  ["commits", "bigint"],
  ["runs", "bigint"],
  ["first_at", "text"],
  ["last_at", "text"],
  ["confidence", "double precision"],
];
const COUNT_NAMES = COUNTS.map(([name]) => name);

const insertSightings = insertMany("sighting", [
  ["edge_id", "bigint"],
  ["source", "text"],
  ["day", "text"],
  ["attribution", "text"],
  ["group_id", "text"],
  ...COUNTS,
]);
const insertColumns = insertMany(
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
const upsertUnits = insertMany(
  "unit",
  [
    ["source", "text"],
    ["unit_key", "text"],
    ["digest", "text"],
    ["ruleset", "text"],
    ["days", "text"],
    ["recorded_at", "text"],
  ],
  `on conflict (source, unit_key) do update set digest = excluded.digest, ruleset = excluded.ruleset,
    days = excluded.days, recorded_at = excluded.recorded_at`,
);

/** Digest of a day's content, whatever order it comes in. */
function digestOf(content: Pick<SourceDayContent, "sightings" | "columns">): string {
  const lines = [
    ...content.sightings.map((one) => JSON.stringify([one.edgeId, one.attribution, one.groupId, ...figuresOf(one)])),
    ...(content.columns ?? []).map((one) => JSON.stringify([one.from, one.to, one.fromColumn, one.toColumn, one.kind])),
  ].sort();
  const hash = createHash("sha256");
  for (const line of lines) hash.update(line).update("\n");
  return hash.digest("hex").slice(0, 32);
}

/** Days are replaced one at a time for each source; the second writer of a day finds the first one's version. */
async function lockDay(within: Database, source: string, day: string): Promise<void> {
  if (within.kind === "sqlite") return;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${source}\u001f${day}`}, 0))`.execute(within.db);
}

async function writeUnits(within: Database, source: string, units: readonly Unit[], at: string): Promise<void> {
  await upsertUnits(
    within.db,
    within.kind,
    units.map((unit) => [source, unit.key, unit.digest, unit.ruleset, JSON.stringify(unit.days), at]),
  );
}

async function writeCoverage(within: Database, source: string, day: string, coverage: Json): Promise<void> {
  const content = formatWireJson(coverage);
  await within.db
    .insertInto("day_coverage")
    .values({ source, day, content })
    .onConflict((conflict) => conflict.columns(["source", "day"]).doUpdateSet({ content }))
    .execute();
}

async function writeDay(within: Database, content: SourceDayContent): Promise<{ version: number; changed: boolean }> {
  const { db, kind } = within;
  const { source, day, ruleset } = content;
  const at = utc(within.clock.now());
  await writeUnits(within, source, content.units, at);
  const digest = digestOf(content);
  const before = await db
    .selectFrom("source_day")
    .selectAll()
    .where("source", "=", source)
    .where("day", "=", day)
    .executeTakeFirst();
  const version = (before?.version ?? 0) + (before?.digest === digest ? 0 : 1);
  const values = { version, digest, ruleset, recorded_at: at };
  await db
    .insertInto("source_day")
    .values({ source, day, ...values })
    .onConflict((conflict) => conflict.columns(["source", "day"]).doUpdateSet(values))
    .execute();
  if (content.coverage !== undefined) await writeCoverage(within, source, day, content.coverage);
  if (before?.digest === digest) return { version, changed: false };
  if (before) {
    const names = ["edge_id", "attribution", "group_id", ...COUNT_NAMES].join(", ");
    await sql`insert into sighting_previous (source, day, version, replaced_at, ${sql.raw(names)})
      select source, day, cast(${before.version} as bigint), cast(${at} as text), ${sql.raw(names)} from sighting
      where source = ${source} and day = ${day}`.execute(db);
    for (const table of ["sighting", "column_edge"] as const) {
      await db.deleteFrom(table).where("source", "=", source).where("day", "=", day).execute();
    }
  }
  await insertSightings(
    db,
    kind,
    content.sightings.map((one) => [one.edgeId, source, day, one.attribution, one.groupId, ...figuresOf(one)]),
  );
  await insertColumns(
    db,
    kind,
    (content.columns ?? []).map((one) => [one.from, one.to, one.fromColumn, one.toColumn, one.kind, source, day]),
  );
  return { version, changed: true };
}

async function isRolledUp(within: Database, source: string, month: string): Promise<boolean> {
  const row = await within.db
    .selectFrom("sighting_month")
    .select("edge_id")
    .where("source", "=", source)
    .where("month", "=", month)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** First day of the month after one. */
function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return utc(Date.UTC(year, number, 1)).slice(0, 10);
}

/** The part of the lineage door about days. */
export function sqlDays(
  database: Database,
): Pick<
  LineageStore,
  | "replaceDay"
  | "replaceMonth"
  | "sightings"
  | "previousSightings"
  | "units"
  | "putUnits"
  | "sourceDays"
  | "coverage"
  | "outdatedDays"
  | "rollUp"
  | "purgePrevious"
> {
  const { db, read } = database;
  return {
    replaceDay: (content) =>
      inTransaction(database, async (within) => {
        await lockDay(within, content.source, content.day);
        const month = content.day.slice(0, 7);
        if (await isRolledUp(within, content.source, month)) {
          throw new HeadgateError("input_invalid", `${content.day} of ${content.source} is packed into its month`, {
            hint: `Recompute the whole of ${month}.`,
            permanent: true,
          });
        }
        return writeDay(within, content);
      }),

    replaceMonth: (source, month, days) =>
      inTransaction(database, async (within) => {
        for (const { day } of days) await lockDay(within, source, day);
        await within.db.deleteFrom("sighting_month").where("source", "=", source).where("month", "=", month).execute();
        for (const content of days) await writeDay(within, { ...content, source });
      }),

    async sightings(source, day) {
      const rows = await read
        .selectFrom("sighting")
        .selectAll()
        .where("source", "=", source)
        .where("day", "=", day)
        .orderBy("edge_id")
        .orderBy("attribution")
        .orderBy("group_id")
        .execute();
      return rows.map(sightingOf);
    },

    async previousSightings(source, day) {
      const rows = await read
        .selectFrom("sighting_previous")
        .selectAll()
        .where("source", "=", source)
        .where("day", "=", day)
        .orderBy("version", "desc")
        .orderBy("edge_id")
        .orderBy("attribution")
        .orderBy("group_id")
        .execute();
      return rows.map((row) => ({ ...sightingOf(row), version: row.version, replacedAt: row.replaced_at }));
    },

    async units(source, keys) {
      const found = new Map<string, Unit>();
      const add = async (some: readonly string[] | undefined) => {
        let query = read.selectFrom("unit").selectAll().where("source", "=", source);
        if (some) query = query.where("unit_key", "in", some);
        for (const row of await query.execute()) {
          const { unit_key: key, digest, ruleset } = row;
          found.set(key, { key, digest, ruleset, days: JSON.parse(row.days) as string[] });
        }
      };
      if (!keys) await add(undefined);
      for (let from = 0; keys && from < keys.length; from += 500) await add(keys.slice(from, from + 500));
      return found;
    },

    putUnits: (source, units) =>
      inTransaction(database, (within) => writeUnits(within, source, units, utc(within.clock.now()))),

    async sourceDays(source) {
      let query = read.selectFrom("source_day").selectAll();
      if (source !== undefined) query = query.where("source", "=", source);
      const rows = await query.orderBy("day").orderBy("source").execute();
      return rows.map(({ recorded_at: recordedAt, digest: _digest, ...row }) => ({ ...row, recordedAt }));
    },

    async coverage({ source, from, to } = {}) {
      let query = read.selectFrom("day_coverage").selectAll();
      if (source !== undefined) query = query.where("source", "=", source);
      if (from !== undefined) query = query.where("day", ">=", from);
      if (to !== undefined) query = query.where("day", "<=", to);
      const rows = await query.orderBy("day").orderBy("source").execute();
      return rows.map((row) => ({ ...row, content: parseJson(row.content) }));
    },

    async outdatedDays(source, ruleset) {
      const rows = await read
        .selectFrom("source_day")
        .select("day")
        .where("source", "=", source)
        .where("ruleset", "<>", ruleset)
        .orderBy("day")
        .execute();
      return rows.map((row) => row.day);
    },

    rollUp: (before) =>
      inTransaction(database, async (within) => {
        const { rows } = await sql<{ source: string; month: string }>`
          select source, substr(day, 1, 7) as month from sighting group by source, substr(day, 1, 7)
          order by source, month`.execute(within.db);
        const whole = rows.filter(({ month }) => monthAfter(month) <= before);
        for (const { source, month } of whole) {
          const next = monthAfter(month);
          await sql`insert into sighting_month (edge_id, source, month, day_bits, ${sql.raw(COUNT_NAMES.join(", "))})
            select edge_id, source, cast(${month} as text), sum(distinct 1 << (cast(substr(day, 9, 2) as integer) - 1)),
              max(method), sum(requests), sum(files), sum(bytes), sum(commits), sum(runs), min(first_at), max(last_at),
              max(confidence)
            from sighting where source = ${source} and day >= ${`${month}-01`} and day < ${next}
            group by edge_id, source`.execute(within.db);
          await within.db
            .deleteFrom("sighting")
            .where("source", "=", source)
            .where("day", ">=", `${month}-01`)
            .where("day", "<", next)
            .execute();
        }
        return whole;
      }),

    async purgePrevious(replacedBefore) {
      const { numDeletedRows } = await db
        .deleteFrom("sighting_previous")
        .where("replaced_at", "<", replacedBefore)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}
