/** Times of one day of the calendar on its axis: where hours lie, what falls on itself. Pure. */
import type { CalendarAnswer } from "../../../../src/server/api.ts";
import { clock } from "../../../words/time.ts";

export type CalendarJob = CalendarAnswer["items"][number];

const QUARTER = 900;

/** A stretch of time: seconds from the calendar's begin. */
export interface Stretch {
  from: number;
  to: number;
}

/**
 * The stretch of one hour of a day's clock: twice as long where the clock is set back in it.
 * @param day the whole day
 * @param begins UTC text of the calendar's begin
 */
export function hourOf(day: Stretch, hour: number, begins: string, zone: string): Stretch {
  const start = Date.parse(begins);
  let from = -1;
  let to = -1;
  for (let second = day.from; second < day.to; second += QUARTER) {
    if (Number(clock(new Date(start + second * 1000), zone).slice(0, 2)) !== hour) continue;
    if (from < 0) from = second;
    to = second + QUARTER;
  }
  return from < 0 ? { from: day.from, to: day.from } : { from, to };
}

/** Marks of an axis, about eight: where they lie (0 to 1) and the time on the wall. */
export function marksOf({ from, to }: Stretch, begins: string, zone: string): { at: number; text: string }[] {
  const start = Date.parse(begins);
  const length = to - from;
  const step = length > 14_400 ? 10_800 : QUARTER;
  const marks: { at: number; text: string }[] = [];
  for (let second = from; second < to; second += step)
    marks.push({ at: (second - from) / length, text: clock(new Date(start + second * 1000), zone) });
  return marks;
}

/** Runs of a job that begin while its run before is expected to be under way. */
export function selfOverlaps(job: Pick<CalendarJob, "starts" | "runMs">): number {
  const length = (job.runMs ?? 0) / 1000;
  return job.starts.filter((start, index) => index > 0 && start - (job.starts[index - 1] ?? 0) < length).length;
}

/** Seconds until the nearest following start, of the day's marks: how wide a bar may be drawn. */
export function barsOf(job: CalendarJob, shown: Stretch): { at: number; length: number }[] {
  const whole = shown.to - shown.from;
  return job.starts
    .filter((start) => start < shown.to && start + (job.runMs ?? 0) / 1000 >= shown.from)
    .map((start) => ({ at: (start - shown.from) / whole, length: (job.runMs ?? 0) / 1000 / whole }));
}
