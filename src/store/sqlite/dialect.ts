/** kysely's SQLite dialect over our connection: one statement at a time, every transaction takes the write lock at once. */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { setsOf } from "../query-sets.ts";
import type { Connection } from "./connection.ts";

/** Lets one caller in at a time, in the order they came. */
function turnstile() {
  let last: Promise<void> = Promise.resolve();
  const leave: (() => void)[] = [];
  return {
    async enter(): Promise<void> {
      const before = last;
      let open = () => {};
      last = new Promise((resolve) => {
        open = resolve;
      });
      await before;
      leave.push(open);
    },
    leave(): void {
      leave.shift()?.();
    },
  };
}

class TransactionalDdl extends SqliteAdapter {
  // SQLite rolls schema changes back like any other; kysely's own dialect does not use it.
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function databaseConnection(connection: Connection): DatabaseConnection {
  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const sets = setsOf(query);
      const { rows, changes } = await (sets === undefined
        ? connection.run(query.sql, query.parameters)
        : connection.runSets(query.sql, sets));
      return { rows: rows as R[], numAffectedRows: BigInt(changes) };
    },
    streamQuery() {
      throw new Error("the store reads in pages, not by cursors");
    },
  };
}

/**
 * A dialect that owns `connection`: destroying the kysely instance closes it.
 * `mayConnect` is called before each wait for a turn and may throw.
 */
export function sqliteDialect(connection: Connection, mayConnect: () => void): Dialect {
  const turns = turnstile();
  const only = databaseConnection(connection);
  const raw = async (text: string) => void (await only.executeQuery(CompiledQuery.raw(text)));
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => {
      mayConnect();
      await turns.enter();
      return only;
    },
    releaseConnection: async () => turns.leave(),
    // A deferred transaction that reads first and writes later can meet SQLITE_BUSY_SNAPSHOT, which no wait cures.
    beginTransaction: () => raw("begin immediate"),
    commitTransaction: () => raw("commit"),
    // A full disk makes SQLite roll back by itself; a second rollback would hide that error behind its own.
    rollbackTransaction: async () => {
      if (connection.inTransaction()) await raw("rollback");
    },
    destroy: async () => connection.close(),
  };
  return {
    createDriver: () => driver,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new TransactionalDdl(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}
