/** RESET: tasks that failed (in a replay also those that are done) get a new attempt; what was stays as history. */
import type { ResetAnswer } from "../../model/run-answer.ts";
import type { Command, Step } from "../../model/step.ts";
import type { Decision, Situation } from "../../store/runs.ts";
import { kept, type Move, told } from "./advance.ts";
import { json, refuse, refuseEnded, refuseRunning } from "./answers.ts";
import { runQueuedAgain } from "./initiation.ts";
import { payloadOf, type ResetPayload } from "./payload.ts";
import { unskipped } from "./skip.ts";
import { initiationOf, latestTasks, nextAttempt, taskKey } from "./steps.ts";

/** Decides a RESET of a run, or of those of its tasks that are named. */
export function reset({ now, steps, parameters }: Situation, command: Command): Decision {
  const { tasks, replay = false, watermarks = [] } = payloadOf<ResetPayload>(command);
  const latest = latestTasks(steps);
  const meant = tasks ? latest.filter((step) => tasks.includes(taskKey(step))) : latest;
  const [only] = meant;
  if (!only) {
    const which = tasks ? `no task ${tasks.join(", ")}` : "no tasks";
    return refuse("unknown_task", { message: `The run ${command.executionId} has ${which}` });
  }
  const again = meant.filter((step) => step.status === "FAIL" || (replay && step.status === "DONE"));
  const taken = meant.filter((step) => step.phase === "SKIPPED");
  // Of one task that was named the caller wants to know why not; of many, those that need nothing are passed over.
  if (again.length + taken.length === 0 && meant.length === 1 && tasks) {
    if (only.phase === "RUNNING") return refuseRunning(only);
    if (only.status === "DONE") return refuseEnded(only);
  }
  const moves = watermarks.flatMap(({ name, value }): Move[] => {
    const parameter = parameters.find((one) => one.name === name);
    if (!parameter || parameter.value === value || again.length === 0) return [];
    return [{ name, value, before: parameter.value, cause: "reset", reason: "replay" }];
  });
  const items = again.map((step) => ({
    projectCode: step.projectCode,
    processLoad: step.processLoad,
    processingDate: step.processingDate,
    executionId: step.executionId,
    workflowId: step.workflowId,
    taskId: step.taskId,
    attempt: step.attempt + 1,
    was: step.status as "DONE" | "FAIL",
  }));
  const answer: ResetAnswer = { count: items.length, items, watermarks: told(moves) };
  if (again.length + taken.length === 0) return { verdict: "replayed", answer: json(answer) };
  const rows: Step[] = [...again.map((step) => nextAttempt(command, step, now)), ...taken.map(unskipped)];
  return {
    verdict: "accepted",
    answer: json(answer),
    steps: [...runQueuedAgain(initiationOf(steps)), ...rows],
    watermarks: kept(moves),
  };
}
