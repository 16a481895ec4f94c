/** What the commands of the log carry beside their common columns. They hold all that a decision needs from outside the run, so that a replay decides the same. */
import type { LeftOut } from "../../model/run-answer.ts";
import type { Metrics } from "../../model/run-request.ts";
import type { Command, TaskSnapshot } from "../../model/step.ts";

/** A task that is to become a step, as the catalogue had it. Members that are null are left out. */
export interface PlannedTask extends Partial<TaskSnapshot> {
  workflowId: number;
  taskId: number;
}

/** What was so when a run began; kept in its initiation row. */
export interface RunFacts {
  /** What the process was run for: the watermarks of a historic run stay. */
  mode: "live" | "historic" | "bulk";
  /** Names of parameters that were declared: only those may be moved by an end. */
  watermarks: string[];
}

/** Of a command whose task may not be there yet. */
export interface Provision {
  /** The task as the catalogue has it; null where it has none; absent where nobody has looked. */
  task?: PlannedTask | null;
  facts?: RunFacts;
}

export interface GeneratePayload {
  facts: RunFacts;
  tasks: PlannedTask[];
  leftOut: LeftOut[];
  /** Tasks (`1/7`) that were asked for by name: added to a run that is there already. */
  force?: string[];
}

export interface StartPayload extends Provision {
  leaseMs: number;
  sourceType?: string;
  clusterId?: string;
}

export interface ProgressPayload {
  metrics: Metrics;
}

export interface EndPayload extends Provision {
  logMessage?: string;
  logType?: string;
  logCode?: string;
  metrics?: Metrics;
  /** Value of the task's watermark, as it is kept. */
  watermark?: string;
  clusterId?: string;
}

export interface LostPayload {
  lease: number;
  holder: string | null;
  beatAt: string;
}

export interface SkipPayload extends Provision {
  reason: string;
}

export interface ResetPayload {
  /** Tasks (`1/7`); all of the run when absent. */
  tasks?: string[];
  replay?: boolean;
  reason?: string;
  /** Watermarks and the values they are set back to. */
  watermarks?: { name: string; value: string | null }[];
}

export interface CancelPayload {
  reason: string;
}

export interface AmendPayload {
  status: "DONE" | "FAIL";
  reason: string;
  logMessage?: string;
  logCode?: string;
}

export interface WatermarkPayload {
  name: string;
  type: "DELTA_DATE" | "DELTA_ID" | "FLAG" | "SYSTEM";
  /** As it is kept. */
  value: string | null;
  cause: "manual" | "rollback" | "mode";
  /** Refused where it would go backwards. */
  forward: boolean;
  reason?: string;
}

export interface ModePayload {
  mode: "live" | "historic" | "bulk";
  historicDate?: string;
  until?: string;
  restore?: boolean;
  /** Watermarks of the process that bulk mode clears. */
  names: string[];
  reason?: string;
}

/** The payload of a command; its shape is settled by the command's type, and written by this room alone. */
export function payloadOf<T>(command: Command): T {
  return command.payload as unknown as T;
}
