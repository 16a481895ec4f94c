/** Time as a value that is handed in, so that pure code has none and tests can turn it. */

/** A source of time. */
export interface Clock {
  /** Now, in milliseconds since 1970 UTC. */
  now(): number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, milliseconds);
      signal?.addEventListener("abort", stop, { once: true });
    }),
};

/** UTC text with milliseconds (`2026-11-21T06:31:00.000Z`), the only form in which times are stored. */
export function utc(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
