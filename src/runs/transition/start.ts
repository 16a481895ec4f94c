/** START and PROGRESS: an attempt runs, and tells how far it has got. */
import type { StartAnswer } from "../../model/run-answer.ts";
import type { Command, Step } from "../../model/step.ts";
import type { Decision, Situation } from "../../store/runs.ts";
import type { JsonObject } from "../../util/json.ts";
import { json, nameOf, nothingToDo, refuse, refuseEnded, refuseRunning, stepAnswer } from "./answers.ts";
import { runStarts } from "./initiation.ts";
import { type ProgressPayload, payloadOf, type StartPayload } from "./payload.ts";
import { provisioned, unknownTask } from "./provision.ts";
import { attemptsOf, initiationOf, isInitiation, meantAttempt, newStep, nextAttempt, timeOf } from "./steps.ts";

/** The attempt that a START means: a platform's run id does not lead back to an attempt that has ended. */
function toStart(attempts: readonly Step[], command: Command, now: string): Step | undefined {
  if (command.attempt === null) return attempts.at(-1);
  const named = attempts.find((step) => step.attempt === command.attempt);
  const last = attempts.at(-1);
  // As the original's callers retry: by starting the attempt after the one that failed.
  const follows = last && last.status === "FAIL" && command.attempt === last.attempt + 1;
  return named ?? (follows ? nextAttempt(command, last, now) : undefined);
}

const sameRun = (step: Step, command: Command): boolean =>
  command.sourceRunId !== null && step.sourceRunId === command.sourceRunId;

/** Decides a START. */
export function start(situation: Situation, command: Command): Decision {
  const { now, steps } = situation;
  const payload = payloadOf<StartPayload>(command);
  const attempts = attemptsOf(situation, command);
  const missing = attempts.length === 0 ? provisioned(command, steps, now) : undefined;
  const step = missing ? newStep(command, missing.task, now) : toStart(attempts, command, now);
  if (!step || (command.attempt !== null && command.attempt !== step.attempt)) return unknownTask(command, attempts);
  if (step.phase === "RUNNING") {
    const same = sameRun(step, command) || (step.sourceRunId === null && command.sourceRunId === null);
    return same || isInitiation(step) ? startedBefore(step, attempts) : refuseRunning(step);
  }
  if (step.phase !== "QUEUED") {
    return sameRun(step, command) || isInitiation(step) ? startedBefore(step, attempts) : refuseEnded(step);
  }
  const at = timeOf(command, now);
  const initiation = missing?.initiation ?? initiationOf(steps);
  if (isInitiation(step)) {
    const announced = {
      ...(runStarts(step, at)[0] ?? step),
      sourceRunId: command.sourceRunId,
      sourceUrl: command.sourceUrl,
    };
    return { verdict: "accepted", answer: json(startAnswer(announced, [], null, false)), steps: [announced] };
  }
  const running: Step = {
    ...step,
    phase: "RUNNING",
    startTime: at,
    sourceRunId: command.sourceRunId,
    sourceUrl: command.sourceUrl,
    sourceType: payload.sourceType ?? step.sourceType,
    clusterId: payload.clusterId ?? null,
  };
  const expiresAt = new Date(Date.parse(now) + payload.leaseMs).toISOString();
  const started = runStarts(initiation, at);
  return {
    verdict: "accepted",
    answer: json(startAnswer(running, attempts, expiresAt, false)),
    steps: [...(started.length === 0 && missing?.initiation ? [missing.initiation] : started), running],
    leases: [{ ...running, holder: command.sourceRunId, expiresAt }],
  };
}

/** A start that had happened. */
const startedBefore = (step: Step, attempts: readonly Step[]): Decision => ({
  ...nothingToDo(step),
  answer: json(startAnswer(step, attempts, null, true)),
});

/** Without the watermark, which the room reads and adds. */
function startAnswer(
  step: Step,
  attempts: readonly Step[],
  leaseExpiresAt: string | null,
  replayed: boolean,
): StartAnswer {
  return {
    ...stepAnswer(step),
    leaseExpiresAt,
    sourceSystemCode: step.sourceSystemCode,
    watermark: null,
    fullFileName: step.fullFileName,
    inFilePath: step.inFilePath,
    outFilePath: step.outFilePath,
    lastMetrics: attempts.findLast((one) => one.attempt < step.attempt)?.metrics ?? null,
    replayed,
  };
}

/** Metrics laid over earlier ones. */
export function mergedMetrics(step: Step, metrics: object | undefined): JsonObject | null {
  return metrics === undefined ? step.metrics : { ...step.metrics, ...(metrics as JsonObject) };
}

/** Decides a PROGRESS: metrics of a running attempt. */
export function progress(situation: Situation, command: Command): Decision {
  const attempts = attemptsOf(situation, command);
  const step = meantAttempt(attempts, command);
  if (!step) return unknownTask(command, attempts);
  if (step.phase === "QUEUED") {
    return refuse("not_running", {
      message: `${nameOf(step)} has not started`,
      hint: "Start it first.",
      attempt: step.attempt,
    });
  }
  if (step.phase !== "RUNNING") return refuseEnded(step);
  const told: Step = { ...step, metrics: mergedMetrics(step, payloadOf<ProgressPayload>(command).metrics) };
  return { verdict: "accepted", answer: json(stepAnswer(told)), steps: [told] };
}
