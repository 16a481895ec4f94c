/** GENERATE: the rows of a run, before it starts. */
import type { GenerateAnswer } from "../../model/run-answer.ts";
import type { Command, Step } from "../../model/step.ts";
import type { Decision, Situation } from "../../store/runs.ts";
import { json, refuse } from "./answers.ts";
import { afterTasks, runQueuedAgain } from "./initiation.ts";
import { type GeneratePayload, payloadOf } from "./payload.ts";
import { factsOf, initiationOf, latestTasks, newInitiation, newStep, taskKey } from "./steps.ts";

/** Decides a GENERATE. A run that was generated gets only tasks that are asked for by name; else nothing is left to do. */
export function generate({ now, run, steps }: Situation, command: Command): Decision {
  const { facts, tasks, leftOut, force = [] } = payloadOf<GeneratePayload>(command);
  const { generated } = factsOf(steps);
  const there = new Set(steps.map(taskKey));
  const wanted = generated ? tasks.filter((task) => force.includes(taskKey(task))) : tasks;
  const added = wanted.filter((task) => !there.has(taskKey(task))).map((task) => newStep(command, task, now));
  const answer = (count: number, replayed: boolean): GenerateAnswer => ({
    projectCode: command.projectCode,
    processLoad: command.processLoad,
    processingDate: command.processingDate ?? "",
    executionId: command.executionId ?? "",
    runNumber: run?.runNumber ?? 0,
    generated: count,
    total: latestTasks(steps).length + count,
    leftOut,
    replayed,
  });
  if (generated && added.length === 0) return { verdict: "replayed", answer: json(answer(0, true)) };
  if (tasks.length === 0 && leftOut.length === 0) {
    return refuse("nothing_to_run", {
      message: `${command.projectCode}/${command.processLoad} has no active task`,
      hint: "Register its tasks, or activate them.",
    });
  }
  return {
    verdict: "accepted",
    answer: json(answer(added.length, false)),
    steps: [...initiation(steps, added, command, facts, now), ...added],
  };
}

/** The run's initiation row: a new one, or the one that a task which was never generated has brought along. */
function initiation(
  steps: readonly Step[],
  added: readonly Step[],
  command: Command,
  facts: GeneratePayload["facts"],
  now: string,
): Step[] {
  const known = initiationOf(steps);
  const row = known
    ? { ...known, metrics: { ...known.metrics, generated: true } }
    : newInitiation(command, facts, true, now);
  // Where everything was done before there is nothing to wait for; where something came after the end, there is.
  const settled = afterTasks(steps, [row, ...added], now)[0] ?? row;
  return added.length > 0 && known?.status === "DONE" ? runQueuedAgain(row) : [settled];
}
