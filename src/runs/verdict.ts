/** The judged health of a process on a day, at a time, and the sentence that says why. */
import type { Process, ProcessMode } from "../model/process.ts";
import type { HealthState, ProcessHealth } from "../model/process-health.ts";
import type { StoredStep } from "../model/step.ts";
import { formatDuration } from "../util/duration.ts";
import { when } from "../util/when.ts";
import { instantOf, zoneOf } from "../util/zone.ts";
import { blockerOf, blockReason, frontierOf, type Stage, stagesOf } from "./stage.ts";
import { nameOf } from "./transition/answers.ts";
import { initiationOf, isInitiation } from "./transition/steps.ts";

/** So long nothing may run while tasks wait, before a run counts as stuck. */
const IDLE_MS = 3_600_000;

/** What a verdict is founded on. */
export interface HealthInput {
  process: Process;
  mode: ProcessMode["mode"];
  /** The day that is judged. */
  day: string;
  /** Steps of that day, of all runs, in their order. */
  steps: readonly StoredStep[];
  /** Milliseconds. */
  now: number;
}

/** The deadline of a day as a moment (milliseconds), in the process's own zone; undefined on days that have none. */
export function deadlineOf(process: Pick<Process, "deadline" | "timezone">, day: string): number | undefined {
  const by = process.deadline?.by;
  if (typeof by !== "string") return undefined;
  const midnight = Date.parse(`${day}T00:00:00.000Z`);
  const weekday = new Date(midnight).getUTCDay();
  if (process.deadline?.days === "business" && (weekday === 0 || weekday === 6)) return undefined;
  const [hours = "0", minutes = "0"] = by.split(":");
  const wall = midnight + (Number(hours) * 60 + Number(minutes)) * 60_000;
  const zone = zoneOf(process.timezone);
  if (!zone) return wall;
  // In the hour that is left out when clocks go forward: an hour later.
  return instantOf(zone, wall) ?? instantOf(zone, wall + 3_600_000);
}

/** The newest row of each task over all runs of the day. */
function newestRows(steps: readonly StoredStep[]): StoredStep[] {
  const newest = new Map<string, StoredStep>();
  for (const step of steps) {
    const key = `${step.workflowId}/${step.taskId}`;
    const known = newest.get(key);
    const newer =
      !known ||
      step.runNumber > known.runNumber ||
      (step.runNumber === known.runNumber && step.attempt > known.attempt);
    if (!isInitiation(step) && newer) newest.set(key, step);
  }
  return [...newest.values()];
}

/** Milliseconds that a run will still take if every task takes as long as expected; unknown times count nothing. */
function expectedRest(stages: readonly Stage[], now: number): number {
  return stages.reduce((sum, stage) => {
    const rest = stage.tasks.map((step) => {
      if (step.status === "DONE" || step.status === "FAIL" || step.phase === "SKIPPED") return 0;
      const expected = (step.expectedSeconds ?? 0) * 1_000;
      const spent = step.phase === "RUNNING" && step.startTime !== null ? now - Date.parse(step.startTime) : 0;
      return Math.max(0, expected - spent);
    });
    return sum + Math.max(0, ...rest);
  }, 0);
}

const many = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;

/** Judges a process. */
export function judge(input: HealthInput): ProcessHealth {
  const { process, mode, day, now } = input;
  const rows = newestRows(input.steps);
  const runs = input.steps.filter((step) => step.runNumber === Math.max(...input.steps.map((one) => one.runNumber)));
  const initiation = initiationOf(runs) as StoredStep | undefined;
  const newest = initiation ?? runs[0];
  const at = (instant: number | string) =>
    when(typeof instant === "string" ? instant : new Date(instant).toISOString(), now, process.timezone);
  const count = (fits: (step: StoredStep) => boolean) => rows.filter(fits).length;
  const tasks = {
    total: rows.length,
    done: count((step) => step.status === "DONE"),
    failed: count((step) => step.status === "FAIL"),
    running: count((step) => step.phase === "RUNNING"),
    pending: count((step) => step.phase === "QUEUED"),
    skipped: count((step) => step.phase === "SKIPPED"),
  };
  const times = (pick: (step: StoredStep) => string | null) => rows.flatMap((step) => pick(step) ?? []).sort();
  const deadline = deadlineOf(process, day);
  const complete =
    rows.length > 0 && frontierOf(stagesOf(rows)) === stagesOf(rows).length && tasks.running + tasks.pending === 0;
  const endedAt = tasks.running + tasks.pending === 0 ? (times((step) => step.endTime).at(-1) ?? null) : null;
  const [verdict, sentence] = judged({ rows, tasks, deadline, complete, endedAt, at, now, day, newest });
  return {
    projectCode: process.projectCode,
    processLoad: process.processLoad,
    name: process.name,
    owner: process.owner,
    loadFrequency: process.loadFrequency,
    timezone: process.timezone,
    mode,
    verdict,
    sentence,
    processingDate: day,
    executionId: newest?.executionId ?? null,
    runNumber: newest?.runNumber ?? null,
    runState: newest ? stateOf(rows, complete, tasks) : null,
    deadlineAt: deadline === undefined ? null : new Date(deadline).toISOString(),
    tasks,
    startedAt: times((step) => step.startTime)[0] ?? null,
    endedAt,
  };
}

/** The state of the newest run, in the words of the views. */
function stateOf(rows: readonly StoredStep[], complete: boolean, tasks: ProcessHealth["tasks"]): string {
  const failed = rows.filter((step) => step.taskMandatory && step.status === "FAIL");
  if (tasks.running > 0) return "RUNNING";
  if (rows.some((step) => step.logCode === "CANCELLED")) return "CANCELLED";
  if (failed.length > 0 && failed.every((step) => step.logCode === "LOST")) return "LOST";
  if (failed.length > 0) return tasks.pending > 0 ? "BLOCKED" : "FAILED";
  if (complete)
    return rows.some((step) => step.status === "FAIL" || step.logType === "WARN")
      ? "COMPLETE_WITH_WARNINGS"
      : "COMPLETE";
  return tasks.pending === rows.length ? "QUEUED" : "RUNNING";
}

interface Facts {
  rows: readonly StoredStep[];
  tasks: ProcessHealth["tasks"];
  deadline: number | undefined;
  complete: boolean;
  endedAt: string | null;
  at: (instant: number | string) => string;
  now: number;
  day: string;
  newest: StoredStep | undefined;
}

function judged(facts: Facts): [HealthState, string] {
  const { rows, tasks, deadline, at, now, day } = facts;
  const overdue = deadline !== undefined && now > deadline;
  const due = deadline === undefined ? "" : `, due by ${at(deadline)}`;
  if (rows.length === 0) {
    if (facts.newest) return ["ok", `Nothing was due on ${day}`];
    return overdue
      ? ["late", `Never started: it was due by ${at(deadline)}`]
      : ["unknown", `No run on ${day} yet${due}`];
  }
  if (facts.complete) return whenComplete(facts);
  const waiting = tasks.pending > 0 ? `; ${many(tasks.pending, "task")} wait${tasks.pending === 1 ? "s" : ""}` : "";
  const failed = rows.filter((step) => step.taskMandatory && step.status === "FAIL");
  const [first] = failed.filter((step) => step.logCode !== "LOST").concat(failed);
  if (first) {
    const words = blockerOf(first, blockReason(first) ?? "FAILED").sentence;
    const more = failed.length > 1 ? `, and ${many(failed.length - 1, "other")}` : "";
    const late = overdue ? `; it was due by ${at(deadline)}` : due;
    const verdict = first.logCode === "LOST" ? "stuck" : tasks.pending > 0 ? "blocked" : "failed";
    return [verdict, `${words}${more}${waiting}${late}`];
  }
  const progress = `${tasks.done} of ${many(tasks.total, "task")} done`;
  if (overdue)
    return ["late", `Due by ${at(deadline)}, ${formatDuration(now - deadline)} ago: ${progress}${runningWords(facts)}`];
  return whileOpen(facts, progress, due);
}

function whenComplete({ rows, tasks, deadline, endedAt, at, day }: Facts): [HealthState, string] {
  const failed =
    tasks.failed > 0
      ? `; ${many(tasks.failed, "optional task")} failed: ${rows
          .filter((step) => step.status === "FAIL")
          .map(nameOf)
          .join(", ")}`
      : "";
  if (endedAt === null) return ["ok", `Everything was skipped on ${day}`];
  if (deadline !== undefined && Date.parse(endedAt) > deadline) {
    const over = formatDuration(Date.parse(endedAt) - deadline);
    return ["late", `Complete at ${at(endedAt)}, ${over} after it was due${failed}`];
  }
  const ahead = deadline === undefined ? "" : `, ${formatDuration(deadline - Date.parse(endedAt))} before it was due`;
  return ["ok", `Complete at ${at(endedAt)}${ahead}${failed}`];
}

function runningWords({ rows, at }: Facts): string {
  const [one, ...more] = rows.filter((step) => step.phase === "RUNNING");
  if (!one) return "";
  return `; ${nameOf(one)} runs since ${at(one.startTime ?? "")}${more.length > 0 ? `, and ${many(more.length, "other")}` : ""}`;
}

/** A run that goes on, before its deadline. */
function whileOpen(facts: Facts, progress: string, due: string): [HealthState, string] {
  const { rows, tasks, deadline, at, now } = facts;
  const over = rows.find(
    (step) =>
      step.phase === "RUNNING" &&
      step.expectedSeconds !== null &&
      now - Date.parse(step.startTime ?? "") > step.expectedSeconds * 1_000,
  );
  if (over) {
    const spent = formatDuration(now - Date.parse(over.startTime ?? ""));
    const expected = formatDuration((over.expectedSeconds ?? 0) * 1_000);
    return ["at_risk", `${nameOf(over)} runs for ${spent}, expected are ${expected}; ${progress}${due}`];
  }
  const rest = expectedRest(stagesOf(rows), now);
  if (deadline !== undefined && now + rest > deadline) {
    return [
      "at_risk",
      `At this pace complete at ${at(now + rest)}, ${formatDuration(now + rest - deadline)} after it is due; ${progress}`,
    ];
  }
  const last =
    rows
      .map((step) => step.lastUpdatedOn)
      .sort()
      .at(-1) ?? "";
  if (tasks.running === 0 && now - Date.parse(last) > IDLE_MS) {
    return tasks.pending === tasks.total
      ? ["stuck", `Generated at ${at(last)}, and nothing has started${due}`]
      : ["stuck", `Nothing has run since ${at(last)}; ${progress}${due}`];
  }
  if (tasks.running === 0 && tasks.pending === tasks.total)
    return ["ok", `Generated, ${many(tasks.total, "task")} wait${due}`];
  return ["ok", `${progress}${runningWords(facts)}${due}`];
}
