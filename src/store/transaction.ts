/**
 * The store as a whole: its doors, and several of them in one transaction.
 *
 * @example
 * await store.transaction(async ({ jobs, access }) => {
 *   await jobs.savePlan(saved)
 *   await access.addAudit(row)
 * })
 */
import type { AccessStore } from "./access.ts";
import type { CursorStore } from "./cursors.ts";
import type { FileStore } from "./files.ts";
import type { JobStore } from "./jobs.ts";
import type { LineageStore } from "./lineage.ts";
import type { RunStore } from "./runs.ts";

/** The doors. */
export interface StoreDoors {
  readonly jobs: JobStore;
  readonly access: AccessStore;
  readonly cursors: CursorStore;
  readonly files: FileStore;
  readonly runs: RunStore;
  readonly lineage: LineageStore;
}

/** An open store. */
export interface Store extends StoreDoors {
  readonly kind: "sqlite" | "postgres";
  /** For people: the file, or host and database; never a password. */
  readonly place: string;
  /**
   * Runs `work` in one transaction: all of it is kept, or nothing when `work` rejects. Only the doors handed to `work`
   * take part; using the store's own doors inside throws. Keep it short: on SQLite it holds the one write lock.
   */
  transaction<T>(work: (doors: StoreDoors) => Promise<T>): Promise<T>;
  /** Rejects when the store does not answer. */
  ping(): Promise<void>;
  /** False where it answers and takes no writes: a file or disk that is read-only or full, a standby. */
  isWritable(): Promise<boolean>;
  /** Ends what is under way and closes; the store cannot be used afterwards. */
  close(): Promise<void>;
}
