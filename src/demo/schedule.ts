/** Starts the runs that the schedules of the fake workspace ask for: the fake itself starts none. */
import type { FakeDatabricks, JobView } from "../../fakes/index.ts";
import { nextStarts, QuartzError } from "../util/quartz.ts";

interface Written {
  quartz_cron_expression: string;
  timezone_id: string;
  pause_status?: string;
}

/** The next starts of a schedule; none of one that cannot be read: the fake takes any text. */
function nextOf(schedule: Written, after: number): number[] {
  try {
    const { quartz_cron_expression: expression, timezone_id: timezone } = schedule;
    return nextStarts(expression, { timezone, after, count: 100 }).map((text) => Date.parse(text));
  } catch (error) {
    if (error instanceof QuartzError || error instanceof RangeError) return [];
    throw error;
  }
}

/** Starts of a job's schedule after `from` and up to `until`, milliseconds, ascending; none where it is paused or has none. */
export function startsBetween(settings: JobView["settings"], from: number, until: number): number[] {
  const schedule = settings.schedule as unknown as Written | undefined;
  if (!schedule || schedule.pause_status === "PAUSED") return [];
  const starts: number[] = [];
  for (let after = from; ; ) {
    const times = nextOf(schedule, after);
    starts.push(...times.filter((time) => time <= until));
    const last = times.at(-1);
    if (last === undefined || last > until) return starts;
    after = last;
  }
}

/** The scheduler of the workspace. */
export interface Scheduler {
  /** Starts everything due up to a time that was not started before. @returns how many runs */
  until(time: number): number;
}

/**
 * Makes the scheduler.
 * @param from starts after this are its business
 * @param start starts a run, or leaves it out by giving false
 */
export function makeScheduler(
  fake: FakeDatabricks,
  from: number,
  start: (job: JobView, at: number) => boolean = (job, at) => {
    fake.control.startRun({ jobId: job.jobId, at });
    return true;
  },
): Scheduler {
  let reached = from;
  return {
    until(time) {
      if (time <= reached) return 0;
      const due = fake.control
        .jobs()
        .flatMap((job) => startsBetween(job.settings, reached, time).map((at) => ({ job, at })))
        .sort((a, b) => a.at - b.at);
      reached = time;
      return due.filter(({ job, at }) => start(job, at)).length;
    },
  };
}
