/** Calendar days (`2026-11-20`) in words. They belong to a process, not to a zone: no clock is involved. */

const DAY_MS = 86_400_000;
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The day so many days after another (before, where negative). */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Days from one to another, both included. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

/** Parts of a day: `{ weekday: "Fri", number: 20, month: "Nov", year: 2026, weekend: false }`. */
export function partsOfDay(day: string) {
  const date = new Date(`${day}T00:00:00Z`);
  const weekday = date.getUTCDay();
  return {
    weekday: WEEKDAYS[weekday] ?? "",
    number: date.getUTCDate(),
    month: MONTHS[date.getUTCMonth()] ?? "",
    year: date.getUTCFullYear(),
    weekend: weekday === 0 || weekday === 6,
  };
}

/** `20 Nov`. */
export function shortDay(day: string): string {
  const { number, month } = partsOfDay(day);
  return `${number} ${month}`;
}

/** `Fri 20 Nov`. */
export function weekdayOf(day: string): string {
  return `${partsOfDay(day).weekday} ${shortDay(day)}`;
}

/** `20 Nov 2026`. */
export function fullDay(day: string): string {
  return `${shortDay(day)} ${partsOfDay(day).year}`;
}

/** Today in a zone. */
export function today(now: Date, zone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(
    now,
  );
}

/** True for a text that is a calendar day. */
export function isDay(text: string | null): text is string {
  return text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}
