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
    strict: true,
  });
  return async (work, signal) => {
    // The queue leaves work alone whose signal it does not know: what has begun must tell itself how it was ended.
    const leave = new AbortController();
    const stop = () => leave.abort(signal?.reason);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    const begun = () => signal?.removeEventListener("abort", stop);
    try {
      return await queue.add(
        () => {
          begun();
          return work();
        },
        { signal: leave.signal },
      );
    } finally {
      begun();
    }
  };
}
