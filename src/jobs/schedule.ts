/** When a job starts: its schedule, trigger or continuity in words, with its next start. */
import type { JobSettings } from "../model/job.ts";
import type { ScheduleView } from "../model/view.ts";
import { isObject, type JsonObject } from "../util/json.ts";
import { nextStarts, QuartzError } from "../util/quartz.ts";
import { describeQuartz } from "../util/quartz-words.ts";

/** The settings that decide when a job starts. */
export type StartSettings = Pick<JobSettings, "schedule" | "trigger" | "continuous">;

const text = (value: unknown) => (typeof value === "string" ? value : undefined);

/** The next `count` starts after `after` (UTC text or milliseconds) as UTC texts; none where paused, unscheduled or wrong. */
export function startsOf(settings: StartSettings, after: string | number, count: number): string[] {
  const schedule = settings.schedule;
  const expression = text(schedule?.quartz_cron_expression);
  if (expression === undefined || schedule?.pause_status === "PAUSED") return [];
  try {
    return nextStarts(expression, { timezone: text(schedule?.timezone_id), after, count });
  } catch (error) {
    // A wrong expression or zone is reported by the checks of the declaration; it has no next start.
    if (error instanceof QuartzError || error instanceof RangeError) return [];
    throw error;
  }
}

/** The schedule for the page, or null for a job that only starts when it is told to. */
export function scheduleView(settings: StartSettings, now: string | number): ScheduleView | null {
  const { schedule, trigger, continuous } = settings;
  const view = (words: string, by: JsonObject, expression: string | null = null): ScheduleView => ({
    text: words,
    expression,
    timezone: text(by.timezone_id) ?? null,
    paused: by.pause_status === "PAUSED",
    nextStart: startsOf(settings, now, 1)[0] ?? null,
  });
  if (schedule) {
    const expression = text(schedule.quartz_cron_expression) ?? "";
    try {
      return view(describeQuartz(expression), schedule, expression);
    } catch (error) {
      if (error instanceof QuartzError) return view(expression, schedule, expression);
      throw error;
    }
  }
  if (continuous) return view("continuous", continuous);
  if (!trigger) return null;
  if (isObject(trigger.periodic)) {
    const { interval, unit } = trigger.periodic;
    const units = String(unit).toLowerCase();
    return view(interval === 1 ? `every ${units.replace(/s$/, "")}` : `every ${String(interval)} ${units}`, trigger);
  }
  if (isObject(trigger.file_arrival)) return view("on file arrival", trigger);
  if (isObject(trigger.table_update) || isObject(trigger.table)) return view("on table update", trigger);
  if (isObject(trigger.model)) return view("on model change", trigger);
  return view("triggered", trigger);
}
