/** The one retry loop: capped exponential back-off with jitter, a server's wish first. */
import type { Clock } from "./clock.ts";

/** How an attempt that failed is to be treated. */
export interface RetryVerdict {
  /** False: give up at once. */
  again: boolean;
  /** The server's own wish (`Retry-After`), in milliseconds. */
  after?: number | undefined;
}

/** Settings of {@link retry}. */
export interface RetryOptions {
  clock: Clock;
  /** Judges an error. */
  judge: (error: unknown, attempt: number) => RetryVerdict;
  /** Give up when the next attempt would start later than this many milliseconds after the first. */
  totalMs?: number;
  baseMs?: number;
  capMs?: number;
  random?: () => number;
  signal?: AbortSignal | undefined;
  onRetry?: (error: unknown, waitMs: number, attempt: number) => void;
}

/**
 * Calls `attempt` until it resolves, its error is judged final, or time is up; then throws the last error.
 * Waits double from `baseMs` (1 s) to `capMs` (10 s), each with full jitter in its upper half.
 */
export async function retry<T>(attempt: (number: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock, judge, totalMs = 300_000, baseMs = 1_000, capMs = 10_000, random = Math.random } = options;
  const started = clock.now();
  for (let number = 1; ; number++) {
    try {
      return await attempt(number);
    } catch (error) {
      const verdict = judge(error, number);
      if (!verdict.again || options.signal?.aborted) throw error;
      const backoff = Math.min(capMs, baseMs * 2 ** (number - 1));
      const wait = verdict.after ?? backoff / 2 + (random() * backoff) / 2;
      if (clock.now() + wait - started > totalMs) throw error;
      options.onRetry?.(error, wait, number);
      await clock.sleep(wait, options.signal);
    }
  }
}
