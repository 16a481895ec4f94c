/** Moments in words, as short as they can be: `04:18` today, `Mon 05:20` this week, `3 Nov` before. */

const DAY = 86_400_000;

function parts(instant: number, timezone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    year: "numeric",
    month: "short",
    day: "numeric",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return Object.fromEntries(format.formatToParts(instant).map((part) => [part.type, part.value]));
}

/** A UTC text as a person in `timezone` would say it at `now` (milliseconds). */
export function when(iso: string, now: number, timezone: string): string {
  const instant = Date.parse(iso);
  const then = parts(instant, timezone);
  const today = parts(now, timezone);
  const time = `${then.hour}:${then.minute}`;
  if (then.day === today.day && then.month === today.month && then.year === today.year) return time;
  if (Math.abs(instant - now) < 6 * DAY) return `${then.weekday} ${time}`;
  return then.year === today.year ? `${then.day} ${then.month}` : `${then.day} ${then.month} ${then.year}`;
}
