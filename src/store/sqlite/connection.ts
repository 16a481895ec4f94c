/** One SQLite connection: durable settings, cached statements, and waiting for another process instead of failing. */
import type { DatabaseSyncInstance, StatementSyncInstance } from "@photostructure/sqlite";
import { HeadgateError } from "../../errors.ts";
import type { Clock } from "../../util/clock.ts";
import { fileFailure, sqliteCode } from "./failure.ts";

/** How durable a commit is: `full` survives power loss; `normal` survives a crash of the process only. */
export type Durability = "full" | "normal";

/** Settings of {@link openConnection}. */
export interface ConnectionOptions {
  clock: Clock;
  durability: Durability;
  /** Give up waiting for another process after so many milliseconds. */
  lockWaitMs: number;
}

/** What a statement did. */
export interface StatementResult {
  rows: Record<string, unknown>[];
  /** Rows written; 0 for a query. */
  changes: number;
}

/** A connection. Statements run at once on this thread; only waiting for the lock of another process is asynchronous. */
export interface Connection {
  run(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  /** Runs a statement once for each set of parameters; rows and changes are those of all runs. */
  runSets(sql: string, sets: readonly (readonly unknown[])[]): Promise<StatementResult>;
  inTransaction(): boolean;
  close(): void;
}

/** SQLite's own short wait, which blocks the thread; longer waits are ours and do not. */
const BUSY_TIMEOUT_MS = 10;
const STATEMENT_CACHE = 256;
/** Another connection holds the lock (https://sqlite.org/rescode.html#busy). */
const SQLITE_BUSY = 5;

/** True for the error of a statement that found the file locked by another connection. */
export function isBusy(error: unknown): boolean {
  return sqliteCode(error) === SQLITE_BUSY;
}

function bind(value: unknown): unknown {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === undefined) return null;
  // Text ends at NUL for the driver, and Postgres refuses it: both stores keep the replacement character.
  if (typeof value === "string" && value.includes("\0")) return value.replaceAll("\0", "\uFFFD");
  return value;
}

function cachedStatements(database: DatabaseSyncInstance) {
  const cache = new Map<string, { statement: StatementSyncInstance; reads: boolean }>();
  return (sql: string) => {
    let entry = cache.get(sql);
    if (entry) cache.delete(sql);
    else {
      const statement = database.prepare(sql);
      entry = { statement, reads: statement.columns().length > 0 };
      if (cache.size >= STATEMENT_CACHE) cache.delete(cache.keys().next().value as string);
    }
    cache.set(sql, entry);
    return entry;
  };
}

/**
 * Opens a file (it is made when absent) with write-ahead log, foreign keys and the asked durability.
 *
 * @throws HeadgateError `store_network_file_system` where the file system cannot hold a write-ahead log,
 *   `unavailable` where another process holds the file for longer than `lockWaitMs`, `config_invalid` for a file that is
 *   no store, `forbidden` where it may not be opened or written
 */
export async function openConnection(path: string, options: ConnectionOptions): Promise<Connection> {
  const { DatabaseSync } = await import("@photostructure/sqlite");
  const database = (() => {
    try {
      return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    } catch (error) {
      throw fileFailure(error, path) ?? error;
    }
  })();
  const statement = cachedStatements(database);

  async function waiting<T>(attempt: () => T): Promise<T> {
    const started = options.clock.now();
    for (let tries = 1; ; tries++) {
      try {
        return attempt();
      } catch (error) {
        // Inside a transaction we hold the lock already: a busy answer there is no matter of waiting.
        if (!isBusy(error) || database.isTransaction) throw fileFailure(error, path) ?? error;
        if (options.clock.now() - started > options.lockWaitMs) {
          throw new HeadgateError("unavailable", `Another process has held the store ${path} for too long`, {
            hint: "Find the headgate process that hangs, or raise the wait; nothing was written.",
            cause: error,
            permanent: false,
          });
        }
        await options.clock.sleep(1 + Math.random() * Math.min(25, 2 * tries));
      }
    }
  }

  try {
    await waiting(() => {
      const mode = database.prepare("pragma journal_mode = wal").get() as { journal_mode: string };
      if (mode.journal_mode === "wal" || path === ":memory:") return;
      throw new HeadgateError("store_network_file_system", `The file system of ${path} cannot hold a SQLite store`, {
        hint: "Put the store on a local disk, or use Postgres: store: { kind: postgres, url: … }",
        permanent: true,
      });
    });
    database.exec(`pragma synchronous = ${options.durability}`);
    // On macOS a plain fsync does not reach the disk.
    if (options.durability === "full") database.exec("pragma fullfsync = 1");
    database.exec("pragma foreign_keys = on");
    database.exec("pragma journal_size_limit = 67108864");
    database.exec("pragma cache_size = -16000");
  } catch (error) {
    database.close();
    throw error;
  }

  return {
    run: (sql, parameters) =>
      waiting(() => {
        const { statement: prepared, reads } = statement(sql);
        const values = parameters.map(bind);
        if (reads) return { rows: prepared.all(...values) as Record<string, unknown>[], changes: 0 };
        return { rows: [], changes: Number(prepared.run(...values).changes) };
      }),
    runSets: async (sql, sets) => {
      const result: StatementResult = { rows: [], changes: 0 };
      let next = 0;
      // Outside a transaction another process may take the lock between two of them: what is done stays done.
      await waiting(() => {
        const { statement: prepared, reads } = statement(sql);
        for (; next < sets.length; next++) {
          const values = (sets[next] as readonly unknown[]).map(bind);
          if (reads) for (const row of prepared.all(...values)) result.rows.push(row as Record<string, unknown>);
          else result.changes += Number(prepared.run(...values).changes);
        }
      });
      return result;
    },
    inTransaction: () => database.isTransaction,
    close: () => {
      // The driver cannot finalize a statement: SQLite ends the connection, and removes the log, only when they are
      // garbage collected. So the log is emptied here, and the file alone holds everything from now on.
      if (database.isOpen && !database.isTransaction) database.exec("pragma wal_checkpoint(truncate)");
      database.close();
    },
  };
}

/** Runs one query on a file that nobody else has open, without leaving files beside it. */
export async function peek(path: string, sql: string): Promise<Record<string, unknown>[]> {
  const { DatabaseSync } = await import("@photostructure/sqlite");
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare(sql).all() as Record<string, unknown>[];
  } finally {
    database.close();
  }
}
