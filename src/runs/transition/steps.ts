/** Steps of a run while a command is decided: finding the attempt that is meant, making new rows. */
import { type Command, INITIATION, type Step } from "../../model/step.ts";
import type { Situation } from "../../store/runs.ts";
import type { JsonObject } from "../../util/json.ts";
import type { PlannedTask, RunFacts } from "./payload.ts";

const DAY = 86_400_000;
const MESSAGE_LENGTH = 2_000;

/** `1/7` */
export const taskKey = (of: { workflowId: number | null; taskId: number | null }): string =>
  `${of.workflowId}/${of.taskId}`;

/** True for the row that stands for the run as a whole. */
export const isInitiation = (of: { workflowId: number | null; taskId: number | null }): boolean =>
  of.workflowId === INITIATION.workflowId && of.taskId === INITIATION.taskId;

/** The newest attempt of each task, without the initiation row. */
export function latestTasks<T extends Step>(steps: readonly T[]): T[] {
  const latest = new Map<string, T>();
  for (const step of steps) {
    if (isInitiation(step)) continue;
    const known = latest.get(taskKey(step));
    if (!known || known.attempt < step.attempt) latest.set(taskKey(step), step);
  }
  return [...latest.values()];
}

/** The initiation row of a run. */
export function initiationOf(steps: readonly Step[]): Step | undefined {
  return steps.find(isInitiation);
}

/** Attempts of the command's task, oldest first. */
export function attemptsOf({ steps }: Situation, command: Command): Step[] {
  return steps.filter((step) => isSameTask(step, command)).sort((a, b) => a.attempt - b.attempt);
}

/** True for rows of one task. */
export const isSameTask = (
  a: { workflowId: number | null; taskId: number | null },
  b: { workflowId: number | null; taskId: number | null },
): boolean => a.taskId === b.taskId && a.workflowId === b.workflowId;

/**
 * The attempt that a command means: the one it names, else the newest that was started by the same platform run (a late
 * end belongs to the run that it ends, also after a reset), else the newest.
 */
export function meantAttempt(attempts: readonly Step[], command: Command): Step | undefined {
  if (command.attempt !== null) return attempts.find((step) => step.attempt === command.attempt);
  const run = command.sourceRunId;
  return (run === null ? undefined : attempts.findLast((step) => step.sourceRunId === run)) ?? attempts.at(-1);
}

/**
 * When it happened: the caller's time where it is within a day of ours (or before, where it waited at the caller),
 * else ours.
 */
export function timeOf(command: Command, now: string): string {
  const at = Date.parse(command.occurredAt);
  const ours = Date.parse(now);
  const believable = at - ours <= DAY && (command.spooled || ours - at <= DAY);
  return believable ? new Date(at).toISOString() : now;
}

/** The first 2,000 characters (code points) of a message. */
export function cutMessage(text: string | undefined): string | null {
  if (text === undefined) return null;
  return text.length <= MESSAGE_LENGTH ? text : [...text].slice(0, MESSAGE_LENGTH).join("");
}

/** Milliseconds between two times, never negative. */
export function between(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

/** A queued step of a task. */
export function newStep(command: Command, task: PlannedTask, now: string, attempt = 0): Step {
  return {
    projectCode: command.projectCode,
    processLoad: command.processLoad,
    processingDate: command.processingDate ?? "",
    executionId: command.executionId ?? "",
    workflowId: task.workflowId,
    taskId: task.taskId,
    sequenceId: task.sequenceId ?? 0,
    sortOrder: task.sortOrder ?? task.sequenceId ?? 0,
    sequenceCode: task.sequenceCode ?? null,
    taskName: task.taskName ?? null,
    taskMandatory: task.taskMandatory ?? false,
    sourceSystemCode: task.sourceSystemCode ?? null,
    expectedSeconds: task.expectedSeconds ?? null,
    sourceType: task.sourceType ?? null,
    sourceIdentifier: task.sourceIdentifier ?? null,
    loadFrequency: task.loadFrequency ?? null,
    taskOwner: task.taskOwner ?? null,
    catalogueVersion: task.catalogueVersion ?? null,
    fullFileName: task.fullFileName ?? null,
    inFilePath: task.inFilePath ?? null,
    outFilePath: task.outFilePath ?? null,
    attempt,
    status: attempt === 0 ? "NQUE" : "RQUE",
    phase: "QUEUED",
    forceSkip: false,
    queuedAt: now,
    startTime: null,
    endTime: null,
    durationMs: null,
    logMessage: null,
    logType: null,
    logCode: null,
    sourceRunId: null,
    sourceUrl: null,
    clusterId: null,
    startInferred: false,
    recoveredFromLost: false,
    metrics: null,
  };
}

/** The next attempt of a task, queued, as its row was made: later changes of the catalogue do not touch a run. */
export function nextAttempt(command: Command, step: Step, now: string): Step {
  return newStep(command, step, now, step.attempt + 1);
}

/** The row that stands for the run as a whole. Its metrics hold what was so when the run began. */
export function newInitiation(command: Command, facts: RunFacts, generated: boolean, now: string): Step {
  const task = { ...INITIATION, taskName: "Initiation", sequenceCode: "LOAD_GO", taskMandatory: true };
  return { ...newStep(command, task, now), metrics: { ...factsJson(facts), generated } };
}

const factsJson = (facts: RunFacts): JsonObject => ({ mode: facts.mode, watermarks: facts.watermarks });

/** What was so when the run began; nothing of it for a run without an initiation row. */
export function factsOf(steps: readonly Step[]): RunFacts & { generated: boolean } {
  const kept = initiationOf(steps)?.metrics as unknown as Partial<RunFacts & { generated: boolean }> | null | undefined;
  return { mode: kept?.mode ?? "live", watermarks: kept?.watermarks ?? [], generated: kept?.generated ?? false };
}
