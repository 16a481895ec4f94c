/** All runs of the workspace, by id, by job and by start time. */
import type { Behaviours } from "./behaviours.ts";
import type { EventQueue } from "./event-queue.ts";
import { isDone, type Run, type TaskRun } from "./model.ts";

export interface RunBook {
  events: EventQueue;
  behaviours: Behaviours;
  /** How far events have happened. */
  time: number;
  /** Runs of a job that are neither queued nor done. */
  active: Map<string, Set<Run>>;
  /** Queued runs of a job, the oldest first. */
  queued: Map<string, Run[]>;
  /** Idempotency tokens → run id. */
  tokens: Map<string, string>;
  find(runId: string): Run | undefined;
  /** The run and task of a task's run id. */
  findTask(runId: string): { run: Run; task: TaskRun } | undefined;
  add(run: Run): void;
  addTask(run: Run, task: TaskRun): void;
  remove(run: Run): void;
  /** Runs (of a job) that started at or before `until`, the newest first; below `sequence` among those that started at `until`. */
  walk(jobId: string | undefined, until: number, sequence: number): Iterable<Run>;
  count(): number;
}

/** Runs are looked over for old ones each time so many have been added. */
const TIDY_EVERY = 256;

/**
 * @param maxRuns finished runs beyond this many are forgotten, the oldest first
 * @param oldest runs that ended before this time are forgotten too, sooner or later
 */
export function makeRunBook(
  events: EventQueue,
  behaviours: Behaviours,
  maxRuns: number,
  oldest: () => number,
): RunBook {
  const runs = new Map<string, Run>();
  const tasks = new Map<string, { run: Run; task: TaskRun }>();
  /** Oldest start first. */
  let order: Run[] = [];
  const byJob = new Map<string, Run[]>();

  const forget = (run: Run): void => {
    runs.delete(run.runId);
    for (const task of run.tasks) {
      tasks.delete(task.runId);
      for (const iteration of task.iterations ?? []) tasks.delete(iteration.runId);
    }
  };
  let added = 0;
  const tidy = (): void => {
    const excess = order.length - maxRuns;
    const limit = oldest();
    const gone = new Set(order.filter((run, index) => isDone(run) && (index < excess || run.endTime < limit)));
    if (gone.size === 0) return;
    for (const old of gone) forget(old);
    order = order.filter((kept) => !gone.has(kept));
    for (const [jobId, list] of byJob) {
      const kept = list.filter((run) => !gone.has(run));
      if (kept.length > 0) byJob.set(jobId, kept);
      else byJob.delete(jobId);
    }
    for (const [token, runId] of book.tokens) if (!runs.has(runId)) book.tokens.delete(token);
  };
  const book: RunBook = {
    events,
    behaviours,
    time: 0,
    active: new Map(),
    queued: new Map(),
    tokens: new Map(),
    find: (runId) => runs.get(runId),
    findTask: (runId) => tasks.get(runId),
    add(run) {
      runs.set(run.runId, run);
      insert(order, run);
      const own = byJob.get(run.jobId) ?? [];
      insert(own, run);
      byJob.set(run.jobId, own);
      added += 1;
      if (added % TIDY_EVERY === 0) tidy();
    },
    addTask(run, task) {
      tasks.set(task.runId, { run, task });
    },
    remove(run) {
      forget(run);
      order.splice(order.indexOf(run), 1);
      const own = byJob.get(run.jobId);
      own?.splice(own.indexOf(run), 1);
    },
    *walk(jobId, until, sequence) {
      const list = jobId === undefined ? order : (byJob.get(jobId) ?? []);
      for (let at = place(list, until, sequence) - 1; at >= 0; at--) {
        const run = list[at];
        if (run) yield run;
      }
    },
    count: () => runs.size,
  };
  return book;
}

/** The index of the first run that is not before (time, sequence). */
function place(list: Run[], time: number, sequence: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const run = list[middle];
    const before = run && (run.startTime < time || (run.startTime === time && run.sequence < sequence));
    if (before) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert(list: Run[], run: Run): void {
  const last = list.at(-1);
  if (!last || last.startTime < run.startTime || (last.startTime === run.startTime && last.sequence < run.sequence)) {
    list.push(run);
  } else list.splice(place(list, run.startTime, run.sequence), 0, run);
}
