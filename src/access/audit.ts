/** The audit trail: one row for every write, whether it was done or refused. Rows are only ever added. */
import { randomBytes } from "node:crypto";
import { type Clock, utc } from "../util/clock.ts";
import type { Principal } from "./principal.ts";

/** One row. */
export interface AuditRow {
  id: string;
  /** UTC text. */
  at: string;
  actor: string;
  /** How the actor was known: `token`, `session`, `proxy`, `none`. */
  via: string;
  /** Address it came from. */
  address: string;
  /** What was done: the route's name (`createPlan`, `applyPlan`) or `login`. */
  action: string;
  /** What it was done to: `plans/01J…`, or "". */
  subject: string;
  /** `ok`, `started`, or the code of the refusal. */
  result: string;
  /** HTTP status, or null where there was no answer of its own. */
  status: number | null;
  /** Finds the request in the log. */
  requestId: string;
}

/** What is asked of the store here. */
export interface AuditStore {
  addAudit(row: AuditRow): Promise<void>;
}

/** Writes an audit row; rejects when the store does, since a write that leaves no trace must not count as done. */
export async function audit(
  store: AuditStore,
  clock: Clock,
  who: Pick<Principal, "actor" | "via"> & { address: string },
  what: { action: string; subject: string; result: string; status: number | null; requestId: string },
): Promise<void> {
  await store.addAudit({
    id: randomBytes(8).toString("hex"),
    at: utc(clock.now()),
    actor: who.actor,
    via: who.via,
    address: who.address,
    ...what,
  });
}
