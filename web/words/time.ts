/** Times and durations in words, in the project's time zone. */

const formats = new Map<string, Intl.DateTimeFormat>();

function parts(date: Date, zone: string): Record<string, string> {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    });
    formats.set(zone, format);
  }
  // "Sept" is the one month that en-GB gives four letters.
  return Object.fromEntries(
    format.formatToParts(date).map(({ type, value }) => [type, type === "month" ? value.slice(0, 3) : value]),
  );
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `Europe/London` → `London`. */
export function city(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

/** `04:18`. */
export function clock(at: string | Date, zone: string): string {
  const p = parts(new Date(at), zone);
  return `${p.hour}:${p.minute}`;
}

/** `Fri 20 Nov 2026, 06:31`, with seconds where asked for. */
export function absolute(at: string | Date, zone: string, seconds = false): string {
  const p = parts(new Date(at), zone);
  return `${p.weekday} ${p.day} ${p.month} ${p.year}, ${p.hour}:${p.minute}${seconds ? `:${p.second}` : ""}`;
}

/** Shortest form that is not ambiguous within a week: `06:45`, `Mon 02:00`, `2 Dec 02:00`. */
export function near(at: string | Date, now: Date, zone: string): string {
  const date = new Date(at);
  const p = parts(date, zone);
  const today = parts(now, zone);
  const time = `${p.hour}:${p.minute}`;
  if (p.day === today.day && p.month === today.month && p.year === today.year) return time;
  if (Math.abs(date.getTime() - now.getTime()) < 6.5 * DAY) return `${p.weekday} ${time}`;
  return `${p.day} ${p.month}${p.year === today.year ? "" : ` ${p.year}`} ${time}`;
}

/** `Mon 23 Nov 02:00 London`: one line for impact columns. */
export function longNear(at: string, now: Date, zone: string): string {
  const p = parts(new Date(at), zone);
  const year = p.year === parts(now, zone).year ? "" : ` ${p.year}`;
  return `${p.weekday} ${p.day} ${p.month}${year} ${p.hour}:${p.minute} ${city(zone)}`;
}

/** A distance in time in its two largest units: `40 s`, `18 min`, `2 h 05 m`, `2 d 19 h`. */
export function span(ms: number): string {
  const abs = Math.abs(ms);
  if (abs < MINUTE) return `${Math.floor(abs / 1000)} s`;
  if (abs < HOUR) return `${Math.floor(abs / MINUTE)} min`;
  if (abs < DAY) {
    const minutes = Math.floor((abs % HOUR) / MINUTE);
    return `${Math.floor(abs / HOUR)} h ${String(minutes).padStart(2, "0")} m`;
  }
  const hours = Math.floor((abs % DAY) / HOUR);
  return `${Math.floor(abs / DAY)} d${hours > 0 ? ` ${hours} h` : ""}`;
}

/** One unit, for "… ago": `2 s`, `18 min`, `2 h`, `3 d`. */
function rough(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / 1000)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

/** `2 s ago`, `in 18 min`, `now`. */
export function relative(at: string | Date, now: Date): string {
  const ms = new Date(at).getTime() - now.getTime();
  if (Math.abs(ms) < 1000) return "now";
  return ms < 0 ? `${rough(-ms)} ago` : `in ${rough(ms)}`;
}

/** What a hover shows: absolute time with zone, and the distance. */
export function fullTime(at: string, now: Date, zone: string): string {
  return `${absolute(at, zone, true)} ${zone}\n${relative(at, now)}`;
}
