/** How far a service's clock is from the machine's, read off the answers' `Date`. */

/**
 * The smallest skew (service minus machine, milliseconds) that explains an answer: its `Date` has whole seconds and was
 * set somewhere between sending and receiving, so a machine that is right yields 0, not noise.
 * @returns undefined for an unreadable date
 */
export function skewOf(date: string | null, sentAt: number, receivedAt: number): number | undefined {
  const seconds = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(seconds)) return undefined;
  const least = seconds - receivedAt;
  const most = seconds + 999 - sentAt;
  if (least <= 0 && most >= 0) return 0;
  return least > 0 ? least : most;
}
