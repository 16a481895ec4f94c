/** What a test plays many times: a spread sample of it for a quick answer, all of it where `HEADGATE_CRASH=all` (the lane `real`). */

/** Whether all of it is played. The lane `real` plays every file that imports this one again. */
export const WHOLE = process.env.HEADGATE_CRASH === "all";

/**
 * Whether a test that takes its time is left to the lane `real`; prints so. For `it.skipIf` and `describe.skipIf`.
 *
 * @param what how the printed line calls it
 */
export function leftToReal(what: string): boolean {
  if (!WHOLE) console.log(`${what}: in the lane real`);
  return !WHOLE;
}

/** `from`, …, `to`. */
export const numbers = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);

/**
 * Takes a sample, spread evenly over all, and prints how much of all it is.
 *
 * @param what how the printed line calls them
 * @param count size of the sample
 * @param phase in [0, 1): where in each part of all the sample is taken, so that tests beside each other take others
 * @returns all of them where all are played
 */
export function sample<T>(what: string, all: readonly T[], count: number, phase = 0): T[] {
  const taken =
    WHOLE || count >= all.length
      ? [...all]
      : numbers(0, count - 1).map((index) => all[Math.floor(((index + phase) * all.length) / count)] as T);
  const rest = taken.length < all.length ? "; all in the lane real" : "";
  console.log(`${what}: ${taken.length} of ${all.length}${rest}`);
  return taken;
}
