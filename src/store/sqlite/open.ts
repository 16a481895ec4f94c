/** Opens a SQLite store: refuses network file systems, keeps a copy before a migration, migrates. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Kysely } from "kysely";
import { HeadgateError } from "../../errors.ts";
import type { Clock } from "../../util/clock.ts";
import { MIGRATION_TABLE, migrateUp, refuseNewer, schemaState } from "../migrate.ts";
import type { SchemaStep } from "../migrations/migrations.ts";
import type { Schema } from "../schema/schema.ts";
import { copyTo } from "./backup.ts";
import { type Connection, type Durability, openConnection, peek } from "./connection.ts";
import { sqliteDialect } from "./dialect.ts";
import { networkFileSystemOf } from "./file-system.ts";

/** Settings of {@link openSqlite}. */
export interface SqliteOptions {
  clock: Clock;
  /** Version of headgate, noted with the schema. */
  headgate: string;
  steps: readonly SchemaStep[];
  durability: Durability;
  lockWaitMs: number;
  mayConnect: () => void;
  /** Name of the network file system of a folder, undefined for a local one. */
  networkFileSystemOf?: ((folder: string) => Promise<string | undefined>) | undefined;
}

/** An open file. */
export interface SqliteDatabase {
  db: Kysely<Schema>;
  /** Sees what was committed, while `db` writes or waits. */
  read: Kysely<Schema>;
  /** Names of the migrations that were run just now. */
  migrated: string[];
}

async function refuseNetwork(file: string, options: SqliteOptions): Promise<void> {
  const type = await (options.networkFileSystemOf ?? networkFileSystemOf)(path.dirname(file));
  if (type === undefined) return;
  throw new HeadgateError(
    "store_network_file_system",
    `The store ${file} would lie on a network file system (${type})`,
    {
      hint: "SQLite loses data there. Put it on a local disk, or use Postgres: store: { kind: postgres, url: … }",
      permanent: true,
      data: { fileSystem: type },
    },
  );
}

/** Keeps `FILE.before-VERSION`, unless another process migrated the store while we copied. */
async function keepCopy(connection: Connection, file: string, version: number, options: SqliteOptions): Promise<void> {
  const moved = Symbol("moved");
  try {
    await copyTo(connection, `${file}.before-${options.steps.length}`, async (copy) => {
      const [row] = await peek(copy, `select count(*) as version from ${MIGRATION_TABLE}`);
      if (row?.version !== version) throw moved;
    });
  } catch (error) {
    if (error !== moved) throw error;
  }
}

/**
 * Opens a store file, making it and its folder when absent, and brings its schema up to date.
 *
 * @throws HeadgateError `store_network_file_system`, `store_newer`, `unavailable`
 */
export async function openSqlite(file: string, options: SqliteOptions): Promise<SqliteDatabase> {
  if (file !== ":memory:") {
    await mkdir(path.dirname(path.resolve(file)), { recursive: true });
    await refuseNetwork(path.resolve(file), options);
  }
  const connection = await openConnection(file, options);
  const db = new Kysely<Schema>({ dialect: sqliteDialect(connection, options.mayConnect) });
  try {
    const state = await schemaState(db, "sqlite", options.steps);
    refuseNewer(state, file);
    const migrated: string[] = [];
    if (state.version < options.steps.length) {
      if (state.version > 0 && file !== ":memory:") await keepCopy(connection, file, state.version, options);
      migrated.push(...(await migrateUp(db, "sqlite", options.headgate, options.steps)));
    }
    // What is in memory has one connection only.
    if (file === ":memory:") return { db, read: db, migrated };
    const reader = await openConnection(file, options);
    return { db, read: new Kysely<Schema>({ dialect: sqliteDialect(reader, options.mayConnect) }), migrated };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}
