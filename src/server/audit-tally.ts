/**
 * The audit trail of writes that come by the thousand a second. A row for each would be most of what is written, and
 * each event is a row of a log already, with its time; what is to be added is who sent them. So the first write of a
 * sender is audited before it is answered, and those of the next minute are counted into one more row: whoever wrote in
 * a minute is on record before anything of it counts as done, and only a count can be lost when the process is killed.
 */
import type { AuditRow, AuditStore } from "../access/audit.ts";
import { audit } from "../access/audit.ts";
import type { Clock } from "../util/clock.ts";

/** Who did what, with what result. */
export type TalliedWrite = Pick<AuditRow, "actor" | "via" | "address" | "action" | "result" | "status" | "requestId">;

/** Audits writes in sums. */
export interface AuditTally {
  /** Resolves when the write may be answered. @param events how many events came with it */
  add(write: TalliedWrite, events: number): Promise<void>;
  /** Writes all counts that are open. */
  close(): Promise<void>;
}

interface Open {
  write: TalliedWrite;
  until: number;
  requests: number;
  events: number;
  /** The row of the first write, which the others wait for. */
  first: Promise<void>;
}

const WINDOW_MS = 60_000;

/**
 * Opens a tally.
 * @param onError told when a count could not be written: nobody waits for those
 */
export function createAuditTally(store: AuditStore, clock: Clock, onError: (error: unknown) => void): AuditTally {
  const open = new Map<string, Open>();

  function record(write: TalliedWrite, subject: string): Promise<void> {
    const { actor, via, address, ...what } = write;
    return audit(
      store,
      clock,
      { actor, via: via as Parameters<typeof audit>[2]["via"], address },
      { ...what, subject },
    );
  }

  async function settle({ write, requests, events }: Open): Promise<void> {
    if (requests > 0) await record(write, `${requests} more requests with ${events} events in the minute before`);
  }

  async function settleDue(now: number): Promise<void> {
    for (const [key, one] of open) {
      if (one.until > now) continue;
      open.delete(key);
      await settle(one);
    }
  }

  return {
    async add(write, events) {
      const now = clock.now();
      const { actor, via, address, action, result, status } = write;
      const key = JSON.stringify([actor, via, address, action, result, status]);
      const known = open.get(key);
      if (known !== undefined && known.until > now) {
        known.requests += 1;
        known.events += events;
        await known.first;
        return;
      }
      if (known) settle(known).catch(onError);
      const first = record(write, `${events} events`);
      const mine: Open = { write, until: now + WINDOW_MS, requests: 0, events: 0, first };
      open.set(key, mine);
      try {
        await first;
      } catch (error) {
        // the next write tries again
        if (open.get(key) === mine) open.delete(key);
        throw error;
      }
      settleDue(now).catch(onError);
    },
    async close() {
      await settleDue(Number.POSITIVE_INFINITY);
    },
  };
}
