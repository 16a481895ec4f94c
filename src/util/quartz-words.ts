/** Quartz schedules in words: `daily 02:30`, `weekdays 02:00`, `every 15 min`. */
import { parseQuartz, type Quartz } from "./quartz.ts";

const DAY_NAMES = ["", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTH_NAMES = ["", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const NTH = ["", "first", "second", "third", "fourth", "fifth"];

/** Most values of a list that are named; all days of a month that a schedule may begin on are fewer. */
const MOST_TEXTS = 16;

const two = (value: number) => String(value).padStart(2, "0");
const ascending = (values: Set<number>) => [...values].sort((a, b) => a - b);
const ordinal = (day: number) => {
  const ending = day % 100 >= 11 && day % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th");
  return `${day}${ending}`;
};

/** The step of values that fill `0..size-1` evenly from 0 on (`0,15,30,45` of 60: 15), else undefined. */
function evenStep(values: number[], size: number): number | undefined {
  if (values[0] !== 0) return undefined;
  if (values.length === size) return 1;
  const step = values[1];
  if (step === undefined || size % step !== 0 || values.length !== size / step) return undefined;
  return values.every((value, index) => value === index * step) ? step : undefined;
}

/** `Mon-Wed, Fri` of 2,3,4,6; ranges of three and more are joined. */
function ranges(values: number[], name: (value: number) => string): string {
  const texts: string[] = [];
  for (let i = 0; i < values.length; ) {
    let j = i;
    while (j + 1 < values.length && values[j + 1] === (values[j] as number) + 1) j++;
    if (j - i >= 2) {
      texts.push(`${name(values[i] as number)}-${name(values[j] as number)}`);
      i = j + 1;
    } else texts.push(name(values[i++] as number));
  }
  // A long list says no more than its beginning and end.
  if (texts.length > MOST_TEXTS) texts.splice(MOST_TEXTS - 2, texts.length - MOST_TEXTS + 1, "…");
  return texts.join(", ");
}

function timeWords(quartz: Quartz): { text: string; often: boolean } {
  const seconds = ascending(quartz.seconds);
  const minutes = ascending(quartz.minutes);
  const hours = ascending(quartz.hours);
  const allHours = hours.length === 24;
  const allMinutes = minutes.length === 60;
  const within = allHours ? "" : `, ${ranges(hours, two)} h`;
  const everySeconds = evenStep(seconds, 60);
  if (seconds.length > 1) {
    const often =
      everySeconds === undefined
        ? `at seconds ${ranges(seconds, two)}`
        : everySeconds === 1
          ? "every second"
          : `every ${everySeconds} s`;
    return { text: `${often}${allMinutes ? "" : `, minutes ${ranges(minutes, two)}`}${within}`, often: true };
  }
  const second = seconds[0] ?? 0;
  const tail = second === 0 ? "" : `:${two(second)}`;
  const everyMinutes = evenStep(minutes, 60);
  if (everyMinutes !== undefined && minutes.length > 1) {
    const at = second === 0 ? "" : ` at :${two(second)} s`;
    return { text: `${everyMinutes === 1 ? "every min" : `every ${everyMinutes} min`}${at}${within}`, often: true };
  }
  const everyHours = evenStep(hours, 24);
  if (everyHours !== undefined && hours.length > 1) {
    const at = minutes.map((minute) => `:${two(minute)}${tail}`).join(" ");
    return { text: everyHours === 1 ? `hourly, ${at}` : `every ${everyHours} h, ${at}`, often: true };
  }
  if (hours.length * minutes.length <= 6) {
    const times = hours.flatMap((hour) => minutes.map((minute) => `${two(hour)}:${two(minute)}${tail}`));
    return { text: times.join(", "), often: false };
  }
  const step = minutes.length > 2 && minutes[1] !== undefined ? minutes[1] - (minutes[0] as number) : 0;
  const even = step > 1 && minutes.every((minute, index) => minute === (minutes[0] as number) + index * step);
  const at = even
    ? `every ${step} min from :${two(minutes[0] as number)}`
    : `at ${ranges(minutes, (minute) => `:${two(minute)}${tail}`).replaceAll(", ", " ")}`;
  return { text: `${at}${within}`, often: true };
}

function dayWords(quartz: Quartz): string {
  const { monthDays, weekDays } = quartz;
  if (weekDays.kind === "last") return `last ${DAY_NAMES[weekDays.day]} of the month`;
  if (weekDays.kind === "nth") return `${NTH[weekDays.nth]} ${DAY_NAMES[weekDays.day]} of the month`;
  if (weekDays.kind === "days" && weekDays.days.size < 7) {
    const days = ascending(weekDays.days);
    if (days.join() === "2,3,4,5,6") return "weekdays";
    if (days.join() === "1,7") return "weekends";
    // Monday first, as weeks are read.
    return ranges(
      days.map((day) => (day === 1 ? 8 : day)).sort((a, b) => a - b),
      (day) => DAY_NAMES[day === 8 ? 1 : day] ?? "",
    );
  }
  if (monthDays.kind === "last") {
    const before = monthDays.before === 0 ? "" : `${monthDays.before} before `;
    return `${before}last ${monthDays.weekday ? "weekday" : "day"} of the month`;
  }
  if (monthDays.kind === "days" && monthDays.days.size + monthDays.nearest.size < 31) {
    const texts = [];
    if (monthDays.days.size > 0) texts.push(ranges(ascending(monthDays.days), ordinal));
    for (const day of ascending(monthDays.nearest)) texts.push(`weekday nearest the ${ordinal(day)}`);
    return texts.join(", ");
  }
  return "";
}

/**
 * A schedule in words, with the zone when given and not UTC: `daily 02:30`, `Mon 05:00 Europe/London`,
 * `every 15 min`, `hourly, :00`, `1st 06:00, Jan`.
 * @throws QuartzError for a bad expression
 */
export function describeQuartz(expression: string, timezone?: string): string {
  const quartz = parseQuartz(expression);
  const time = timeWords(quartz);
  const days = dayWords(quartz);
  let text = time.text;
  if (time.often) text = days === "" ? time.text : `${time.text}, ${days}`;
  else text = `${days === "" ? "daily" : days} ${time.text}`;
  const months = ascending(quartz.months);
  if (months.length < 12) text += `, ${ranges(months, (month) => MONTH_NAMES[month] ?? "")}`;
  if (quartz.years) text += `, ${ranges(ascending(quartz.years), String)}`;
  if (timezone !== undefined && timezone !== "" && timezone !== "UTC" && timezone !== "Etc/UTC") text += ` ${timezone}`;
  return text;
}
