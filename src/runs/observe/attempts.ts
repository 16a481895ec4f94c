/** Attempts of a task, or of a whole run, as the platform tells them. Pure. */
import type { Run, RunState, TaskRun } from "../../model/run.ts";

/** One attempt. */
export interface Attempt {
  /** Ours: 0, 1, … of those that ran. */
  attempt: number;
  /** The platform's: grows with every retry and repair, also of what never ran. */
  order: number;
  /** Run id of the attempt itself. */
  runId: string;
  state: RunState;
  /** UTC texts. */
  startedAt: string | undefined;
  endedAt: string | undefined;
  code: string | undefined;
  result: string | undefined;
  message: string | undefined;
  url: string | undefined;
  clusterId: string | undefined;
  iterations: TaskRun["iterations"];
}

const hasRun = (state: RunState): boolean => state === "done" || state === "failed" || state === "cancelled";

/** Keys of the tasks of a run, each once, sorted. */
export function taskKeys(run: Run): string[] {
  return [...new Set(run.tasks.map(({ taskKey }) => taskKey))].sort();
}

/** The attempts of one task, oldest first. An attempt that was skipped is no attempt of ours: the next takes its number. */
export function attemptsOfTask(run: Run, taskKey: string): Attempt[] {
  const own = run.tasks
    .filter((task) => task.taskKey === taskKey)
    .sort(
      (a, b) => a.attempt - b.attempt || compare(a.startedAt ?? "~", b.startedAt ?? "~") || compare(a.runId, b.runId),
    );
  let ran = 0;
  return own.map((task, order) => {
    const attempt = ran;
    if (hasRun(task.state)) ran += 1;
    const { runId, state, startedAt, endedAt, code, result, message, url, clusterId, iterations } = task;
    return { attempt, order, runId, state, startedAt, endedAt, code, result, message, url, clusterId, iterations };
  });
}

/**
 * The attempts of a run as a whole. The list does not tell of repairs, but they show: everything that was under way had
 * ended, and then a task that had run before began again.
 */
export function attemptsOfRun(run: Run): Attempt[] {
  const begun = run.tasks
    .filter(({ startedAt }) => startedAt !== undefined)
    .sort((a, b) => compare(a.startedAt ?? "", b.startedAt ?? "") || compare(a.runId, b.runId));
  const rounds: TaskRun[][] = [];
  let lastEnd = "";
  for (const task of begun) {
    const again = begun.some(
      (one) => one.taskKey === task.taskKey && compare(one.startedAt ?? "", task.startedAt ?? "") < 0,
    );
    const current = rounds.at(-1);
    if (current === undefined || (again && lastEnd <= (task.startedAt ?? ""))) rounds.push([task]);
    else current.push(task);
    const end = task.endedAt ?? "~";
    if (end > lastEnd) lastEnd = end;
  }
  const { runId, code, message, url } = run;
  const common = { url, clusterId: undefined, iterations: undefined, result: undefined };
  const earlier = rounds.slice(0, -1).map((round, index): Attempt => {
    const failed = round.find(({ state }) => state === "failed" || state === "cancelled");
    return {
      ...common,
      attempt: index,
      order: index,
      runId,
      state: "failed",
      startedAt: index === 0 ? run.startedAt : round[0]?.startedAt,
      endedAt: round
        .map(({ endedAt }) => endedAt ?? "")
        .sort()
        .at(-1),
      code: failed?.code,
      message: failed === undefined ? undefined : `task ${failed.taskKey}: ${failed.message ?? failed.platformState}`,
    };
  });
  const last = earlier.length;
  const startedAt = last === 0 ? run.startedAt : rounds.at(-1)?.[0]?.startedAt;
  const now: Attempt = {
    ...common,
    attempt: last,
    order: last,
    runId,
    state: run.state,
    startedAt,
    endedAt: run.endedAt,
    code,
    message,
  };
  return [...earlier, now];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
