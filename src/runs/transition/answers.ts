/** Decisions in their usual forms: accepted with a step's answer, nothing left to do, refused with a code and words. */
import type { ErrorCode } from "../../errors.ts";
import type { StepAnswer, WatermarkMove } from "../../model/run-answer.ts";
import type { Step } from "../../model/step.ts";
import type { Decision } from "../../store/runs.ts";
import type { Json, JsonObject } from "../../util/json.ts";

/** Codes with which a command is refused. */
export type RefusalCode = Extract<
  ErrorCode,
  | "already_running"
  | "already_done"
  | "already_failed"
  | "skipped"
  | "not_running"
  | "not_ended"
  | "run_closed"
  | "not_forward"
  | "unknown_task"
  | "unknown_parameter"
  | "nothing_to_run"
  | "input_invalid"
>;

/** What the answer of a refusal holds. */
export interface RefusalAnswer {
  message: string;
  hint?: string | undefined;
  /** Who holds the attempt, and since when. */
  holder?: { sourceRunId: string | null; sourceUrl: string | null; since: string | null } | undefined;
  attempt?: number | undefined;
}

/** A refusal. */
export function refuse(code: RefusalCode, answer: RefusalAnswer): Decision {
  return { verdict: "refused", code, answer: answer as unknown as JsonObject };
}

/** How a step is called in messages: `Load UK (1/4)`. */
export function nameOf(step: { workflowId: number; taskId: number; taskName: string | null }): string {
  const id = `${step.workflowId}/${step.taskId}`;
  return step.taskName ? `${step.taskName} (${id})` : id;
}

/** A step as an answer. */
export function stepAnswer(step: Step, watermarks: WatermarkMove[] = []): StepAnswer {
  return {
    projectCode: step.projectCode,
    processLoad: step.processLoad,
    processingDate: step.processingDate,
    executionId: step.executionId,
    workflowId: step.workflowId,
    taskId: step.taskId,
    attempt: step.attempt,
    status: step.status,
    phase: step.phase,
    startTime: step.startTime,
    endTime: step.endTime,
    logCode: step.logCode,
    sourceRunId: step.sourceRunId,
    startInferred: step.startInferred,
    recoveredFromLost: step.recoveredFromLost,
    watermarks,
    replayed: false,
  };
}

/** Any answer as the JSON that is kept. */
export const json = (answer: object): Json => answer as unknown as JsonObject;

/** Nothing was left to do. */
export function nothingToDo(step: Step): Decision {
  return { verdict: "replayed", answer: json({ ...stepAnswer(step), replayed: true }) };
}

/** Why a step that has ended, or is skipped, takes no such command. */
export function refuseEnded(step: Step): Decision {
  const attempt = step.attempt;
  if (step.phase === "SKIPPED") {
    return refuse("skipped", { message: `${nameOf(step)} is skipped in this run`, hint: "Unskip it first.", attempt });
  }
  if (step.status === "DONE") {
    return refuse("already_done", {
      message: `Attempt ${attempt} of ${nameOf(step)} is done`,
      hint: "A reset with replay gives a new attempt, an amendment another end.",
      attempt,
    });
  }
  return refuse("already_failed", {
    message: `Attempt ${attempt} of ${nameOf(step)} has failed${step.logCode ? ` (${step.logCode})` : ""}`,
    hint: "A reset gives a new attempt, an amendment another end.",
    attempt,
  });
}

/** The attempt is somebody's. */
export function refuseRunning(step: Step): Decision {
  const by = step.sourceRunId ? ` by ${step.sourceRunId}` : "";
  return refuse("already_running", {
    message: `Attempt ${step.attempt} of ${nameOf(step)} runs already${by}, since ${step.startTime}`,
    hint: "Wait for its end, or cancel the run.",
    holder: { sourceRunId: step.sourceRunId, sourceUrl: step.sourceUrl, since: step.startTime },
    attempt: step.attempt,
  });
}
