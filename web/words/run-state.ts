/** States of processes, tasks and days of the grid: the class that gives colour and icon, and the word beside it. */
import type { HealthState } from "../../src/model/process-health.ts";
import type { TaskState } from "../../src/model/view-runs.ts";
import type { Tone } from "./state.ts";

interface Word {
  tone: Tone;
  word: string;
}

const HEALTH: Record<HealthState, Word> = {
  ok: { tone: "ok", word: "OK" },
  at_risk: { tone: "warn", word: "At risk" },
  late: { tone: "warn", word: "Late" },
  blocked: { tone: "fail", word: "Blocked" },
  stuck: { tone: "lost", word: "Stuck" },
  failed: { tone: "fail", word: "Failed" },
  unknown: { tone: "wait", word: "Unknown" },
};

const TASK: Record<TaskState, Word> = {
  done: { tone: "ok", word: "Done" },
  running: { tone: "run", word: "Running" },
  waiting: { tone: "wait", word: "Waiting" },
  failed: { tone: "fail", word: "Failed" },
  lost: { tone: "lost", word: "Lost" },
  cancelled: { tone: "skip", word: "Cancelled" },
  skipped: { tone: "skip", word: "Skipped" },
};

const NOTHING: Word = { tone: "none", word: "no run" };
/** Letters of `states` in the grid. */
const CELL: Record<string, Word> = {
  ".": NOTHING,
  d: { tone: "ok", word: "done" },
  l: { tone: "warn", word: "done late" },
  o: { tone: "warn", word: "done, but optional tasks failed" },
  r: { tone: "run", word: "running" },
  w: { tone: "wait", word: "waiting" },
  f: { tone: "fail", word: "failed" },
  x: { tone: "lost", word: "lost" },
  c: { tone: "skip", word: "cancelled" },
  s: { tone: "skip", word: "skipped" },
};

export const healthWord = (state: HealthState): Word => HEALTH[state] ?? HEALTH.unknown;
export const taskWord = (state: TaskState): Word => TASK[state] ?? TASK.waiting;
export const cellWord = (letter: string | undefined): Word => CELL[letter ?? "."] ?? NOTHING;

/** Words of the verdict filter, worst first. */
export const HEALTHS: { value: HealthState; label: string }[] = [
  { value: "failed", label: "Failed" },
  { value: "stuck", label: "Stuck" },
  { value: "blocked", label: "Blocked" },
  { value: "late", label: "Late" },
  { value: "at_risk", label: "At risk" },
  { value: "unknown", label: "Unknown" },
  { value: "ok", label: "OK" },
];
