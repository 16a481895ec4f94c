/** A lock in our hands: renewed in the background, given up when it is lost, released at the end. */
import { HeadgateError } from "../errors.ts";
import { type Clock, utc } from "../util/clock.ts";
import type { TakenOver } from "./lock.ts";
import type { LockFiles, LockRecord } from "./lock-file.ts";

/** See {@link holdLock}. */
export interface HeldLock {
  /** The fencing number: goes into the state file with every write. */
  readonly n: number;
  /** Whom it was taken from, so that it is said; undefined where it was free. */
  readonly takenOver: TakenOver | undefined;
  /** Aborted with the `lock_lost` error as soon as the background renewal finds the lock lost. */
  readonly lost: AbortSignal;
  /** False as soon as a higher number exists or our time is over; asks the workspace. Once false, always false. */
  stillMine(): Promise<boolean>;
  /** As {@link HeldLock.stillMine}, thrown. @throws HeadgateError `lock_lost` (exit 3) */
  check(): Promise<void>;
  /** Renews now. @throws HeadgateError `lock_lost` */
  renew(): Promise<void>;
  /** Stops renewing, marks our file as released (if it is still ours) and removes the files below the last two. */
  release(): Promise<void>;
}

/** What {@link holdLock} takes. */
export interface HoldOptions {
  store: LockFiles;
  record: LockRecord;
  takenOver: TakenOver | undefined;
  durationMs: number;
  clock: Clock;
  /** The service's time. */
  now: () => number;
}

/** Holds a lock whose file was just made, and starts renewing it at a third of its duration. */
export function holdLock(options: HoldOptions): HeldLock {
  const { store, takenOver, durationMs, clock, now } = options;
  let record = options.record;
  const lost = new AbortController();
  const stop = new AbortController();

  function lose(why: string, data: Record<string, unknown> = {}): HeadgateError {
    const error = new HeadgateError("lock_lost", `the lock (number ${record.n}) is no longer ours: ${why}`, {
      hint: "Nothing more was sent. Run again: what was done is kept, what is left is done then.",
      permanent: false,
      data: { n: record.n, ...data },
    });
    if (!lost.signal.aborted) lost.abort(error);
    return lost.signal.reason as HeadgateError;
  }

  // Our own time is measured on our own clock since the last renewal was sent: no jump of the service's clock can
  // stretch it, and a machine that slept finds it over.
  let heldUntil = clock.now() + durationMs;
  const isOver = () => clock.now() >= heldUntil;

  async function check(): Promise<void> {
    if (lost.signal.aborted) throw lost.signal.reason;
    // Asked first: an owner that slept must learn who has it now, not only that it is late.
    const next = await store.read(record.n + 1);
    if (next.kind === "record") {
      const { holder, host, at } = next.record;
      throw lose(`${holder} on ${host} took it over at ${at}`, { holder, host, at });
    }
    if (next.kind === "unreadable") throw lose("a higher number is there");
    if (isOver()) throw lose(`it was not renewed before ${record.expires}`);
  }

  async function renew(): Promise<void> {
    await check();
    const until = clock.now() + durationMs;
    const renewed = { ...record, expires: utc(now() + durationMs) };
    await store.write(renewed);
    record = renewed;
    heldUntil = until;
  }

  /** Renews until stopped. A failed renewal is tried again soon; the end of our time is the end of trying. */
  async function keepRenewing(): Promise<void> {
    let wait = durationMs / 3;
    while (!stop.signal.aborted && !lost.signal.aborted) {
      try {
        await clock.sleep(wait, stop.signal);
        await renew();
        wait = durationMs / 3;
      } catch (error) {
        if (stop.signal.aborted) return;
        if (error instanceof HeadgateError && error.code === "lock_lost") return;
        if (isOver()) lose(`it could not be renewed before ${record.expires}`);
        wait = durationMs / 15;
      }
    }
  }
  const renewing = keepRenewing();

  return {
    n: record.n,
    takenOver,
    lost: lost.signal,
    check,
    renew,
    stillMine: async () => {
      try {
        await check();
        return true;
      } catch (error) {
        if (error instanceof HeadgateError && error.code === "lock_lost") return false;
        throw error;
      }
    },
    release: async () => {
      if (stop.signal.aborted) return;
      stop.abort();
      await renewing;
      if (lost.signal.aborted || isOver() || (await store.read(record.n + 1)).kind !== "none") return;
      await store.write({ ...record, released: true });
      const old = (await store.numbers()).filter((n) => n < record.n - 1);
      await Promise.all(old.map((n) => store.remove(n)));
    },
  };
}
