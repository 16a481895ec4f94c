/**
 * Numbers of a log in commit order: whoever reads on from the last number it saw skips no row.
 * A sequence of the database would not do, since it hands numbers out before the commit: a reader may see 8 while 7 is
 * still under way, and never come back for it.
 */
import { type Kysely, sql } from "kysely";
import type { Schema, StoreKind } from "./schema/schema.ts";

/** Logs whose rows are numbered. */
export type Log = "access_audit" | "etl_event" | "ol_event";

/** Logs, and other numbers that nobody follows. */
export type Counter = Log | "etl_run" | "node" | "edge" | "canon_epoch";

/** Keys of the advisory locks ("hg" + log); arbitrary, but never to be changed while two versions may run. */
const LOCK_CLASS = 0x6867;
const LOCKS: Record<Log, number> = { access_audit: 1, etl_event: 2, ol_event: 3 };

/**
 * Takes the lock of a log until the transaction ends. Must be called before anything is read that the new rows depend
 * on. On SQLite every transaction holds the one write lock already.
 */
export async function lockLog(transaction: Kysely<Schema>, kind: StoreKind, log: Log): Promise<void> {
  if (kind === "sqlite") return;
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCK_CLASS)}, ${sql.lit(LOCKS[log])})`.execute(transaction);
}

/** Reserves `count` numbers of a log whose lock is held. @returns the first of them */
export async function nextSeq(transaction: Kysely<Schema>, log: Counter, count = 1): Promise<number> {
  const { rows } = await sql<{ seq: number }>`insert into log_position (log, seq) values (${log}, ${sql.lit(count)})
    on conflict (log) do update set seq = log_position.seq + excluded.seq returning seq`.execute(transaction);
  const [row] = rows;
  if (row === undefined) throw new Error(`the number of ${log} was not answered`);
  return row.seq - count + 1;
}
