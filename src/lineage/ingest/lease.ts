/** The lease of a source: one ingest at a time, and one that lost it writes nothing more. */
import { HeadgateError } from "../../errors.ts";
import type { CursorStore, Lease } from "../../store/cursors.ts";
import type { Clock } from "../../util/clock.ts";

/** Milliseconds; an ingest that says nothing for so long is taken for dead. */
const LEASE_MS = 60_000;

/** Who ingests. */
export interface IngestHolder {
  /** Name of this machine. */
  host: string;
  pid: number;
  /** Tells passes of one process apart. */
  id: string;
  /** True where a process of this machine lives. */
  isAlive(pid: number): boolean;
}

/** A lease that is held. */
export interface HeldLease {
  /** As it stands, to be handed to what must not be written by anybody else. */
  readonly lease: Lease;
  /** Prolongs it where a third of it is over. @throws HeadgateError `lock_lost` */
  keep(): Promise<void>;
  release(): Promise<void>;
}

const textOf = ({ host, pid, id }: IngestHolder): string => JSON.stringify([host, pid, id]);

/** True where the holder was a process of this machine that is gone: killed, so that it could not give the lease back. */
function isDead(lease: Lease, me: IngestHolder): boolean {
  const parts = /^\["(.*)",(\d+),".*"\]$/.exec(lease.holder);
  return parts !== null && parts[1] === me.host && Number(parts[2]) !== me.pid && !me.isAlive(Number(parts[2]));
}

/**
 * Takes the lease of a source.
 * @throws HeadgateError `retry` while another ingest of the source is under way
 */
export async function holdSource(
  cursors: CursorStore,
  clock: Clock,
  source: string,
  me: IngestHolder,
): Promise<HeldLease> {
  const name = `lineage/ingest/${source}`;
  const other = await cursors.findLease(name);
  if (other !== undefined && isDead(other, me)) await cursors.releaseLease(other);
  const taken = await cursors.acquireLease(name, textOf(me), LEASE_MS);
  if (taken === undefined) {
    throw new HeadgateError("retry", `another ingest of ${source} is under way`, {
      hint: `wait for it; one that was killed on another machine is forgotten after ${LEASE_MS / 1_000} seconds`,
      permanent: false,
    });
  }
  let lease = taken;
  return {
    get lease() {
      return lease;
    },
    async keep() {
      if (Date.parse(lease.expiresAt) - clock.now() > (LEASE_MS * 2) / 3) return;
      const renewed = await cursors.renewLease(lease, LEASE_MS);
      if (renewed === undefined) {
        throw new HeadgateError("lock_lost", `another ingest of ${source} has taken over`, {
          hint: "nothing is lost: it goes on with what is not in the store yet",
          permanent: false,
        });
      }
      lease = renewed;
    },
    release: () => cursors.releaseLease(lease),
  };
}
