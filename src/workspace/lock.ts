/** The lock of a deployment: one holder at a time, with a number that tells a late owner that its time is over. */
import { HeadgateError } from "../errors.ts";
import { type Clock, utc } from "../util/clock.ts";
import { formatDuration } from "../util/duration.ts";
import { type LockFiles, type LockRecord, lockFiles } from "./lock-file.ts";
import { type HeldLock, holdLock } from "./lock-hold.ts";
import type { WorkspaceFiles } from "./workspace.ts";

/** What {@link acquireLock} takes. */
export interface LockOptions {
  files: WorkspaceFiles;
  /** Folder of the lock files: that of the state file. */
  folder: string;
  clock: Clock;
  /** Service time minus machine time in milliseconds: `workspace.clockSkew`. */
  clockSkew: () => number;
  /** Random text, new for each taking. */
  id: string;
  /** Who, where, what: shown to whoever finds the lock taken. */
  holder: string;
  host: string;
  pid: number;
  commit: string | null;
  /** Highest fencing number known from elsewhere (the state file's `fence`): the new number is above it. */
  fence?: number | undefined;
  /** Take the lock although its holder is alive. */
  breakLock?: boolean | undefined;
  /** True for a lock whose process is known to be dead (a killed apply on this machine): it is taken over at once. */
  isDead?: ((record: LockRecord) => boolean) | undefined;
  /** How long it is valid without renewal, in milliseconds (default 5 minutes). */
  durationMs?: number | undefined;
}

/** A lock that was taken from somebody. */
export interface TakenOver {
  /** `dead`: its process is gone from this machine; `expired`: its owner stopped renewing it; `broken`: it was live and `breakLock` was asked for; `unreadable`: it was no lock record. */
  why: "dead" | "expired" | "broken" | "unreadable";
  n: number;
  /** What its file said, where it could be read. */
  record: LockRecord | undefined;
}

/**
 * Clocks are compared by whole seconds of the answers' `Date`: a lock counts as live for this much longer than it says,
 * so that its owner, who stops at the time it says, is always the first to know.
 */
const GRACE = 2_000;

const DEFAULT_DURATION = 300_000;

/**
 * Takes the lock: finds the highest number, and creates the next one's file without overwrite, which exactly one of
 * several takers succeeds in. It is renewed in the background until {@link HeldLock.release}.
 *
 * Numbers below the last two are removed, so that a taker who slept between looking and creating could create one that
 * was in use before: it looks again after creating, and steps back when a higher number is there.
 *
 * @throws HeadgateError `lock_held` (exit 3) naming holder, host, commit, since and until
 */
export async function acquireLock(options: LockOptions): Promise<HeldLock> {
  const store = lockFiles(options.files, options.folder);
  const durationMs = options.durationMs ?? DEFAULT_DURATION;
  const now = () => options.clock.now() + options.clockSkew();
  let fence = options.fence ?? 0;
  // Only the lock the user was told of may be broken, not that of somebody who broke it first.
  let mayBreak = options.breakLock === true;

  for (;;) {
    const top = await highest(store, fence);
    const takenOver = await judge(store, top, now, mayBreak, options.isDead);
    const { id, holder, host, pid, commit } = options;
    const at = now();
    const times = { at: utc(at), expires: utc(at + durationMs), released: false };
    const record: LockRecord = { id, n: Math.max(top, fence) + 1, holder, host, pid, commit, ...times };
    if (await store.create(record)) {
      const above = await highest(store, record.n);
      if (above === record.n) return holdLock({ store, record, takenOver, durationMs, clock: options.clock, now });
      await store.remove(record.n);
      fence = above;
    }
    mayBreak = false;
  }
}

/** The highest number there is, by the folder's list and by looking upward from `from`, should the list lag. */
async function highest(store: LockFiles, from: number): Promise<number> {
  let top = Math.max(0, ...(await store.numbers()));
  for (let n = Math.max(top, from) + 1; (await store.read(n)).kind !== "none"; n++) top = n;
  return Math.max(top, from);
}

/** Whether number `n` may be followed: throws `lock_held` where it is live, tells whom the lock is taken from. */
async function judge(
  store: LockFiles,
  n: number,
  now: () => number,
  mayBreak: boolean,
  isDead: LockOptions["isDead"],
): Promise<TakenOver | undefined> {
  const found = await store.read(n);
  if (found.kind === "none") return undefined;
  if (found.kind === "unreadable") {
    if (mayBreak) return { why: "unreadable", n, record: undefined };
    throw new HeadgateError("lock_held", `${store.pathOf(n)} is there but cannot be read as a lock`, {
      hint: "Nobody else at work? Take it over with --break-lock.",
    });
  }
  const { record } = found;
  if (record.released) return undefined;
  if (Date.parse(record.expires) + GRACE <= now()) return { why: "expired", n, record };
  if (isDead?.(record)) return { why: "dead", n, record };
  if (mayBreak) return { why: "broken", n, record };
  throw held(record, now());
}

function held(record: LockRecord, now: number): HeadgateError {
  const { holder, host, pid, commit, at, expires } = record;
  const left = formatDuration(Math.max(0, Date.parse(expires) - now));
  const work = commit === null ? "" : `, commit ${commit.slice(0, 12)}`;
  return new HeadgateError(
    "lock_held",
    `${holder} on ${host} (pid ${pid}${work}) holds the lock since ${at}, until ${expires} unless renewed`,
    {
      hint: `Wait for it; should it have died, the lock ends in ${left}, or take it over now with --break-lock.`,
      permanent: false,
      data: { holder, host, pid, commit, at, expires, n: record.n },
    },
  );
}
