/** The `Retry-After` header: how long a server asks to be left alone. */

/**
 * Milliseconds to wait by a `Retry-After` value: seconds, or an HTTP date (RFC 9110 §10.2.3), which is measured
 * against the answer's own `Date` where there is one, so that a wrong machine clock does not matter.
 * @returns undefined where the header is absent or unreadable
 */
export function parseRetryAfter(value: string | null, date: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  const until = Date.parse(text);
  if (Number.isNaN(until)) return undefined;
  const answered = date === null ? Number.NaN : Date.parse(date);
  return Math.max(0, until - (Number.isNaN(answered) ? now : answered));
}
