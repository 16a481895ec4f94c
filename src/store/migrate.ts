/** How far a database is migrated, whether we may use it, and bringing it up to date. */
import { type Kysely, Migrator, sql } from "kysely";
import { HeadgateError } from "../errors.ts";
import { kyselyMigrations, type SchemaStep, STEPS } from "./migrations/migrations.ts";
import type { Schema, StoreKind } from "./schema/schema.ts";

/** Where kysely notes what was run. */
export const MIGRATION_TABLE = "headgate_migration";
const LOCK_TABLE = "headgate_migration_lock";
/** Row of `store_meta`: the version of headgate that made the newest schema. */
const MADE_BY = "made_by";

/** What a database says about itself. */
export interface SchemaState {
  /** 0 = empty. */
  version: number;
  /** Names of migrations that this headgate does not know. */
  unknown: string[];
  /** Version of headgate that made the schema. */
  madeBy: string | undefined;
}

async function tableExists(db: Kysely<Schema>, kind: StoreKind, table: string): Promise<boolean> {
  const { rows } =
    kind === "sqlite"
      ? await sql`select 1 from sqlite_master where type = 'table' and name = ${table}`.execute(db)
      : await sql`select 1 where to_regclass(${table}) is not null`.execute(db);
  return rows.length > 0;
}

/** Reads how far a database is migrated. */
export async function schemaState(
  db: Kysely<Schema>,
  kind: StoreKind,
  steps: readonly SchemaStep[] = STEPS,
): Promise<SchemaState> {
  if (!(await tableExists(db, kind, MIGRATION_TABLE))) return { version: 0, unknown: [], madeBy: undefined };
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)}`.execute(db);
  if (rows.length === 0) return { version: 0, unknown: [], madeBy: undefined };
  const made = await db.selectFrom("store_meta").select("value").where("name", "=", MADE_BY).executeTakeFirst();
  const known = new Set(steps.map((step) => step.name));
  return {
    version: rows.length,
    unknown: rows.map((row) => row.name).filter((name) => !known.has(name)),
    madeBy: made?.value,
  };
}

/** @throws HeadgateError `store_newer` where a newer headgate has migrated the database */
export function refuseNewer(state: SchemaState, place: string): void {
  if (state.unknown.length === 0) return;
  const needs = state.madeBy ?? "a newer version";
  throw new HeadgateError("store_newer", `The store ${place} was made by headgate ${needs}, which is newer than this`, {
    hint: `Use headgate ${needs} or later.`,
    permanent: true,
    data: { needs, migrations: state.unknown },
  });
}

/**
 * Whether a schema can be used without migrating: our own version and the one before, since a new schema only adds
 * what the version before it does not use (expand, then contract).
 */
export function usable(state: SchemaState, steps: readonly SchemaStep[] = STEPS): boolean {
  return state.version > 0 && state.version >= steps.length - 1;
}

/**
 * Brings a database up to date; several processes may do so at once, one does the work.
 *
 * @returns names of the migrations that were run, none when it was up to date
 * @throws the database's error, after which nothing has changed
 */
export async function migrateUp(
  db: Kysely<Schema>,
  kind: StoreKind,
  headgate: string,
  steps: readonly SchemaStep[] = STEPS,
): Promise<string[]> {
  const withMeta: SchemaStep[] = steps.map((step) => ({
    name: step.name,
    statements: (of) => [
      ...step.statements(of),
      `insert into store_meta (name, value) values ('${MADE_BY}', '${headgate.replaceAll("'", "''")}')
        on conflict (name) do update set value = excluded.value`,
    ],
  }));
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => kyselyMigrations(kind, withMeta) },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: LOCK_TABLE,
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return (results ?? []).map((result) => result.migrationName);
}
