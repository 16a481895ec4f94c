/** The verbs of the runs room that are reachable over HTTP, and the log that live events follow. */
import type { RunsRoom } from "../app.ts";
import type { RecordedCommand } from "../model/step.ts";

/** What the server asks of the runs room. */
export type ServerRuns = Pick<
  RunsRoom,
  | "setup"
  | "registerSequence"
  | "registerProcess"
  | "registerTask"
  | "registerParameter"
  | "generateExecutionId"
  | "generateExecutionSteps"
  | "getPendingTasks"
  | "startTask"
  | "heartbeat"
  | "progress"
  | "endTask"
  | "failTask"
  | "skip"
  | "unskip"
  | "cancel"
  | "amend"
  | "statusReset"
  | "setProcessingMode"
  | "getMode"
  | "getActiveWatermark"
  | "setWatermark"
  | "advanceWatermark"
  | "rollbackWatermark"
  | "watermarkHistory"
  | "getStatus"
  | "getBlockers"
  | "canAdvance"
  | "processes"
  | "grid"
  | "gridTasks"
  | "timeline"
  | "watermarks"
  | "previewRollback"
  | "views"
  | "logs"
>;

/** A line of ETLsysLogs. */
export type LogLine = Awaited<ReturnType<RunsRoom["logs"]>>[number];

/** The log of commands, as whoever follows it needs it. */
export interface RunLog {
  /** Number of the newest command; 0 where there is none. */
  lastSeq(): Promise<number>;
  eventsAfter(seq: number, limit: number): Promise<RecordedCommand[]>;
  /** Adds lines to ETLsysLogs; known keys are left out. */
  log(lines: readonly LogLine[]): Promise<void>;
}
