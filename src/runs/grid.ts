/** The grid of processes by date: states of days as one letter each. Pure. */
import type { Process } from "../model/process.ts";
import type { RunsGridTasksView } from "../model/view-runs.ts";
import type { DayMark, DayTally } from "../store/runs.ts";
import { utc } from "../util/clock.ts";
import { deadlineOf } from "./verdict.ts";

const DAY_MS = 86_400_000;
const NOTHING = ".";

type Due = Pick<Process, "deadline" | "timezone">;

/** Days between two days, both included. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

/** The day so many days after another (before, where negative). */
export function dayAfter(day: string, days: number): string {
  return utc(Date.parse(day) + days * DAY_MS).slice(0, 10);
}

const isLate = (process: Due, day: string, endMs: number | null): boolean => {
  const deadline = deadlineOf(process, day);
  return deadline !== undefined && endMs !== null && endMs > deadline;
};

/** The letter of a day of a process: its worst task. */
export function dayState(process: Due, tally: DayTally): string {
  const { total, done, failed, lost, cancelled, running, waiting, skipped, optional } = tally;
  if (total === 0) return NOTHING;
  const ended = failed + lost + cancelled;
  if (ended > optional) return failed > 0 ? "f" : lost > 0 ? "x" : "c";
  if (running > 0) return "r";
  if (waiting > 0) return "w";
  if (skipped === total) return "s";
  if (isLate(process, tally.processingDate, tally.endMs)) return "l";
  return done + skipped < total ? "o" : "d";
}

/** The letter of a task on a day. */
export function taskState(process: Due, mark: DayMark): string {
  if (mark.status === "FAIL") return mark.logCode === "LOST" ? "x" : mark.logCode === "CANCELLED" ? "c" : "f";
  if (mark.phase === "SKIPPED") return "s";
  if (mark.status === "DONE") return isLate(process, mark.processingDate, mark.endMs) ? "l" : "d";
  return mark.phase === "RUNNING" ? "r" : "w";
}

/** Letters by place, and attempts of those that took more than one. */
function line(length: number) {
  const letters: string[] = Array.from({ length }, () => NOTHING);
  const attempts: number[] = [];
  return {
    put(place: number, letter: string, attempt: number) {
      if (place < 0 || place >= length) return;
      letters[place] = letter;
      if (attempt > 1) attempts.push(place, attempt);
    },
    read: () => ({ states: letters.join(""), attempts }),
  };
}

/** The days of a process. @param tallies in any order; those outside are left out */
export function processLine(process: Due, tallies: readonly DayTally[], from: string, to: string) {
  const days = line(daysBetween(from, to));
  for (const tally of tallies)
    days.put(daysBetween(from, tally.processingDate) - 1, dayState(process, tally), tally.mostAttempts);
  return days.read();
}

/** Its tasks in the order in which they ran last, each with its days. @param marks by date, then in their order */
export function taskLines(
  process: Due,
  marks: readonly DayMark[],
  from: string,
  to: string,
): RunsGridTasksView["tasks"] {
  const length = daysBetween(from, to);
  // Hundreds of tasks share few days.
  const places = new Map<string, number>();
  const placeOf = (day: string): number => {
    const known = places.get(day) ?? daysBetween(from, day) - 1;
    places.set(day, known);
    return known;
  };
  const found = new Map<string, { last: DayMark; days: ReturnType<typeof line> }>();
  for (const mark of marks) {
    const key = `${mark.workflowId}/${mark.taskId}`;
    const task = found.get(key) ?? { last: mark, days: line(length) };
    // A task may be renamed or moved: what it was last counts.
    task.last = mark;
    task.days.put(placeOf(mark.processingDate), taskState(process, mark), mark.attempt + 1);
    found.set(key, task);
  }
  return [...found.values()]
    .sort(
      ({ last: a }, { last: b }) =>
        a.workflowId - b.workflowId || a.sortOrder - b.sortOrder || a.sequenceId - b.sequenceId || a.taskId - b.taskId,
    )
    .map(({ last, days }) => ({
      workflowId: last.workflowId,
      taskId: last.taskId,
      name: last.taskName ?? `Task ${last.workflowId}/${last.taskId}`,
      mandatory: last.taskMandatory,
      ...days.read(),
    }));
}
