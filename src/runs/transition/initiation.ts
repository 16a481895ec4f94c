/**
 * What becomes of the initiation row, which the server owns: queued when generated, running with the first task, DONE
 * when no task is pending and every mandatory one is done, NQUE again when a mandatory task fails, RQUE on reset.
 */
import type { Step } from "../../model/step.ts";
import { between, initiationOf, isInitiation, isSameTask, latestTasks, taskKey } from "./steps.ts";

/** Rows of a run with some of them changed or added. */
function overlaid(steps: readonly Step[], changed: readonly Step[]): Step[] {
  const key = (step: Step) => `${taskKey(step)}/${step.attempt}`;
  const rows = new Map(steps.map((step) => [key(step), step]));
  for (const step of changed) rows.set(key(step), step);
  return [...rows.values()];
}

/** Changed rows up to which looking through them for each row is cheaper than laying all rows over one another. */
const FEW = 8;

/**
 * The newest attempt of each task, without the initiation row, of the rows of a run with some of them changed or added.
 * @param steps by workflow, task, attempt; a run may have thousands, and this is asked with every end of a task
 */
export function latestWith(steps: readonly Step[], changed: readonly Step[]): Step[] {
  if (changed.length > FEW) return latestTasks(overlaid(steps, changed));
  const added = latestTasks(overlaid([], changed));
  const latest: Step[] = [];
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index] as Step;
    const next = steps[index + 1];
    if (isInitiation(step) || (next !== undefined && isSameTask(next, step))) continue;
    let newest = step;
    for (let over = 0; over < added.length; over += 1) {
      const one = added[over] as Step;
      if (!isSameTask(one, step)) continue;
      if (one.attempt >= step.attempt) newest = one;
      added.splice(over, 1);
    }
    latest.push(newest);
  }
  return [...latest, ...added];
}

const isSettled = (step: Step): boolean =>
  step.status === "DONE" || step.phase === "SKIPPED" || (step.phase === "ENDED" && !step.taskMandatory);

/**
 * True where a task that does not change is open, so that the run is: mostly the last rows tell, and of thousands none
 * else needs to be looked at.
 */
function isHeldOpen(steps: readonly Step[], changed: readonly Step[]): boolean {
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const step = steps[index] as Step;
    const next = steps[index + 1];
    if (isSettled(step) || isInitiation(step) || (next !== undefined && isSameTask(next, step))) continue;
    if (!changed.some((one) => isSameTask(one, step))) return true;
  }
  return false;
}

/** No task is pending, and every mandatory one is done (or skipped). */
const isComplete = (steps: readonly Step[], changed: readonly Step[]): boolean =>
  !isHeldOpen(steps, changed) && latestWith(steps, changed).every(isSettled);

/** The initiation row when a task starts: the run runs. Nothing where it does already. */
export function runStarts(initiation: Step | undefined, at: string): Step[] {
  if (!initiation || initiation.phase === "RUNNING") return [];
  return [
    {
      ...initiation,
      status: initiation.status === "NQUE" ? "NQUE" : "RQUE",
      phase: "RUNNING",
      startTime: initiation.startTime ?? at,
      endTime: null,
      durationMs: null,
      logCode: null,
      logType: null,
    },
  ];
}

/**
 * The initiation row after tasks ended, were skipped or amended. Nothing where it stays as it is.
 *
 * @param steps all rows of the run as they were
 * @param changed the rows that the command changes
 */
export function afterTasks(steps: readonly Step[], changed: readonly Step[], at: string): Step[] {
  const initiation = initiationOf(changed) ?? initiationOf(steps);
  if (!initiation) return [];
  if (isComplete(steps, changed)) {
    if (initiation.status === "DONE") return [];
    const startTime = initiation.startTime ?? at;
    const done = { status: "DONE", phase: "ENDED", logType: "INFO", logCode: null } as const;
    return [{ ...initiation, ...done, startTime, endTime: at, durationMs: between(startTime, at) }];
  }
  if (changed.some((step) => !isInitiation(step) && step.taskMandatory && step.status === "FAIL")) {
    return [{ ...initiation, status: "NQUE", phase: "QUEUED", endTime: at, durationMs: null, logCode: null }];
  }
  return initiation.status === "DONE" ? [{ ...initiation, ...QUEUED_AGAIN }] : [];
}

const QUEUED_AGAIN = {
  status: "RQUE",
  phase: "QUEUED",
  endTime: null,
  durationMs: null,
  logType: null,
  logCode: null,
} as const;

/** The initiation row after tasks were queued again. */
export function runQueuedAgain(initiation: Step | undefined): Step[] {
  return initiation ? [{ ...initiation, ...QUEUED_AGAIN }] : [];
}
