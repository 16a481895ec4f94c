/** The state that commands are decided upon, in memory: what was read, with what was decided since. Pure. */
import type { Parameter, ProcessMode, WatermarkEvent } from "../../../model/process.ts";
import { type Command, INITIATION, type Step, type StoredStep, type Verdict } from "../../../model/step.ts";
import type { Json } from "../../../util/json.ts";
import type { Decide, LeaseChange, Reads, Situation } from "../../runs.ts";
import { cleanJson, cleanText } from "./clean.ts";
import { processKey, runOf } from "./event-row.ts";
import { type AttemptKey, dropRow, findRow, putRow, type RunRows, rowsOfTask } from "./run-rows.ts";
import { attemptKey } from "./step-row.ts";

/** A run in the ledger. */
export interface LedgerRun {
  /** Undefined until it is written for the first time. */
  id: number | undefined;
  project: string;
  projectCode: string;
  processLoad: string;
  processingDate: string;
  executionId: string;
  runNumber: number;
  closedAt: string | null;
  firstSeenAt: string;
  steps: RunRows;
  /** False where only some steps were read. */
  isWhole: boolean;
  /** Steps that changed, by `attemptKey`. */
  changed: Map<string, AttemptKey>;
}

/** The ledger. */
export interface Ledger {
  runs: Map<string, LedgerRun>;
  /** Highest run number by process and date. */
  runNumbers: Map<string, number>;
  parameters: Map<string, Map<string, Parameter>>;
  modes: Map<string, ProcessMode>;
  /** In a replay: the runs as they were numbered, before any command of theirs is folded. */
  numbered: Map<string, { id: number; runNumber: number }>;
}

/** An empty ledger. */
export function emptyLedger(): Ledger {
  return { runs: new Map(), runNumbers: new Map(), parameters: new Map(), modes: new Map(), numbered: new Map() };
}

/** What deciding one command led to, beside the changed steps in the ledger. */
export interface Effects {
  verdict: Verdict;
  code: string | null;
  answer: Json;
  watermarks: Omit<WatermarkEvent, "seq">[];
  mode: ProcessMode | undefined;
  leases: readonly LeaseChange[];
}

/** What a command is shown unless the caller says otherwise. */
export function usualReads(command: Command): Reads {
  return { steps: command.taskId === null ? "run" : "step" };
}

/** Key of the day whose runs are numbered together. */
export const dayKey = (of: { projectCode: string; processLoad: string; processingDate: string }): string =>
  JSON.stringify([of.projectCode, of.processLoad, of.processingDate]);

/** The steps of a run that a command is shown, in their order. */
function shown({ steps }: LedgerRun, command: Command, reads: Reads): StoredStep[] {
  if (reads.steps === "run") return steps.slice();
  const { workflowId, taskId } = command;
  const isInitiation = workflowId === INITIATION.workflowId && taskId === INITIATION.taskId;
  const own = workflowId === null || taskId === null ? [] : rowsOfTask(steps, workflowId, taskId);
  return isInitiation ? own : [...rowsOfTask(steps, INITIATION.workflowId, INITIATION.taskId), ...own];
}

const ofRun = (step: Step, run: LedgerRun): boolean =>
  step.executionId === run.executionId &&
  step.processingDate === run.processingDate &&
  step.processLoad === run.processLoad &&
  step.projectCode === run.projectCode;

/**
 * Decides one command upon the ledger and writes what follows into it.
 *
 * @param undo is given what takes each change back, in order
 * @throws what `decide` throws; Error where a decision is not about the command's own run
 */
export function decideOne(
  ledger: Ledger,
  command: Command,
  now: string,
  decide: Decide,
  reads: Reads,
  undo: (() => void)[],
): Effects {
  const runKey = runOf(command);
  const known = runKey && ledger.runs.get(runKey.key);
  const numbered = runKey && (known ?? ledger.numbered.get(runKey.key));
  const number = runKey && (numbered?.runNumber ?? (ledger.runNumbers.get(dayKey({ ...command, ...runKey })) ?? 0) + 1);
  const process = processKey(command);
  const situation: Situation = {
    now,
    run:
      number === undefined
        ? null
        : { runNumber: number, isNew: known === undefined, closedAt: known?.closedAt ?? null },
    steps: known ? shown(known, command, reads) : [],
    parameters: reads.parameters ? [...(ledger.parameters.get(process)?.values() ?? [])] : [],
    mode: reads.parameters ? (ledger.modes.get(process) ?? null) : null,
  };
  const decision = decide(situation, command);
  const effects: Effects = {
    verdict: decision.verdict,
    code: decision.code ?? null,
    answer: cleanJson(decision.answer),
    watermarks: [],
    mode: undefined,
    leases: [],
  };
  if (decision.verdict !== "accepted") return effects;

  if ((decision.steps?.length ?? 0) > 0 || decision.closesRun) {
    if (!runKey || number === undefined) throw new Error(`a decision about steps of no run: ${command.type}`);
    let run = known;
    if (!run) {
      const day = dayKey({ ...command, ...runKey });
      const before = ledger.runNumbers.get(day);
      run = {
        id: numbered?.id,
        project: command.project,
        projectCode: command.projectCode,
        processLoad: command.processLoad,
        processingDate: runKey.processingDate,
        executionId: runKey.executionId,
        runNumber: number,
        closedAt: null,
        firstSeenAt: now,
        steps: [],
        isWhole: true,
        changed: new Map(),
      };
      ledger.runs.set(runKey.key, run);
      ledger.runNumbers.set(day, number);
      undo.push(() => {
        ledger.runs.delete(runKey.key);
        if (before === undefined) ledger.runNumbers.delete(day);
        else ledger.runNumbers.set(day, before);
      });
    }
    const { steps: rows, changed } = run;
    for (const step of decision.steps ?? []) {
      if (!ofRun(step, run)) throw new Error("a decision about a step of another run");
      const key = attemptKey(step);
      const before = findRow(rows, step);
      const wasChanged = changed.has(key);
      putRow(rows, {
        ...step,
        logMessage: step.logMessage === null ? null : cleanText(step.logMessage),
        runNumber: number,
        lastUpdatedOn: now,
        lastUpdatedBy: command.actor,
        version: (before?.version ?? 0) + 1,
      });
      changed.set(key, step);
      undo.push(() => {
        if (before) putRow(rows, before);
        else dropRow(rows, step);
        if (!wasChanged) changed.delete(key);
      });
    }
    if (decision.closesRun && run.closedAt === null) {
      const closing = run;
      closing.closedAt = now;
      undo.push(() => {
        closing.closedAt = null;
      });
    }
  }

  const parameters = ledger.parameters.get(process);
  for (const change of decision.watermarks ?? []) {
    const parameter = parameters?.get(change.name);
    if (!parameters || !parameter) throw new Error(`a decision about a parameter it was not shown: ${change.name}`);
    effects.watermarks.push({
      ...change,
      projectCode: command.projectCode,
      processLoad: command.processLoad,
      before: parameter.value,
      processingDate: command.processingDate,
      executionId: command.executionId,
      workflowId: command.workflowId,
      taskId: command.taskId,
      actor: command.actor,
      at: now,
    });
    parameters.set(change.name, { ...parameter, value: change.value });
    undo.push(() => parameters.set(change.name, parameter));
  }
  if (decision.mode) {
    const before = ledger.modes.get(process);
    ledger.modes.set(process, decision.mode);
    effects.mode = decision.mode;
    undo.push(() => {
      if (before) ledger.modes.set(process, before);
      else ledger.modes.delete(process);
    });
  }
  effects.leases = decision.leases ?? [];
  return effects;
}
