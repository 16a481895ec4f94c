/** Lets a week pass in the fake workspace: runs start by their schedules, one fails, one hangs, one does not start. */
import { setImmediate } from "node:timers/promises";
import type { FakeDatabricks, JobView, StartingTask, TaskBehaviour } from "../../fakes/index.ts";
import { type Cast, castWeek } from "./casting.ts";
import { makeScheduler, startsBetween } from "./schedule.ts";
import { usualBehaviour } from "./task-times.ts";
import { BACKFILL, COLLEAGUE, RECONCILE } from "./workspace.ts";

const DAY = 24 * 3_600_000;
export const WEEK = 7 * DAY;
/** How long after the reconciliation of the third day a colleague starts the backfill. */
const INTO_RECONCILE = 60_000;
const FAILURE = "batch 884 is in the ledger already: a journal may be posted once (duplicate key 884/2)";

/** What runs that play a part do, by run id; the usual for all others. */
function direct(fake: FakeDatabricks, seed: number, parts: ReadonlyMap<string, (task: StartingTask) => TaskBehaviour>) {
  fake.decide((task) => ({ ...usualBehaviour(task, seed), ...parts.get(task.runId)?.(task) }));
}

/**
 * The run that fails, before `end` at the latest: of what it usually takes, as much as there is time for.
 */
function failing(task: StartingTask, usual: number, cast: Cast, end: number): TaskBehaviour {
  const most = (end - cast.failing.start) / 4;
  const times: TaskBehaviour = { durationMs: Math.floor(Math.min(usual, most)), setupMs: most < 60_000 ? 0 : 5_000 };
  return task.taskKey === "post" ? { ...times, outcome: "fail", message: FAILURE } : times;
}

/** A colleague starts a job by hand while another is at work on the same cluster. */
function startBackfill(fake: FakeDatabricks, jobs: ReadonlyMap<string, JobView>, begin: number, end: number): void {
  const backfill = jobs.get(BACKFILL);
  const starts = startsBetween(jobs.get(RECONCILE)?.settings ?? {}, begin, end);
  const third = starts[2];
  if (backfill === undefined || third === undefined) return;
  fake.control.startRun({ jobId: backfill.jobId, trigger: "ONE_TIME", at: third + INTO_RECONCILE, as: COLLEAGUE });
}

/** A day that passed. */
export interface DayPassed {
  /** Its end, milliseconds. */
  until: number;
  /** Runs that started by schedule. */
  started: number;
}

/**
 * Lets the days up to `end` pass, one by one; the workspace's clock stands still afterwards. Tasks go on to take their
 * usual time.
 * @returns who played which part
 */
export async function passWeek(
  fake: FakeDatabricks,
  options: { end: number; seed: number; signal: AbortSignal; onDay: (day: DayPassed) => void },
): Promise<Cast> {
  const { end, seed, signal, onDay } = options;
  fake.control.clock({ speed: 0 });
  const begin = fake.control.clock().now;
  const jobs = new Map(fake.control.jobs().map((job) => [job.settings.name as string, job]));
  const cast = castWeek((name) => startsBetween(jobs.get(name)?.settings ?? {}, begin, end), end);
  const parts = new Map<string, (task: StartingTask) => TaskBehaviour>();
  direct(fake, seed, parts);

  const scheduler = makeScheduler(fake, begin, (job, at) => {
    const { name } = job.settings;
    if (name === cast.missing.job && at >= cast.missing.start) return false;
    const { runId } = fake.control.startRun({ jobId: job.jobId, at });
    if (name === cast.failing.job && at === cast.failing.start) {
      parts.set(runId, (task) => failing(task, usualBehaviour(task, seed).durationMs ?? 1_000, cast, end));
    }
    if (name === cast.hanging.job && at === cast.hanging.start) {
      parts.set(runId, (task) => (task.taskKey === cast.hanging.task ? { outcome: "hang" } : {}));
    }
    return true;
  });
  startBackfill(fake, jobs, begin, end);
  for (let until = end - WEEK + DAY; until <= end; until += DAY) {
    const started = scheduler.until(until);
    fake.control.clock({ set: until });
    fake.control.insertRuns({ runs: [] }); // a look, so that everything due happens now and not in the next request
    onDay({ until, started });
    await setImmediate();
    signal.throwIfAborted();
  }
  return cast;
}
