/** Sends one command to the store and turns what became of it into an answer, or into the error of a refusal. */
import { type ErrorCode, HeadgateError } from "../errors.ts";
import type { Command } from "../model/step.ts";
import type { Decide, Outcome, RunStore } from "../store/runs.ts";
import type { JsonObject } from "../util/json.ts";
import type { RefusalAnswer } from "./transition/answers.ts";
import { type Provision, payloadOf } from "./transition/payload.ts";
import { readsOf, transition } from "./transition.ts";

/** Thrown out of a decision whose task is not there while nobody has looked into the catalogue: nothing of it is kept. */
const NOT_GENERATED = new Error("the task has no step yet");

const live: Decide = (situation, command) => {
  const decision = transition(situation, command);
  if (
    decision.code === "unknown_task" &&
    payloadOf<Provision>(command).task === undefined &&
    PROVISIONED.has(command.type)
  ) {
    throw NOT_GENERATED;
  }
  return decision;
};

/** Verbs that may speak of a task before anybody generated it. */
const PROVISIONED = new Set(["START", "END", "FAIL", "SKIP"]);

function refusal(code: string, answer: RefusalAnswer): HeadgateError {
  const { message, hint, holder, attempt } = answer;
  return new HeadgateError(code as ErrorCode, message, {
    hint,
    permanent: true,
    data: { ...(holder ? { holder } : {}), ...(attempt === undefined ? {} : { attempt }) },
  });
}

/**
 * Sends a command.
 *
 * @param provision looks a task up that has no step yet; the command is then sent again with what it found
 * @returns the answer, `replayed` where nothing was done now
 * @throws HeadgateError with the code of a refusal
 */
export async function sendCommand<Answer extends object>(
  runs: Pick<RunStore, "append">,
  command: Command,
  provision?: () => Promise<Provision>,
): Promise<Answer & { replayed: boolean }> {
  const send = async (one: Command): Promise<Outcome> => {
    const [outcome] = await runs.append([one], live, readsOf);
    if (!outcome) throw new Error("the store has not answered a command");
    return outcome;
  };
  let outcome: Outcome;
  try {
    outcome = await send(command);
  } catch (error) {
    if (error !== NOT_GENERATED || !provision) throw error;
    const found = await provision();
    outcome = await send({ ...command, payload: { ...command.payload, ...(found as unknown as JsonObject) } });
  }
  const answer = outcome.answer as unknown;
  if (outcome.verdict === "refused") throw refusal(outcome.code ?? "input_invalid", answer as RefusalAnswer);
  return { ...(answer as Answer), replayed: outcome.repeated || outcome.verdict === "replayed" };
}
