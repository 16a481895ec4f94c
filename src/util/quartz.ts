/**
 * Quartz cron expressions: parsed, and their next starts.
 *
 * Rules as Java Quartz 2.3.2/2.5.2 `CronExpression` has them (2.5.0 is wrong for L and W), checked against its answers.
 */
import { instantOf, wallTime, zoneOf } from "./zone.ts";

/** A fault in an expression. `position` counts characters from 0 in the expression as given. */
export class QuartzError extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.name = "QuartzError";
    this.position = position;
  }
}

/** Days of a month. */
type MonthDays =
  | { kind: "any" }
  /** `nearest`: days marked W, which move to the nearest weekday. */
  | { kind: "days"; days: Set<number>; nearest: Set<number> }
  | { kind: "last"; before: number; weekday: boolean };

/** Days of a week, 1 = Sunday … 7 = Saturday. */
type WeekDays =
  | { kind: "any" }
  | { kind: "days"; days: Set<number> }
  | { kind: "last"; day: number }
  | { kind: "nth"; day: number; nth: number };

/** A parsed expression. */
export interface Quartz {
  seconds: Set<number>;
  minutes: Set<number>;
  hours: Set<number>;
  monthDays: MonthDays;
  /** 1 = January. */
  months: Set<number>;
  weekDays: WeekDays;
  /** Undefined: every year. */
  years: Set<number> | undefined;
}

interface FieldRule {
  name: string;
  min: number;
  max: number;
  names?: readonly string[];
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"] as const;
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const;
const LAST_YEAR = 2299;

const SECOND: FieldRule = { name: "second", min: 0, max: 59 };
const MINUTE: FieldRule = { name: "minute", min: 0, max: 59 };
const HOUR: FieldRule = { name: "hour", min: 0, max: 23 };
const MONTH_DAY: FieldRule = { name: "day of month", min: 1, max: 31 };
const MONTH: FieldRule = { name: "month", min: 1, max: 12, names: MONTHS };
const WEEK_DAY: FieldRule = { name: "day of week", min: 1, max: 7, names: DAYS };
const YEAR: FieldRule = { name: "year", min: 1970, max: LAST_YEAR };

interface Word {
  text: string;
  at: number;
}

function words(expression: string): Word[] {
  return [...expression.matchAll(/\S+/g)].map((match) => ({ text: match[0].toUpperCase(), at: match.index }));
}

/** Parts of a list field; `1,,2` has an empty one, which is refused where it stands. */
function parts(word: Word): Word[] {
  const found: Word[] = [];
  let at = word.at;
  for (const text of word.text.split(",")) {
    if (text === "") throw new QuartzError("a value is missing between two commas", at);
    found.push({ text, at });
    at += text.length + 1;
  }
  return found;
}

/** Java looks at the first three letters of a name, so that MONDAY is read as MON. */
function namedValue(text: string, rule: FieldRule): number | undefined {
  const index = /^[A-Z]{3,}$/.test(text) ? (rule.names?.indexOf(text.slice(0, 3)) ?? -1) : -1;
  return index < 0 ? undefined : index + rule.min;
}

function numberOf(text: string, at: number, rule: FieldRule): number {
  const named = namedValue(text, rule);
  if (named !== undefined) return named;
  if (!/^\d+$/.test(text)) {
    const names = rule.names ? `, or one of ${rule.names.join(" ")}` : "";
    throw new QuartzError(`'${text}' is no ${rule.name} (${rule.min}-${rule.max}${names})`, at);
  }
  const value = Number(text);
  if (value < rule.min || value > rule.max) {
    throw new QuartzError(`${rule.name} must be between ${rule.min} and ${rule.max}, found ${text}`, at);
  }
  return value;
}

function stepOf(text: string | undefined, at: number, rule: FieldRule): number {
  if (text === undefined) return 1;
  if (!/^\d+$/.test(text)) throw new QuartzError(text === "" ? "a step must follow '/'" : `'${text}' is no step`, at);
  if (Number(text) > rule.max) {
    throw new QuartzError(`a step of ${rule.name}s must be ${rule.max} or less, found ${text}`, at);
  }
  return Number(text);
}

/** Adds what one part of a list (`5`, `*`, `1-5`, `0/15`, `22-4/2`) stands for. */
function addPart(part: Word, rule: FieldRule, into: Set<number>): void {
  const slash = part.text.indexOf("/");
  const body = slash < 0 ? part.text : part.text.slice(0, slash);
  let step = stepOf(slash < 0 ? undefined : part.text.slice(slash + 1), part.at + slash + 1, rule);
  const dash = body.indexOf("-");
  let from = rule.min;
  let to = rule.max;
  if (body === "?") throw new QuartzError("'?' may only stand for day of month or day of week", part.at);
  if (dash >= 0) {
    from = numberOf(body.slice(0, dash), part.at, rule);
    to = numberOf(body.slice(dash + 1), part.at + dash + 1, rule);
    if (/^\d/.test(body) !== /^\d/.test(body.slice(dash + 1))) {
      throw new QuartzError("a range has two numbers or two names", part.at);
    }
  } else if (body !== "*" && body !== "") {
    from = numberOf(body, part.at, rule);
    if (slash < 0) to = from;
  } else if (body === "" && slash < 0) {
    throw new QuartzError(`a ${rule.name} is missing`, part.at);
  }
  // Java does not look at a step behind a name: MON-FRI/2 is MON-FRI, and JAN/3 is JAN.
  if (slash >= 0 && /^[A-Z]/.test(body)) {
    step = 1;
    if (dash < 0) to = from;
  }
  // Java reads a step of 0 as "no step": `5/0` is 5, and every value with `*`.
  if (step === 0) {
    step = 1;
    if (body !== "*" && body !== "") to = from;
  }
  if (from > to) {
    if (rule === YEAR) throw new QuartzError("a range of years cannot run backwards", part.at);
    const size = rule.max - rule.min + 1;
    for (let value = from; value <= to + size; value += step) into.add(((value - rule.min) % size) + rule.min);
    return;
  }
  for (let value = from; value <= to; value += step) into.add(value);
}

function plainField(word: Word, rule: FieldRule): Set<number> {
  const values = new Set<number>();
  for (const part of parts(word)) addPart(part, rule, values);
  return values;
}

function parseMonthDays(word: Word): MonthDays {
  const { text, at } = word;
  if (text === "?" || text === "*") return { kind: "any" };
  const last = /^L(?:-(\d+))?(W)?$/.exec(text);
  if (last) {
    const before = Number(last[1] ?? "0");
    if (before > 30) throw new QuartzError("the offset from the last day must be 30 or less", at + 2);
    return { kind: "last", before, weekday: last[2] === "W" };
  }
  const list = parts(word);
  if (text.includes("L")) {
    throw new QuartzError(`'${text}': L stands alone here, as L, LW, L-3 or L-3W`, at + text.indexOf("L"));
  }
  const days = new Set<number>();
  const nearest = new Set<number>();
  for (const part of list) {
    if (part.text.endsWith("W")) nearest.add(numberOf(part.text.slice(0, -1), part.at, MONTH_DAY));
    else addPart(part, MONTH_DAY, days);
  }
  return { kind: "days", days, nearest };
}

function parseWeekDays(word: Word): WeekDays {
  const { text } = word;
  if (text === "?" || text === "*") return { kind: "any" };
  if (text === "L") return { kind: "days", days: new Set([7]) };
  const days = new Set<number>();
  let nth: number | undefined;
  let last = false;
  const list = parts(word);
  for (const part of list) {
    const hash = part.text.indexOf("#");
    if (hash >= 0) {
      const number = part.text.slice(hash + 1);
      if (!/^[1-5]$/.test(number)) throw new QuartzError("a number from 1 to 5 must follow #", part.at + hash + 1);
      if (nth !== undefined) throw new QuartzError("only one # is possible", part.at + hash);
      nth = Number(number);
      days.add(numberOf(part.text.slice(0, hash), part.at, WEEK_DAY));
    } else if (/^.+L$/.test(part.text) && !part.text.includes("-")) {
      if (list.length > 1) throw new QuartzError("L cannot be part of a list of weekdays", part.at);
      last = true;
      days.add(numberOf(part.text.slice(0, -1), part.at, WEEK_DAY));
    } else {
      addPart(part, WEEK_DAY, days);
    }
  }
  const first = Math.min(...days);
  if (last) return { kind: "last", day: first };
  // Quartz keeps one "nth" for the whole field and applies it to the first weekday: MON,FRI#2 is the second Monday.
  if (nth !== undefined) return { kind: "nth", day: first, nth };
  return { kind: "days", days };
}

/** Good expressions that were parsed, up to so many: a schedule is checked and then asked for its next start. */
const parsedBefore = new Map<string, Quartz>();
const MOST_PARSED = 10_000;

/**
 * Parses a Quartz expression: second, minute, hour, day of month, month, day of week, and perhaps year.
 * @throws QuartzError with the position of the fault
 */
export function parseQuartz(expression: string): Readonly<Quartz> {
  const known = parsedBefore.get(expression);
  if (known !== undefined) return known;
  const parsed = parseFields(expression);
  if (parsedBefore.size >= MOST_PARSED) parsedBefore.clear();
  parsedBefore.set(expression, parsed);
  return parsed;
}

function parseFields(expression: string): Quartz {
  const fields = words(expression);
  const [second, minute, hour, monthDay, month, weekDay, year] = fields;
  const end = expression.trimEnd().length;
  if (!second || expression.trim().startsWith("@")) {
    throw new QuartzError("a Quartz expression has 6 or 7 fields: second minute hour day month weekday [year]", 0);
  }
  if (!minute || !hour || !monthDay || !month || !weekDay) {
    const unix = fields.length === 5 ? "; 5 fields are Unix cron, Quartz begins with the second" : "";
    throw new QuartzError(`6 or 7 fields are needed, found ${fields.length}${unix}`, end);
  }
  if (fields[7]) throw new QuartzError(`6 or 7 fields are needed, found ${fields.length}`, fields[7].at);
  const parsed: Quartz = {
    seconds: plainField(second, SECOND),
    minutes: plainField(minute, MINUTE),
    hours: plainField(hour, HOUR),
    monthDays: parseMonthDays(monthDay),
    months: plainField(month, MONTH),
    weekDays: parseWeekDays(weekDay),
    years: year && year.text !== "*" ? plainField(year, YEAR) : undefined,
  };
  const open = [monthDay, weekDay].filter((field) => field.text === "?").length;
  if (open !== 1) {
    const why = open === 2 ? "not both" : `found '${monthDay.text}' and '${weekDay.text}'`;
    throw new QuartzError(`exactly one of day of month and day of week must be '?', ${why}`, weekDay.at);
  }
  return parsed;
}

const DAY = 86_400_000;

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();
/** 1 = Sunday. */
const weekDayOf = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;

/** The weekday (Monday to Friday) nearest to a day, without leaving the month. */
function nearestWeekday(year: number, month: number, day: number): number {
  const weekDay = weekDayOf(year, month, day);
  if (weekDay === 7) return day === 1 ? day + 2 : day - 1;
  if (weekDay === 1) return day === daysIn(year, month) ? day - 2 : day + 1;
  return day;
}

/** Days of one month on which the expression fires, ascending. */
function firingDays(quartz: Quartz, year: number, month: number): number[] {
  const length = daysIn(year, month);
  const { monthDays, weekDays } = quartz;
  if (monthDays.kind === "last") {
    const day = length - monthDays.before;
    if (day < 1) return [];
    return [monthDays.weekday ? nearestWeekday(year, month, day) : day];
  }
  const days: number[] = [];
  // A day that the month does not have fires not at all, also with W.
  const moved =
    monthDays.kind === "days"
      ? [...monthDays.nearest].filter((day) => day <= length).map((day) => nearestWeekday(year, month, day))
      : [];
  for (let day = 1; day <= length; day++) {
    if (monthDays.kind === "days" && !monthDays.days.has(day) && !moved.includes(day)) continue;
    if (weekDays.kind !== "any") {
      const weekDay = weekDayOf(year, month, day);
      if (weekDays.kind === "days" ? !weekDays.days.has(weekDay) : weekDay !== weekDays.day) continue;
      if (weekDays.kind === "last" && day + 7 <= length) continue;
      if (weekDays.kind === "nth" && Math.ceil(day / 7) !== weekDays.nth) continue;
    }
    days.push(day);
  }
  return days;
}

/** Wall-clock times that match, from `wall` on, ascending, in the milliseconds that `Date.UTC` would give for them. */
function* matches(quartz: Quartz, wall: number): Generator<number> {
  const ascending = (values: Set<number>) => [...values].sort((a, b) => a - b);
  const hours = ascending(quartz.hours);
  const minutes = ascending(quartz.minutes);
  const seconds = ascending(quartz.seconds);
  const start = new Date(wall);
  const firstYear = start.getUTCFullYear();
  for (let year = firstYear; year <= LAST_YEAR; year++) {
    if (quartz.years && !quartz.years.has(year)) continue;
    for (let month = year === firstYear ? start.getUTCMonth() + 1 : 1; month <= 12; month++) {
      if (!quartz.months.has(month)) continue;
      for (const day of firingDays(quartz, year, month)) {
        const midnight = Date.UTC(year, month - 1, day);
        if (midnight + DAY <= wall) continue;
        for (const hour of hours) {
          if (midnight + (hour + 1) * 3_600_000 <= wall) continue;
          for (const minute of minutes) {
            if (midnight + hour * 3_600_000 + (minute + 1) * 60_000 <= wall) continue;
            for (const second of seconds) {
              const time = midnight + hour * 3_600_000 + minute * 60_000 + second * 1_000;
              if (time >= wall) yield time;
            }
          }
        }
      }
    }
  }
}

/** Options of {@link nextStarts}. */
export interface NextStartsOptions {
  /** Java or IANA zone id; UTC when not given. */
  timezone?: string | undefined;
  /** Starts strictly after this: ISO text, Date, or milliseconds since 1970 UTC. */
  after: string | number | Date;
  /** How many; 5 when not given. */
  count?: number | undefined;
}

/**
 * The next starts of a schedule as UTC ISO texts; fewer than asked for when it ends. Wall times that a clock change
 * leaves out are skipped, those it repeats fire once, at the later instant (Java Quartz).
 * @throws QuartzError for a bad expression, RangeError for an unknown zone or a bad time
 */
export function nextStarts(expression: string, options: NextStartsOptions): string[] {
  const quartz = parseQuartz(expression);
  const id = options.timezone ?? "UTC";
  const zone = zoneOf(id);
  if (!zone) throw new RangeError(`unknown time zone '${id}'`);
  const after = new Date(options.after).getTime();
  if (Number.isNaN(after)) throw new RangeError(`'${String(options.after)}' is no time`);
  const count = options.count ?? 5;
  const starts: string[] = [];
  if (count <= 0) return starts;
  const from = (Math.floor(after / 1_000) + 1) * 1_000;
  for (const wall of matches(quartz, wallTime(zone, from))) {
    const instant = instantOf(zone, wall);
    if (instant === undefined || instant < from) continue;
    starts.push(new Date(instant).toISOString());
    if (starts.length >= count) break;
  }
  return starts;
}
