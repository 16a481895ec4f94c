/** What the kysely implementations of the doors are given. */
import type { Kysely } from "kysely";
import type { Clock } from "../util/clock.ts";
import type { Schema, StoreKind } from "./schema/schema.ts";

/** A database, or one transaction of it. */
export interface Database {
  db: Kysely<Schema>;
  /** For reading: the same, but on SQLite a connection of its own, which does not wait while `db` waits for a lock. */
  read: Kysely<Schema>;
  kind: StoreKind;
  clock: Clock;
  /** Throws inside a transaction when this is not that transaction. */
  mayConnect: () => void;
}

/** Runs `work` in a transaction: in the one that is open, else in its own. */
export async function inTransaction<T>(database: Database, work: (within: Database) => Promise<T>): Promise<T> {
  if (database.db.isTransaction) return work(database);
  return database.db
    .transaction()
    .execute((transaction) => work({ ...database, db: transaction, read: transaction, mayConnect: () => {} }));
}
