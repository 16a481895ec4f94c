/** What the runs room is plugged into. */
import type { Problem } from "../model/problem.ts";
import type { DeclaredProcess, SequenceDetails } from "../model/registration.ts";
import type { Store } from "../store/transaction.ts";
import type { Clock } from "../util/clock.ts";

/** Files of processes, read and checked: what they declare, and every fault with its place. */
export type ReadCatalogue = (
  files?: readonly string[],
) => Promise<{ sequences: SequenceDetails[]; processes: DeclaredProcess[]; problems: Problem[] }>;

/** What the room needs. */
export interface RoomDeps {
  store: Pick<Store, "runs" | "transaction">;
  clock: Clock;
  /** The headgate project. */
  project: string;
  /** Who acts where a call does not say. */
  actor: string;
  /** Zone of processes that name none (`runs.timezone`). */
  timezone: string;
  /** How long a running task may be silent (`runs.lease`). Milliseconds. */
  leaseMs: number;
  /** So many random bytes. */
  random(count: number): Uint8Array;
  readCatalogue: ReadCatalogue;
  /** Told of what went wrong where it must not change the outcome of a task. */
  warn(message: string, error: unknown): void;
}
