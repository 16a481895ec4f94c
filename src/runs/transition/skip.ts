/** SKIP and UNSKIP: one task is left out of one run, and taken in again. */
import type { Command, Step } from "../../model/step.ts";
import type { Decision, Situation } from "../../store/runs.ts";
import { json, nothingToDo, refuseEnded, refuseRunning, stepAnswer } from "./answers.ts";
import { afterTasks } from "./initiation.ts";
import { payloadOf, type SkipPayload } from "./payload.ts";
import { provisioned, unknownTask } from "./provision.ts";
import { attemptsOf, cutMessage, isInitiation, newStep } from "./steps.ts";

/** Decides a SKIP: only what waits can be skipped. */
export function skip(situation: Situation, command: Command): Decision {
  const { now, steps } = situation;
  const attempts = attemptsOf(situation, command);
  const missing = attempts.length === 0 ? provisioned(command, steps, now) : undefined;
  const step = missing ? newStep(command, missing.task, now) : attempts.at(-1);
  if (!step || isInitiation(step)) return unknownTask(command, []);
  if (step.phase === "SKIPPED") return nothingToDo(step);
  if (step.phase === "RUNNING") return refuseRunning(step);
  if (step.phase === "ENDED") return refuseEnded(step);
  const skipped: Step = {
    ...step,
    phase: "SKIPPED",
    forceSkip: true,
    logMessage: cutMessage(payloadOf<SkipPayload>(command).reason),
    logType: "INFO",
  };
  const rows = [...(missing?.initiation ? [missing.initiation] : []), skipped];
  const initiation = afterTasks(steps, rows, now);
  return {
    verdict: "accepted",
    answer: json(stepAnswer(skipped)),
    steps: [...rows.filter((row) => !(isInitiation(row) && initiation.length > 0)), ...initiation],
  };
}

/** A skipped step, waiting again. */
export function unskipped(step: Step): Step {
  return { ...step, phase: "QUEUED", forceSkip: false, logMessage: null, logType: null };
}

/** Decides an UNSKIP. */
export function unskip(situation: Situation, command: Command): Decision {
  const attempts = attemptsOf(situation, command);
  const step = attempts.at(-1);
  if (!step || isInitiation(step)) return unknownTask(command, []);
  if (step.phase !== "SKIPPED") return nothingToDo(step);
  const waiting = unskipped(step);
  return {
    verdict: "accepted",
    answer: json(stepAnswer(waiting)),
    steps: [waiting, ...afterTasks(situation.steps, [waiting], situation.now)],
  };
}
