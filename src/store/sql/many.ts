/**
 * Many rows by one prepared statement. SQLite runs it once a row, which is its fastest way; Postgres gets a list for
 * each column (`unnest`), so that the text, and with it the plan, is the same for any number of rows.
 */
import { CompiledQuery, type Kysely } from "kysely";
import { overSets } from "../query-sets.ts";
import type { Schema, StoreKind } from "../schema/schema.ts";

/** Types of columns that are handed over in lists. */
export type ColumnType = "text" | "integer" | "bigint" | "double precision" | "bytea";

/** Name and type. */
export type Column = readonly [name: string, type: ColumnType];

/** Postgres takes at most so much in one message without growing its memory much. */
const ROWS_AT_ONCE = 2_000;

function lists(columns: readonly Column[], rows: readonly (readonly unknown[])[]): unknown[][] {
  return columns.map((_, index) => rows.map((row) => row[index]));
}

const unnest = (columns: readonly Column[]): string =>
  `unnest(${columns.map(([, type], index) => `cast($${index + 1} as ${type}[])`).join(", ")})`;

function* parts<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) yield rows.slice(from, from + ROWS_AT_ONCE);
}

/** A prepared `insert into TABLE (…) … TAIL`; `tail` may hold an `on conflict` clause. */
export function insertMany(table: string, columns: readonly Column[], tail = "") {
  const names = columns.map(([name]) => `"${name}"`).join(", ");
  const one = `insert into "${table}" (${names}) values (${columns.map(() => "?").join(", ")}) ${tail}`;
  const many = `insert into "${table}" (${names}) select * from ${unnest(columns)} ${tail}`;
  return async (db: Kysely<Schema>, kind: StoreKind, rows: readonly (readonly unknown[])[]): Promise<number> => {
    let written = 0n;
    if (rows.length === 0) return 0;
    if (kind === "sqlite") {
      written = (await db.executeQuery(overSets(one, rows))).numAffectedRows ?? 0n;
    } else {
      for (const part of parts(rows)) {
        written += (await db.executeQuery(CompiledQuery.raw(many, lists(columns, part)))).numAffectedRows ?? 0n;
      }
    }
    return Number(written);
  };
}

/**
 * A prepared query over keys: `text` selects from `KEYS`, which stands for a table `k` with the given columns.
 * Rows come in no particular order.
 */
export function selectMany<Row>(columns: readonly Column[], text: string) {
  const names = columns.map(([name]) => name);
  const one = text.replace("KEYS", `(select ${names.map((name) => `? as ${name}`).join(", ")}) k`);
  const many = text.replace("KEYS", `${unnest(columns)} as k (${names.join(", ")})`);
  return async (db: Kysely<Schema>, kind: StoreKind, keys: readonly (readonly unknown[])[]): Promise<Row[]> => {
    const rows: Row[] = [];
    if (keys.length === 0) return rows;
    if (kind === "sqlite") {
      // kysely's type of the rows is the caller's own word for what the text selects.
      return (await db.executeQuery(overSets(one, keys))).rows as Row[];
    } else {
      for (const part of parts(keys)) {
        rows.push(...(await db.executeQuery<Row>(CompiledQuery.raw(many, lists(columns, part)))).rows);
      }
    }
    return rows;
  };
}
