/** Opens a store, and brings one up to date (`headgate store migrate`). */
import { AsyncLocalStorage } from "node:async_hooks";
import { Kysely } from "kysely";
import { HeadgateError } from "../errors.ts";
import { type Clock, systemClock } from "../util/clock.ts";
import { VERSION } from "../util/version.ts";
import type { Database } from "./database.ts";
import { migrateUp, refuseNewer, schemaState, usable } from "./migrate.ts";
import { type SchemaStep, STEPS } from "./migrations/migrations.ts";
import { postgresPlace } from "./postgres/failure.ts";
import { openPool, postgresDialect } from "./postgres/pool.ts";
import type { Schema } from "./schema/schema.ts";
import { sqlAccess } from "./sql/access.ts";
import { sqlCursors } from "./sql/cursors.ts";
import { sqlFiles } from "./sql/files.ts";
import { sqlJobs } from "./sql/jobs/jobs.ts";
import { sqlLineage } from "./sql/lineage/lineage.ts";
import { sqlRuns } from "./sql/runs/runs.ts";
import type { Durability } from "./sqlite/connection.ts";
import { openSqlite, type SqliteDatabase } from "./sqlite/open.ts";
import type { Store, StoreDoors } from "./transaction.ts";

/** `store:` of headgate.yaml, references resolved. */
export type StoreTarget = { kind: "sqlite"; path: string } | { kind: "postgres"; url: string };

/** Settings of {@link openStore}; all have good defaults. */
export interface StoreOptions {
  clock?: Clock | undefined;
  /** SQLite: what a commit survives. Default `full`: power loss. */
  durability?: Durability | undefined;
  /** SQLite: give up waiting for another process after so long. Default 60 s. */
  lockWaitMs?: number | undefined;
  /** Postgres: connections at most. Default 8. */
  connections?: number | undefined;
  /** Postgres: a statement may take so long. Default 30 s. */
  statementTimeoutMs?: number | undefined;
  /** Told of what went wrong where nobody waits for an answer. */
  warn?: ((message: string, error: unknown) => void) | undefined;
  /** Version of headgate that is noted with a schema. */
  headgate?: string | undefined;
  /** The schema this headgate knows. */
  steps?: readonly SchemaStep[] | undefined;
}

function doorsOf(database: Database): StoreDoors {
  return {
    jobs: sqlJobs(database),
    access: sqlAccess(database),
    cursors: sqlCursors(database),
    files: sqlFiles(database),
    runs: sqlRuns(database),
    lineage: sqlLineage(database),
  };
}

function storeOf(database: Database, place: string, inside: Inside, end: () => Promise<void>): Store {
  return {
    kind: database.kind,
    place,
    ...doorsOf(database),
    transaction: (work) =>
      database.db
        .transaction()
        .execute((db) => inside(() => work(doorsOf({ ...database, db, read: db, mayConnect: () => {} })))),
    ping: async () => {
      await database.read.selectFrom("store_meta").select("name").limit(1).execute();
    },
    isWritable: async () => {
      try {
        // Changes nothing, and is refused like any other write.
        await database.db.updateTable("store_meta").set({ name: "" }).where("name", "=", "").execute();
        return true;
      } catch (error) {
        // One that does not answer, or is held by others for long, is another matter.
        if (error instanceof HeadgateError && error.code === "unavailable") return true;
        return false;
      }
    },
    close: end,
  };
}

/** Runs work as work inside a transaction of one store. */
type Inside = <T>(work: () => Promise<T>) => Promise<T>;

/** The stores in whose transactions the running code is. One for all: Node asks each such memory at each promise that is made. */
const around = new AsyncLocalStorage<readonly symbol[]>();

/** Refuses the store's own doors inside a transaction: on SQLite they would wait for ever for the transaction to end. */
function outsideTransactions(): { inside: Inside; mayConnect: () => void } {
  const store = Symbol("store");
  return {
    inside: (work) => around.run([...(around.getStore() ?? []), store], work),
    mayConnect: () => {
      if (around.getStore()?.includes(store))
        throw new Error("inside a transaction only the doors it hands out can be used");
    },
  };
}

function onSqlite(file: string, options: StoreOptions, mayConnect: () => void): Promise<SqliteDatabase> {
  return openSqlite(file, {
    mayConnect,
    clock: options.clock ?? systemClock,
    steps: options.steps ?? STEPS,
    headgate: options.headgate ?? VERSION,
    durability: options.durability ?? "full",
    lockWaitMs: options.lockWaitMs ?? 60_000,
  });
}

async function onPostgres<T>(
  url: string,
  options: StoreOptions,
  work: (db: Kysely<Schema>, place: string) => Promise<T>,
  settings: { statementTimeoutMs: number; mayConnect: () => void },
): Promise<T> {
  const place = postgresPlace(url);
  const pool = await openPool({
    url,
    max: options.connections ?? 8,
    statementTimeoutMs: settings.statementTimeoutMs,
    onIdleError: (error) => options.warn?.(`a connection to Postgres at ${place} broke`, error),
  });
  const db = new Kysely<Schema>({ dialect: postgresDialect(pool, place, settings.mayConnect) });
  try {
    return await work(db, place);
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/**
 * Opens a store. A SQLite file is made and migrated as needed, after a copy beside it (`FILE.before-VERSION`);
 * a Postgres database is never migrated here.
 *
 * @throws HeadgateError `store_newer` where a newer headgate made it, `store_needs_migration` (Postgres),
 *   `store_network_file_system` (SQLite), `unavailable`, `unauthorized`, `not_found`
 * @example
 * const store = await openStore({ kind: "sqlite", path: ".headgate/state.db" })
 */
export async function openStore(target: StoreTarget, options: StoreOptions = {}): Promise<Store> {
  const { clock = systemClock, steps = STEPS } = options;
  const { inside, mayConnect } = outsideTransactions();
  if (target.kind === "sqlite") {
    const { db, read } = await onSqlite(target.path, options, mayConnect);
    return storeOf({ db, read, kind: "sqlite", clock, mayConnect }, target.path, inside, async () => {
      await read.destroy();
      await db.destroy();
    });
  }
  return onPostgres(
    target.url,
    options,
    async (db, place) => {
      const state = await schemaState(db, "postgres", steps);
      refuseNewer(state, place);
      if (!usable(state, steps)) {
        throw new HeadgateError(
          "store_needs_migration",
          `The store at ${place} is at schema ${state.version}, not ${steps.length}`,
          {
            hint: "Run headgate store migrate.",
            permanent: true,
            data: { version: state.version, needs: steps.length },
          },
        );
      }
      return storeOf({ db, read: db, kind: "postgres", clock, mayConnect }, place, inside, () => db.destroy());
    },
    { statementTimeoutMs: options.statementTimeoutMs ?? 30_000, mayConnect },
  );
}

/**
 * Brings a store up to date (`headgate store migrate`). Repeating it changes nothing.
 *
 * @returns names of the migrations that were run
 * @throws HeadgateError as {@link openStore}, but for `store_needs_migration`
 */
export async function migrateStore(target: StoreTarget, options: StoreOptions = {}): Promise<string[]> {
  const steps = options.steps ?? STEPS;
  if (target.kind === "sqlite") {
    const { db, read, migrated } = await onSqlite(target.path, options, () => {});
    await read.destroy();
    await db.destroy();
    return migrated;
  }
  return onPostgres(
    target.url,
    options,
    async (db, place) => {
      refuseNewer(await schemaState(db, "postgres", steps), place);
      const done = await migrateUp(db, "postgres", options.headgate ?? VERSION, steps);
      await db.destroy();
      return done;
    },
    // A migration may rewrite a big table.
    { statementTimeoutMs: 0, mayConnect: () => {} },
  );
}
