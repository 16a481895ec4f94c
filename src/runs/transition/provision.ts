/** Tasks that a call speaks of before anybody generated them: a row is made from the catalogue's entry that came along. */
import type { Command, Step } from "../../model/step.ts";
import type { Decision } from "../../store/runs.ts";
import { refuse } from "./answers.ts";
import { type PlannedTask, type Provision, payloadOf } from "./payload.ts";
import { initiationOf, newInitiation, taskKey } from "./steps.ts";

/** What the catalogue has for a command's task, with an initiation row where the run has none. */
export function provisioned(
  command: Command,
  steps: readonly Step[],
  now: string,
): { task: PlannedTask; initiation: Step | undefined } | undefined {
  const { task, facts } = payloadOf<Provision>(command);
  if (!task) return undefined;
  const initiation = initiationOf(steps)
    ? undefined
    : newInitiation(command, facts ?? { mode: "live", watermarks: [] }, false, now);
  return { task, initiation };
}

/** The refusal of a task (or attempt) that is not there. */
export function unknownTask(command: Command, attempts: readonly Step[]): Decision {
  const where = `${command.projectCode}/${command.processLoad}/${taskKey(command)}`;
  const last = attempts.at(-1);
  return last
    ? refuse("unknown_task", {
        message: `${where} has no attempt ${command.attempt} in run ${command.executionId}`,
        hint: `Its newest attempt is ${last.attempt}; leave the attempt out to mean that one.`,
        attempt: last.attempt,
      })
    : refuse("unknown_task", { message: `There is no task ${where}`, hint: "Register it, or look at its numbers." });
}
