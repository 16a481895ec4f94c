/** The gate every request passes: so many a second, so many at once. */
import PQueue from "p-queue";

/** Settings of {@link openGate}. */
export interface GateOptions {
  /** Requests a second, all of which may go at once (default 15, as the official SDKs limit themselves). */
  perSecond?: number | undefined;
  /** Requests under way at once (default 10). */
  concurrency?: number | undefined;
}

/** Lets a piece of work through when its turn comes; an aborted signal takes it out of the queue. */
export type Gate = <T>(work: () => Promise<T>, signal?: AbortSignal | undefined) => Promise<T>;

/** Makes a gate. No request holds its place while it waits for a retry. */
export function openGate(options: GateOptions = {}): Gate {
  const queue = new PQueue({
    concurrency: options.concurrency ?? 10,
    intervalCap: Math.max(1, Math.floor(options.perSecond ?? 15)),
    interval: 1_000,
  });
  return (work, signal) => queue.add(work, { signal });
}
