/** WATERMARK: a watermark is set, advanced or rolled back by somebody. */
import type { Command, Step } from "../../model/step.ts";
import type { Decision, Situation } from "../../store/runs.ts";
import { isForward } from "../watermark.ts";
import { json, refuse } from "./answers.ts";
import { payloadOf, type WatermarkPayload } from "./payload.ts";
import { attemptsOf } from "./steps.ts";

/** Decides a WATERMARK. Inside a run the running task is noted to have moved it, so that its end does not. */
export function watermark(situation: Situation, command: Command): Decision {
  const { name, type, value, cause, forward, reason } = payloadOf<WatermarkPayload>(command);
  const parameter = situation.parameters.find((one) => one.name === name);
  if (!parameter) {
    return refuse("unknown_parameter", {
      message: `${command.projectCode}/${command.processLoad} has no parameter ${name}`,
    });
  }
  const answer = { before: parameter.value, after: value };
  if (parameter.value === value) return { verdict: "replayed", answer: json(answer) };
  if (forward && !isForward(type, parameter.value, value)) {
    return refuse("not_forward", {
      message: `${value ?? "nothing"} lies before the watermark ${name}, which is ${parameter.value}`,
      hint: "Set it instead of advancing it, if that is right.",
    });
  }
  const running: Step | undefined =
    command.taskId === null ? undefined : attemptsOf(situation, command).findLast((step) => step.phase === "RUNNING");
  const noted =
    running?.sourceSystemCode === name ? [{ ...running, metrics: { ...running.metrics, watermark: value } }] : [];
  return {
    verdict: "accepted",
    answer: json(answer),
    steps: noted,
    watermarks: [{ name, value, cause, reason: reason ?? null }],
  };
}
