/** A clock whose sleeps take no time, for tests of waiting. */
import type { Clock } from "../src/util/clock.ts";

/** The machine's time plus all that was slept or pushed; sleeps end at once and are written down. */
export interface QuickClock extends Clock {
  /** Milliseconds of each sleep. */
  readonly slept: number[];
  /** Pushes the time forward by so many milliseconds. */
  push(milliseconds: number): void;
}

export function quickClock(): QuickClock {
  const slept: number[] = [];
  let ahead = 0;
  return {
    slept,
    now: () => Date.now() + ahead,
    push: (milliseconds) => {
      ahead += milliseconds;
    },
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      slept.push(milliseconds);
      ahead += milliseconds;
    },
  };
}
