/** One server of several on a store leads: it alone runs the loops that may run once. The others wait to take over. */
import type { Clock } from "../util/clock.ts";

/** A lease on being the leader. */
export interface LeaderLease {
  name: string;
  holder: string;
  fence: number;
  /** UTC text. */
  expiresAt: string;
}

/** Leases of the store, as far as they are needed here. */
export interface LeaderLeases {
  /** Undefined while somebody else holds it. */
  acquireLease(name: string, holder: string, milliseconds: number): Promise<LeaderLease | undefined>;
  /** Undefined when it was lost. */
  renewLease(lease: LeaderLease, milliseconds: number): Promise<LeaderLease | undefined>;
  releaseLease(lease: LeaderLease): Promise<void>;
}

/** Work that the leader does again and again. */
export interface Loop {
  name: string;
  /** Pause between two turns, milliseconds. */
  everyMs: number;
  /** One turn. `signal` is aborted when the server stops, and when it leads no more. */
  turn(signal: AbortSignal): Promise<void>;
}

/** What {@link startLeader} takes. */
export interface LeaderOptions {
  leases: LeaderLeases;
  clock: Clock;
  /** Name of the lease: servers with the same one compete. */
  name: string;
  /** Who we are; no two processes share it. */
  holder: string;
  loops: readonly Loop[];
  /** A leader that is killed is replaced after so long, milliseconds; 30 s when absent. */
  leaseMs?: number | undefined;
  /** Leading begins (with the number that grows with every leader) or ends (undefined). */
  onLead?: ((fence: number | undefined) => void) | undefined;
  /** A turn failed, or the store does not answer: it is tried again. */
  onError: (loop: string, error: unknown) => void;
}

/** A server's part in leading. */
export interface Leader {
  readonly leads: boolean;
  /** Ends the loops, gives the lease back; the next server leads at once. */
  stop(): Promise<void>;
}

/**
 * Starts to compete. The lease is renewed at a third of its length; a server that could not renew it in time ends its
 * loops before the lease is over, and competes again. What the loops write is guarded by fences of their own.
 */
export function startLeader(options: LeaderOptions): Leader {
  const { leases, clock, name, holder, leaseMs = 30_000, onError } = options;
  const stopping = new AbortController();
  const beat = Math.max(1, Math.floor(leaseMs / 3));
  let leads = false;

  /** Sleeps; false when the server stops or leading ended meanwhile. */
  async function slept(milliseconds: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    try {
      await clock.sleep(milliseconds, signal);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }

  async function run(loop: Loop, signal: AbortSignal): Promise<void> {
    do {
      try {
        await loop.turn(signal);
      } catch (error) {
        if (!signal.aborted) onError(loop.name, error);
      }
    } while (await slept(loop.everyMs, signal));
  }

  /** Renews until the lease is lost or the server stops. @returns the lease as it was last */
  async function hold(first: LeaderLease): Promise<LeaderLease | undefined> {
    let lease = first;
    while (await slept(beat, stopping.signal)) {
      try {
        const renewed = await leases.renewLease(lease, leaseMs);
        if (renewed === undefined) return undefined;
        lease = renewed;
      } catch (error) {
        onError("lease", error);
        // Nobody else may lead before the lease is over; by then we must have ended.
        if (Date.parse(lease.expiresAt) - clock.now() <= beat) return undefined;
      }
    }
    return lease;
  }

  async function lead(lease: LeaderLease): Promise<void> {
    const leading = new AbortController();
    leads = true;
    options.onLead?.(lease.fence);
    const running = options.loops.map((loop) => run(loop, leading.signal));
    const last = await hold(lease);
    leading.abort();
    await Promise.all(running);
    leads = false;
    options.onLead?.(undefined);
    if (last !== undefined) await leases.releaseLease(last).catch((error: unknown) => onError("lease", error));
  }

  async function compete(): Promise<void> {
    do {
      try {
        const lease = await leases.acquireLease(name, holder, leaseMs);
        if (lease !== undefined) await lead(lease);
      } catch (error) {
        onError("lease", error);
      }
    } while (await slept(beat, stopping.signal));
  }
  const competing = compete();

  return {
    get leads() {
      return leads;
    },
    async stop() {
      stopping.abort();
      await competing;
    },
  };
}
