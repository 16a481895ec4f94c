/** Times for people: near ones by weekday, far ones by date, always with the zone. */

/** Making a formatter costs more than using it a hundred times. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timezone: string): Intl.DateTimeFormat {
  const known = formatters.get(timezone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  formatters.set(timezone, made);
  return made;
}

function parts(instant: number, timezone: string): Record<string, string> {
  return Object.fromEntries(
    formatterOf(timezone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
}

const WEEK = 6 * 86_400_000;

/**
 * `Sat 02:30` within six days of `now`, else `2026-12-24 02:30`; the zone is not named.
 * @param at UTC text
 * @param now UTC text
 */
export function shortTime(at: string, now: string, timezone: string): string {
  const instant = Date.parse(at);
  if (Number.isNaN(instant)) return at;
  const { weekday, year, month, day, hour, minute } = parts(instant, timezone);
  const near = Math.abs(instant - Date.parse(now)) < WEEK;
  return near ? `${weekday} ${hour}:${minute}` : `${year}-${month}-${day} ${hour}:${minute}`;
}

/** `Sat 2026-11-21 02:30`; the zone is not named. */
export function longTime(at: string, timezone: string): string {
  const instant = Date.parse(at);
  if (Number.isNaN(instant)) return at;
  const { weekday, year, month, day, hour, minute } = parts(instant, timezone);
  return `${weekday} ${year}-${month}-${day} ${hour}:${minute}`;
}
