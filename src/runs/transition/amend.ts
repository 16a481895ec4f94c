/** AMEND: a person gives an attempt that has ended another end. No watermark follows from it. */
import type { Command, Step } from "../../model/step.ts";
import type { Decision, Situation } from "../../store/runs.ts";
import { json, nameOf, nothingToDo, refuse, stepAnswer } from "./answers.ts";
import { afterTasks } from "./initiation.ts";
import { type AmendPayload, payloadOf } from "./payload.ts";
import { unknownTask } from "./provision.ts";
import { attemptsOf, cutMessage, isInitiation, meantAttempt } from "./steps.ts";

/** Decides an AMEND. */
export function amend(situation: Situation, command: Command): Decision {
  const { now, steps } = situation;
  const { status, reason, logMessage, logCode } = payloadOf<AmendPayload>(command);
  const attempts = attemptsOf(situation, command);
  const step = meantAttempt(attempts, command);
  if (!step || isInitiation(step)) return unknownTask(command, attempts);
  if (step.phase !== "ENDED") {
    return refuse("not_ended", {
      message: `Attempt ${step.attempt} of ${nameOf(step)} has not ended`,
      hint: "Only what has ended can be amended.",
      attempt: step.attempt,
    });
  }
  if (step.status === status) return nothingToDo(step);
  const amended: Step = {
    ...step,
    status,
    logMessage: cutMessage(logMessage ?? reason),
    logType: status === "DONE" ? "INFO" : "ERROR",
    logCode: logCode ?? "AMENDED",
  };
  return {
    verdict: "accepted",
    answer: json(stepAnswer(amended)),
    steps: [amended, ...afterTasks(steps, [amended], now)],
  };
}
