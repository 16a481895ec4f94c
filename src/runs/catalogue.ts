/** From the catalogue to the tasks of a run: which are due, which were done before, what each looks like on that day. */
import type { Parameter, Process, ProcessTask, Sequence } from "../model/process.ts";
import type { LeftOut } from "../model/run-answer.ts";
import type { StoredStep } from "../model/step.ts";
import { fileNameOf } from "./due.ts";
import type { GeneratePayload, PlannedTask, RunFacts } from "./transition/payload.ts";
import { initiationOf, isInitiation, taskKey } from "./transition/steps.ts";

/** A process as the catalogue has it now. */
export interface ProcessEntry {
  process: Process & { catalogueVersion: number };
  tasks: readonly ProcessTask[];
  sequences: readonly Sequence[];
  parameters: readonly Parameter[];
}

/** Drops members that are null, which a new step has anyway: a run of a thousand tasks stays small in the log. */
function withoutNulls<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null)) as T;
}

/** A task as a run of a day takes it over. */
export function plannedTask({ process, sequences }: ProcessEntry, task: ProcessTask, day: string): PlannedTask {
  const sequence = sequences.find((one) => one.sequenceId === task.sequenceId);
  return withoutNulls({
    workflowId: task.workflowId,
    taskId: task.taskId,
    sequenceId: task.sequenceId,
    sortOrder: sequence?.sortOrder ?? task.sequenceId,
    sequenceCode: sequence?.sequenceCode ?? null,
    taskName: task.name,
    taskMandatory: task.mandatory,
    sourceSystemCode: task.sourceSystemCode,
    expectedSeconds: task.expectedSeconds,
    sourceType: task.sourceType,
    sourceIdentifier: task.sourceIdentifier,
    loadFrequency: task.loadFrequency,
    taskOwner: task.owner,
    catalogueVersion: process.catalogueVersion,
    fullFileName: fileNameOf(task, day),
    inFilePath: task.inFilePath,
    outFilePath: task.outFilePath,
  });
}

/** What is so when a run begins. */
export function factsNow({ parameters }: ProcessEntry, mode: RunFacts["mode"]): RunFacts {
  return { mode, watermarks: parameters.filter((one) => one.type.startsWith("DELTA")).map((one) => one.name) };
}

/** Tasks of the catalogue that a run is made of; the initiation row is made by the server. */
export function activeTasks(entry: ProcessEntry): ProcessTask[] {
  return entry.tasks.filter((task) => task.isActive && !isInitiation(task));
}

/** Where a task was done. */
export interface DoneAt {
  processingDate: string;
  executionId: string;
}

/** What {@link planRun} is given beside the catalogue. */
export interface PlanInput {
  executionId: string;
  day: string;
  mode: RunFacts["mode"];
  /** Leave out what an unfinished earlier run of the day has done. */
  carryForward: boolean;
  /** Tasks (`1/7`) to take whatever was done. */
  force: readonly string[];
  /** Steps of the day, of all runs of the process. */
  steps: readonly StoredStep[];
  /** Where tasks that are due once a week, month or year were done in this period, by `1/7`. */
  doneInPeriod: ReadonlyMap<string, DoneAt>;
}

/** Tasks that the newest other run of the day left done, where that run itself is not complete. */
function doneBefore(steps: readonly StoredStep[], executionId: string): Map<string, DoneAt> {
  const others = steps.filter((step) => step.executionId !== executionId);
  const newest = Math.max(0, ...others.map((step) => step.runNumber));
  const initiation = initiationOf(others.filter((step) => step.runNumber === newest));
  if (newest === 0 || initiation?.status === "DONE") return new Map();
  const latest = new Map<string, StoredStep>();
  for (const step of others) {
    const known = latest.get(taskKey(step));
    const newer =
      !known ||
      step.runNumber > known.runNumber ||
      (step.runNumber === known.runNumber && step.attempt > known.attempt);
    if (newer) latest.set(taskKey(step), step);
  }
  return new Map([...latest].filter(([, step]) => step.status === "DONE"));
}

/** The tasks of a run, and those that it leaves out with the reason. */
export function planRun(entry: ProcessEntry, input: PlanInput): GeneratePayload {
  const { day, force, doneInPeriod } = input;
  const before = input.carryForward ? doneBefore(input.steps, input.executionId) : new Map<string, DoneAt>();
  const tasks: PlannedTask[] = [];
  const leftOut: LeftOut[] = [];
  for (const task of activeTasks(entry)) {
    const key = taskKey(task);
    const leave = (why: LeftOut["why"], done?: DoneAt) =>
      leftOut.push({
        workflowId: task.workflowId,
        taskId: task.taskId,
        taskName: task.name,
        why,
        doneOn: done?.processingDate ?? null,
        doneBy: done?.executionId ?? null,
      });
    if (force.includes(key)) tasks.push(plannedTask(entry, task, day));
    else if (task.loadFrequency === "A") leave("only_when_asked");
    else if (doneInPeriod.has(key)) leave("not_due", doneInPeriod.get(key));
    else if (before.has(key)) leave("done_before", before.get(key));
    else tasks.push(plannedTask(entry, task, day));
  }
  return { facts: factsNow(entry, input.mode), tasks, leftOut, ...(force.length > 0 ? { force: [...force] } : {}) };
}
