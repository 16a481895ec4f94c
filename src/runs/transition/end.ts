/** END, FAIL and LOST: an attempt is over. */
import type { Command, Step } from "../../model/step.ts";
import type { Decision, Situation } from "../../store/runs.ts";
import { advanceOnDone, kept, returnToLive, told } from "./advance.ts";
import { json, nothingToDo, refuseEnded, stepAnswer } from "./answers.ts";
import { afterTasks } from "./initiation.ts";
import { type EndPayload, type LostPayload, payloadOf } from "./payload.ts";
import { provisioned, unknownTask } from "./provision.ts";
import { mergedMetrics } from "./start.ts";
import { attemptsOf, between, cutMessage, isInitiation, meantAttempt, newStep, timeOf } from "./steps.ts";

/** So long after a step was called lost, its own word still counts; longer where it waited at the caller (`spooled`). */
const GRACE = 86_400_000;

function isStillHeard(step: Step, command: Command, now: string): boolean {
  return step.logCode === "LOST" && (command.spooled || between(step.endTime ?? now, now) <= GRACE);
}

/** Decides an END (DONE) or a FAIL. */
export function end(situation: Situation, command: Command): Decision {
  const { now, steps } = situation;
  const payload = payloadOf<EndPayload>(command);
  const status = command.type === "END" ? "DONE" : "FAIL";
  const attempts = attemptsOf(situation, command);
  const missing = attempts.length === 0 ? provisioned(command, steps, now) : undefined;
  const step = missing ? newStep(command, missing.task, now) : meantAttempt(attempts, command);
  if (!step || (missing && (command.attempt ?? 0) !== 0)) return unknownTask(command, attempts);
  // Only advice: the server knows by its tasks how a run stands.
  if (isInitiation(step)) return nothingToDo(step);
  const recovered = step.phase === "ENDED" && isStillHeard(step, command, now);
  if (step.phase === "SKIPPED") return refuseEnded(step);
  if (step.phase === "ENDED" && !recovered) {
    return step.status === status ? nothingToDo(step) : refuseEnded(step);
  }
  const inferred = step.phase === "QUEUED";
  const said = timeOf(command, now);
  const startTime = step.startTime ?? said;
  const at = Date.parse(said) < Date.parse(startTime) ? startTime : said;
  const over: Step = {
    ...step,
    status,
    phase: "ENDED",
    startTime,
    endTime: at,
    durationMs: inferred ? null : between(startTime, at),
    startInferred: inferred,
    recoveredFromLost: recovered || step.recoveredFromLost,
    logMessage: cutMessage(payload.logMessage),
    logType: payload.logType ?? (status === "DONE" ? "INFO" : "ERROR"),
    logCode: payload.logCode ?? null,
    sourceRunId: step.sourceRunId ?? command.sourceRunId,
    sourceUrl: step.sourceUrl ?? command.sourceUrl,
    clusterId: step.clusterId ?? payload.clusterId ?? null,
    metrics: mergedMetrics(step, payload.metrics),
  };
  const rows = [
    ...(missing?.initiation ? [missing.initiation] : []),
    over,
    ...(status === "DONE" ? notNeeded(attempts, over) : []),
  ];
  const initiation = afterTasks(steps, rows, at);
  const live = returnToLive(situation, initiation, command);
  const advanced = status === "DONE" ? advanceOnDone(situation, rows, over, payload.watermark) : [];
  const moves = [...advanced, ...live.moves];
  return {
    verdict: "accepted",
    answer: json(stepAnswer(over, told(moves))),
    steps: [...rows.filter((row) => !(isInitiation(row) && initiation.length > 0)), ...initiation],
    watermarks: kept(moves),
    mode: live.mode,
    leases: step.phase === "RUNNING" ? [{ ...over, holder: null, expiresAt: null }] : [],
  };
}

/** A later attempt that waits, where an earlier one that was called lost is done after all: it need not run. */
function notNeeded(attempts: readonly Step[], done: Step): Step[] {
  return attempts
    .filter((step) => step.attempt > done.attempt && step.phase === "QUEUED")
    .map((step) => ({
      ...step,
      phase: "SKIPPED",
      forceSkip: true,
      logMessage: `Attempt ${done.attempt} was done after all`,
      logType: "INFO",
    }));
}

/** Decides a LOST: nothing was heard of a running attempt for longer than its lease. */
export function lost(situation: Situation, command: Command): Decision {
  const { now, steps } = situation;
  const attempts = attemptsOf(situation, command);
  const step = attempts.find((one) => one.attempt === command.attempt);
  if (!step) return unknownTask(command, attempts);
  if (step.phase !== "RUNNING") return nothingToDo(step);
  const { beatAt, holder } = payloadOf<LostPayload>(command);
  const by = holder ? ` of ${holder}` : "";
  const gone: Step = {
    ...step,
    status: "FAIL",
    phase: "ENDED",
    endTime: now,
    durationMs: between(step.startTime ?? now, now),
    logMessage: `Nothing was heard${by} since ${beatAt}`,
    logType: "ERROR",
    logCode: "LOST",
  };
  return {
    verdict: "accepted",
    answer: json(stepAnswer(gone)),
    steps: [gone, ...afterTasks(steps, [gone], now)],
    leases: [{ ...gone, holder: null, expiresAt: null }],
  };
}
