/**
 * Door of runs: the log of commands and the steps that follow from it, the catalogue, watermarks, leases, what
 * platforms say, and the original's views.
 *
 * @example
 * const [outcome] = await store.runs.append([command], transition)
 * const rows = await store.runs.views.v_currentFailures({ processingDate: "2026-11-21" })
 */
import type {
  Parameter,
  Process,
  ProcessMode,
  ProcessTask,
  Sequence,
  WatermarkChange,
  WatermarkEvent,
} from "../model/process.ts";
import type {
  Command,
  RecordedCommand,
  Step,
  StepKey,
  StepPhase,
  StepStatus,
  StoredStep,
  Verdict,
} from "../model/step.ts";
import type { Json } from "../util/json.ts";

/** What a command needs to know to be decided. */
export interface Reads {
  /** `step`: all attempts of its task, and the initiation row; `run`: every row of its run. */
  steps: "step" | "run";
  /** The watermarks and the mode of its process. */
  parameters?: boolean | undefined;
}

/** What a command is decided upon: the state after all commands before it, those of the same batch included. */
export interface Situation {
  /** The server's time; in a replay, that of the recording. UTC text. */
  now: string;
  /** Null for a command of no run. A new run has its number already. */
  run: { runNumber: number; isNew: boolean; closedAt: string | null } | null;
  /** By workflow, task, attempt. */
  steps: readonly StoredStep[];
  /** Empty unless asked for. */
  parameters: readonly Parameter[];
  /** Null unless asked for, and where none was ever set. */
  mode: ProcessMode | null;
}

/** A lease that is given with a start, or ends with an end. */
export interface LeaseChange extends StepKey {
  attempt: number;
  holder: string | null;
  /** UTC text; null ends the lease. */
  expiresAt: string | null;
}

/** What a command leads to. */
export interface Decision {
  verdict: Verdict;
  /** Code of a refusal. */
  code?: string | undefined;
  /** What the caller is told, now and at every repeat. */
  answer: Json;
  /** Rows as they are from now on, new ones included; they belong to the command's run. Only where accepted. */
  steps?: readonly Step[] | undefined;
  watermarks?: readonly WatermarkChange[] | undefined;
  mode?: ProcessMode | undefined;
  leases?: readonly LeaseChange[] | undefined;
  /** The run takes no more commands and may be purged. */
  closesRun?: boolean | undefined;
}

/** The transition function: pure, or replay would not give the same rows. */
export type Decide = (situation: Situation, command: Command) => Decision;

/** How a command was answered. */
export interface Outcome {
  seq: number;
  verdict: Verdict;
  code: string | null;
  answer: Json;
  /** True where the event id was known: this is the first answer, and nothing was done now. */
  repeated: boolean;
}

/** Which runs, steps or rows of a view; everything given must hold. */
export interface RunFilter {
  /** The headgate project. */
  project?: string | undefined;
  projectCode?: string | undefined;
  processLoad?: string | undefined;
  processingDate?: string | undefined;
  /** Both ends included. */
  from?: string | undefined;
  to?: string | undefined;
  executionId?: string | undefined;
  workflowId?: number | undefined;
  taskId?: number | undefined;
  attempt?: number | undefined;
  limit?: number | undefined;
}

/** Days of a process, both ends included. */
export interface DaysOf {
  projectCode: string;
  processLoad: string;
  from: string;
  to: string;
}

/** A row of a view, by the original's column names; flags are booleans, `Metrics` is an object. */
export type ViewRow = Record<string, Json>;

/** What a grid needs to know of a task on a day, by its newest attempt over all runs of that day. */
export interface DayMark {
  processingDate: string;
  workflowId: number;
  taskId: number;
  attempt: number;
  status: StepStatus;
  phase: StepPhase;
  logCode: string | null;
  taskName: string | null;
  taskMandatory: boolean;
  sequenceId: number;
  sortOrder: number;
  /** Milliseconds since 1970 UTC. */
  startMs: number | null;
  endMs: number | null;
}

/** Tasks of a process on a day, counted by their newest attempts. */
export interface DayTally {
  processingDate: string;
  total: number;
  done: number;
  failed: number;
  lost: number;
  cancelled: number;
  running: number;
  waiting: number;
  skipped: number;
  /** Of failed, lost and cancelled ones: those that are optional. */
  optional: number;
  mostAttempts: number;
  /** Milliseconds since 1970 UTC. */
  endMs: number | null;
}

/** The views. */
export const VIEW_NAMES = [
  "v_processStatus",
  "v_processAttempts",
  "v_runSummary",
  "v_taskDetail",
  "v_mandatoryBlockers",
  "v_currentFailures",
  "v_watermarks",
] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

/** What declaring something again did. */
export interface Declared {
  /** `CORP/HR_DAILY`, `CORP/HR_DAILY/1/7`, `CORP/HR_DAILY/LoadEmployees` or the number of a sequence. */
  key: string;
  outcome: "created" | "updated" | "unchanged";
  changes: { field: string; before: Json; after: Json }[];
}

/** How something is declared. */
export interface DeclareOptions {
  actor: string;
  /** The headgate project that declares; noted on processes. */
  project: string;
  /** Leave what exists as it is, as the original does. */
  insertOnly?: boolean | undefined;
}

/**
 * The catalogue. A process that is declared gets its initiation task and its SYSDT parameter, and every change of it,
 * its tasks or its parameters a new version.
 */
export interface Catalogue {
  declareSequences(sequences: readonly Sequence[], options: DeclareOptions): Promise<Declared[]>;
  declareProcesses(processes: readonly Process[], options: DeclareOptions): Promise<Declared[]>;
  /** @throws HeadgateError `not_found` for a task of an unknown process or sequence */
  declareTasks(tasks: readonly ProcessTask[], options: DeclareOptions): Promise<Declared[]>;
  /** Values of known parameters stay. @throws HeadgateError `not_found` for an unknown process, `input_invalid` where a type would change */
  declareParameters(parameters: readonly Parameter[], options: DeclareOptions): Promise<Declared[]>;
  sequences(): Promise<Sequence[]>;
  processes(
    filter?: Pick<RunFilter, "project" | "projectCode" | "processLoad">,
  ): Promise<(Process & { catalogueVersion: number })[]>;
  tasks(projectCode: string, processLoad: string): Promise<ProcessTask[]>;
  parameters(projectCode: string, processLoad: string): Promise<Parameter[]>;
}

/** A lease as it stands. */
export interface StepLeaseRow extends StepKey {
  attempt: number;
  /** Grows with each lease of the step: LOST is told once for each. */
  number: number;
  holder: string | null;
  grantedAt: string;
  beatAt: string;
  /** With the gaps of our own server added, during which nobody could have renewed it. */
  expiresAt: string;
}

/** What a platform says about a task. It is a fact: it has no guard, and may come late, twice, in any order. */
export interface Observation extends StepKey {
  source: string;
  observationId: string;
  attempt: number;
  /** DONE or FAIL where it ended. */
  status: "DONE" | "FAIL" | null;
  phase: "QUEUED" | "RUNNING" | "ENDED" | "SKIPPED";
  /** Of two with the same attempt the greater precedence stands, then the later platform time, then the greater id. */
  precedence: number;
  platformTime: string;
  startTime: string | null;
  endTime: string | null;
  code: string | null;
  message: string | null;
  platformRunId: string | null;
  url: string | null;
}

/** A line of ETLsysLogs. `key` makes a repeat harmless. */
export interface SysLogLine {
  key: string;
  processingDate: string | null;
  projectCode: string | null;
  processLoad: string | null;
  sourceType: string | null;
  runId: string | null;
  executionId: string | null;
  correlationId: string | null;
  pipelineName: string | null;
  activityName: string | null;
  operationName: string | null;
  /** 0 DEBUG, 1 INFO, 2 WARN, 3 ERROR. */
  level: number;
  logTime: string;
  message: string;
}

/** What a replay found. */
export interface ReplayReport {
  commands: number;
  steps: number;
  /** Steps whose stored row is not what the commands lead to. */
  differing: (StepKey & { attempt: number })[];
  /** Numbers of commands that would be judged otherwise now. */
  verdicts: number[];
}

/** Runs. */
export interface RunStore {
  /**
   * Decides commands and keeps them with what follows, durably: the promise resolves after the commit. Commands of one
   * call are kept together, in their order; calls that come at the same time share one commit. An event id that is
   * known is answered with its first answer.
   *
   * @param reads what `decide` is shown; by default `step` for a command of a task, else `run`
   * @throws HeadgateError `input_invalid` for a payload over 1 MiB; what `decide` throws: then nothing of this call is kept
   */
  append(commands: readonly Command[], decide: Decide, reads?: (command: Command) => Reads): Promise<Outcome[]>;
  findCommand(eventId: string): Promise<RecordedCommand | undefined>;
  /** Commands after a number, in commit order: going on from the last one seen misses none. */
  eventsAfter(seq: number, limit: number): Promise<RecordedCommand[]>;
  /** Number of the newest command; 0 where there is none. */
  lastSeq(): Promise<number>;
  /** Steps in the order of date, process, run, workflow, task, attempt; 1,000 unless asked otherwise. */
  steps(filter: RunFilter): Promise<StoredStep[]>;
  readonly views: Readonly<Record<ViewName, (filter?: RunFilter) => Promise<ViewRow[]>>>;
  /** Of one process, by date, workflow, order of the stage, task. */
  dayMarks(process: DaysOf): Promise<DayMark[]>;
  /** Of one process, by date; days without a run are left out. */
  dayTallies(process: DaysOf): Promise<DayTally[]>;
  readonly catalogue: Catalogue;

  mode(projectCode: string, processLoad: string): Promise<ProcessMode | undefined>;
  /** Newest first. */
  watermarkHistory(filter: {
    projectCode: string;
    processLoad: string;
    name?: string;
    limit?: number;
  }): Promise<WatermarkEvent[]>;

  /** Prolongs the lease of a running attempt; false when there is none (it ended, or another attempt runs). */
  heartbeat(step: StepKey & { attempt: number }, expiresAt: string): Promise<boolean>;
  /** Leases that are over although every gap of our own is added to them. */
  expiredLeases(now: string, limit?: number): Promise<StepLeaseRow[]>;
  /**
   * Tells that this server lives. A silence longer than `maxSilenceMs`, also from one start to the next, is noted as a
   * gap.
   * @returns since when it has lived without a gap (UTC text)
   */
  serverBeat(server: string, maxSilenceMs: number): Promise<{ unbrokenSince: string }>;
  serverGaps(since: string): Promise<{ server: string; from: string; to: string }[]>;

  /** Merges what platforms say; returns how many were new. */
  observe(observations: readonly Observation[]): Promise<number>;
  observed(filter: RunFilter): Promise<Observation[]>;

  /** Adds lines to ETLsysLogs; known keys are left out. */
  log(lines: readonly SysLogLine[]): Promise<void>;
  logs(filter: RunFilter & { contains?: string | undefined }): Promise<SysLogLine[]>;

  /** Folds all commands again: `check` compares with the stored steps, `rebuild` replaces those. */
  replay(decide: Decide, how: "check" | "rebuild", reads?: (command: Command) => Reads): Promise<ReplayReport>;
  /** Removes closed runs that closed before a time, whole: commands, steps, observations, logs. Watermark events stay. */
  purge(closedBefore: string): Promise<{ runs: number; commands: number }>;
}
