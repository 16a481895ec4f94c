/** When the scheduled jobs of a fleet start, by day and hour of the project's zone, and how many then run at once. Pure. */
import { HeadgateError } from "../errors.ts";
import type { FleetView, JobRow } from "../model/view.ts";
import { nextStarts, QuartzError } from "../util/quartz.ts";
import { instantOf, wallTime, type Zone, zoneOf } from "../util/zone.ts";
import type { CalendarAnswer, CalendarJob, CalendarQuery } from "./api/jobs-page.ts";

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Starts of one job a day: one a minute. What starts more often is cut, and said to be. */
const MOST_A_DAY = 1_440;
/** How long a run of unknown length is taken to last. */
const UNKNOWN_MS = 60_000;

/** A job with its starts as instants. */
interface Starting {
  row: JobRow;
  at: number[];
  cut: boolean;
  runMs: number | null;
}

/** The instants of an expression within `[begins, ends)`; at most so many, then `cut`. */
function startsWithin(expression: string, timezone: string | null, begins: number, ends: number, most: number) {
  const at: number[] = [];
  // Few are asked for at first: those of a yearly schedule would be looked for until it ends.
  for (let chunk = 16, after = begins - 1; ; chunk = Math.min(chunk * 4, 2_048)) {
    const found = nextStarts(expression, { timezone: timezone ?? undefined, after, count: chunk });
    for (const text of found) {
      const instant = Date.parse(text);
      if (instant >= ends) return { at, cut: false };
      if (at.length >= most) return { at, cut: true };
      at.push(instant);
      after = instant;
    }
    if (found.length < chunk) return { at, cut: false };
  }
}

/** Middle of the lengths of the runs that ended well. */
function usualLength(row: JobRow): number | null {
  const lengths = row.runs.filter((run) => run.state === "done").map((run) => run.durationMs);
  return lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? null;
}

function startingJobs(rows: readonly JobRow[], begins: number, ends: number, days: number): Starting[] {
  const known = new Map<string, { at: number[]; cut: boolean }>();
  return rows.flatMap((row): Starting[] => {
    const { expression = null, timezone = null } = row.schedule ?? {};
    if (expression === null) return [];
    const key = `${expression}|${timezone ?? ""}`;
    let starts = known.get(key);
    if (starts === undefined) {
      try {
        starts = startsWithin(expression, timezone, begins, ends, MOST_A_DAY * days);
      } catch (error) {
        // A wrong expression or zone is reported by the checks of the declaration; it never starts.
        if (!(error instanceof QuartzError || error instanceof RangeError)) throw error;
        starts = { at: [], cut: false };
      }
      known.set(key, starts);
    }
    return starts.at.length === 0 ? [] : [{ row, ...starts, runMs: usualLength(row) }];
  });
}

/** How many values of a sorted list are at most `value`. */
function countUpTo(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Midnight of a day in a zone; where the clock leaves midnight out, the first moment after. */
function midnight(zone: Zone, wall: number): number {
  for (let late = 0; late <= 3 * HOUR; late += HOUR / 2) {
    const instant = instantOf(zone, wall + late);
    if (instant !== undefined) return instant;
  }
  return wall;
}

function countHours(jobs: readonly Starting[], zone: Zone, firstDay: number, days: number) {
  const cells = Array.from({ length: days }, () => ({
    starts: new Array<number>(24).fill(0),
    paused: new Array<number>(24).fill(0),
    atOnce: new Array<number>(24).fill(0),
  }));
  const cellOf = (instant: number) => {
    const wall = wallTime(zone, instant) - firstDay;
    return { cell: cells[Math.floor(wall / DAY)], hour: Math.floor((((wall % DAY) + DAY) % DAY) / HOUR) };
  };
  const add = (counts: number[], hour: number) => {
    counts[hour] = (counts[hour] ?? 0) + 1;
  };
  const begun: number[] = [];
  const over: number[] = [];
  for (const { row, at, runMs } of jobs) {
    const paused = row.schedule?.paused === true;
    for (const instant of at) {
      const { cell, hour } = cellOf(instant);
      if (cell) add(paused ? cell.paused : cell.starts, hour);
      if (paused) continue;
      begun.push(instant);
      over.push(instant + (runMs ?? UNKNOWN_MS));
    }
  }
  const starts = Float64Array.from(begun).sort();
  const ends = Float64Array.from(over).sort();
  const look = (instant: number) => {
    const { cell, hour } = cellOf(instant);
    if (cell === undefined) return;
    const live = countUpTo(starts, instant) - countUpTo(ends, instant);
    cell.atOnce[hour] = Math.max(cell.atOnce[hour] ?? 0, live);
  };
  for (const instant of starts) look(instant);
  for (let day = 0; day < days; day += 1)
    for (let hour = 0; hour < 24; hour += 1) {
      const instant = instantOf(zone, firstDay + day * DAY + hour * HOUR);
      if (instant !== undefined) look(instant);
    }
  return cells;
}

/** The whole calendar of a fleet, before it is cut to a page. */
interface Whole {
  begins: number;
  ends: number;
  days: CalendarAnswer["days"];
  /** First start first. */
  jobs: Starting[];
}

function wholeCalendar(rows: readonly JobRow[], zone: Zone, firstDay: number, days: number): Whole {
  const begins = midnight(zone, firstDay);
  const ends = midnight(zone, firstDay + days * DAY);
  const jobs = startingJobs(rows, begins, ends, days);
  const first = (job: Starting) => job.at[0] ?? 0;
  jobs.sort((a, b) => first(a) - first(b) || (a.row.resource < b.row.resource ? -1 : 1));
  const cells = countHours(jobs, zone, firstDay, days);
  return {
    begins,
    ends,
    jobs,
    days: cells.map((cell, day) => ({
      date: new Date(firstDay + day * DAY).toISOString().slice(0, 10),
      offset: Math.round((midnight(zone, firstDay + day * DAY) - begins) / SECOND),
      ...cell,
    })),
  };
}

/** Calendars of a reading of the fleet: pages and hours of one day ask for the same again. */
const kept = new WeakMap<FleetView, Map<string, Whole>>();
const MOST_KEPT = 8;

function calendarFor(fleet: FleetView, key: string, make: () => Whole): Whole {
  const known = kept.get(fleet) ?? new Map<string, Whole>();
  kept.set(fleet, known);
  const found = known.get(key) ?? make();
  if (known.size >= MOST_KEPT) known.clear();
  known.set(key, found);
  return found;
}

/** The first day as wall-clock midnight. @throws HeadgateError `input_invalid` for a day that is none */
function dayOf(from: string | undefined, zone: Zone, now: number): number {
  if (from === undefined) return Math.floor(wallTime(zone, now) / DAY) * DAY;
  const wall = Date.parse(`${from}T00:00:00.000Z`);
  if (!Number.isNaN(wall) && new Date(wall).toISOString().startsWith(from)) return wall;
  throw new HeadgateError("input_invalid", `There is no day ${from}`, { permanent: true });
}

/**
 * One page of the calendar. Every job is placed by the schedule and zone of its own; days and hours are those of
 * `timezone`. A paused job has starts, but is in no count of what starts or runs.
 * @param now milliseconds since 1970 UTC
 */
export function calendarOf(fleet: FleetView, query: CalendarQuery, timezone: string, now: number): CalendarAnswer {
  const zone = zoneOf(timezone) ?? (zoneOf("UTC") as Zone);
  const firstDay = dayOf(query.from, zone, now);
  const words = (query.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (row: JobRow) => words.every((word) => `${row.resource}\n${row.name}`.toLowerCase().includes(word));
  const whole = calendarFor(fleet, `${firstDay}|${query.days}|${words.join(" ")}`, () =>
    wholeCalendar(fleet.items.filter(fits), zone, firstDay, query.days),
  );
  const hourOf = (instant: number) => Math.floor((wallTime(zone, instant) % DAY) / HOUR);
  const { hour } = query;
  const jobs =
    hour === undefined
      ? whole.jobs
      : whole.jobs.flatMap((job) => {
          const at = job.at.filter((instant) => hourOf(instant) === hour);
          return at.length === 0 ? [] : [{ ...job, at }];
        });
  const end = query.after + query.limit;
  const clockless = fleet.items.filter((row) => row.schedule?.expression == null);
  return {
    zone: timezone,
    begins: new Date(whole.begins).toISOString(),
    ends: new Date(whole.ends).toISOString(),
    days: whole.days,
    count: jobs.length,
    items: jobs.slice(query.after, end).map((job) => itemOf(job, whole.begins)),
    next: end < jobs.length ? end : null,
    without: {
      continuous: clockless.filter((row) => row.schedule?.text === "continuous").length,
      event: clockless.filter((row) => row.schedule !== null && row.schedule.text !== "continuous").length,
      none: clockless.filter((row) => row.schedule === null).length,
    },
  };
}

function itemOf({ row, at, cut, runMs }: Starting, begins: number): CalendarJob {
  return {
    resource: row.resource,
    name: row.name,
    text: row.schedule?.text ?? "",
    expression: row.schedule?.expression ?? "",
    timezone: row.schedule?.timezone ?? null,
    paused: row.schedule?.paused === true,
    starts: at.map((instant) => Math.round((instant - begins) / SECOND)),
    cut,
    runMs,
  };
}
