/** Brings steps to what platforms say of them, by the same commands that tasks give, as the actor `collector`. */
import { HeadgateError } from "../errors.ts";
import type { ReconcileCounts } from "../model/observe-report.ts";
import type { StoredStep } from "../model/step.ts";
import { isOfWholeDay } from "../runs/match-execution.ts";
import { factId } from "../runs/observe/observations.ts";
import type { ObservedStep } from "../runs/observe.ts";
import type { RunsRoom } from "../runs/room.ts";
import { type Call, differenceOf } from "./reconcile-calls.ts";

const ACTOR = "collector";
/** A task that only a platform tells of is called lost when no pass has seen it for so long. */
const LEASE_SECONDS = 86_400;
const AT_ONCE = 64;

/** The part of the room that is used. */
export type ReconcileRoom = Pick<
  RunsRoom,
  | "startTask"
  | "endTask"
  | "failTask"
  | "skip"
  | "unskip"
  | "statusReset"
  | "heartbeat"
  | "steps"
  | "generateExecutionSteps"
>;

/**
 * Tells the room what differs. Repeating is harmless: the key of a call follows from the observation and the version of
 * the step it was decided upon. What the step's state does not allow is counted, and left as it is.
 */
export async function reconcile(room: ReconcileRoom, observed: readonly ObservedStep[]): Promise<ReconcileCounts> {
  const counts: ReconcileCounts = { commands: 0, refused: 0, contradictions: [] };
  const tasks = groupBy(observed, (one) => JSON.stringify([...runOf(one), one.workflowId, one.taskId]));
  const stepsOf = await readSteps(room, observed);
  const queue = [...tasks.values()];
  const worker = async () => {
    for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
      const [first] = group;
      if (first === undefined) continue;
      const steps = stepsOf(first);
      const { calls, contradictions } = differenceOf(group, steps);
      counts.contradictions.push(...contradictions);
      for (const call of calls) {
        if (await allowed(() => send(room, call))) counts.commands += call.verb === "heartbeat" ? 0 : 1;
        else {
          // What follows was decided as if this had been taken: the next pass decides anew.
          counts.refused += 1;
          break;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  counts.contradictions.sort();
  return counts;
}

const runOf = (one: ObservedStep) => [one.projectCode, one.processLoad, one.processingDate, one.executionId];

function groupBy<T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const known = groups.get(key(one));
    if (known) known.push(one);
    else groups.set(key(one), [one]);
  }
  return groups;
}

async function readSteps(room: ReconcileRoom, observed: readonly ObservedStep[]) {
  const runs = groupBy(observed, (one) => JSON.stringify(runOf(one)));
  const steps = new Map<string, StoredStep[]>();
  for (const [key, [one]] of runs) {
    if (one === undefined) continue;
    const { projectCode, processLoad, processingDate, executionId } = one;
    const read = () => room.steps({ projectCode, processLoad, processingDate, executionId, limit: 100_000 });
    const known = await read();
    const isNew = known.length === 0 && !one.discovered && isOfWholeDay(one);
    steps.set(key, isNew && (await generate(room, one)) ? await read() : known);
  }
  return (one: ObservedStep) =>
    (steps.get(JSON.stringify(runOf(one))) ?? []).filter(
      ({ workflowId, taskId }) => workflowId === one.workflowId && taskId === one.taskId,
    );
}

/** Makes the steps of a run that several jobs are part of, so that one that never starts is waited for. */
function generate(room: ReconcileRoom, one: ObservedStep): Promise<boolean> {
  const { projectCode, processLoad, processingDate, executionId } = one;
  const idempotencyKey = `collector:${factId(["generate", ...runOf(one)])}`;
  // What another run of the day has done does not count, in whatever order runs are read.
  const options = { carryForward: false };
  return allowed(() =>
    room.generateExecutionSteps(executionId, projectCode, processLoad, processingDate, options, {
      actor: ACTOR,
      idempotencyKey,
    }),
  );
}

/** False for what the state refuses; anything else that goes wrong is thrown. */
async function allowed(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof HeadgateError && REFUSALS.has(error.code)) return false;
    throw error;
  }
}

const REFUSALS: ReadonlySet<string> = new Set([
  "already_running",
  "already_done",
  "already_failed",
  "skipped",
  "not_ended",
  "run_closed",
  "unknown_task",
  "unknown_process",
  "nothing_to_run",
]);

function send(room: ReconcileRoom, { verb, observed: one, attempt, version }: Call): Promise<unknown> {
  const { projectCode, processLoad, processingDate, executionId, workflowId, taskId } = one;
  const task = { projectCode, processLoad, processingDate, executionId, workflowId, taskId };
  const context = { actor: ACTOR, idempotencyKey: `collector:${factId([one.observationId, verb, attempt, version])}` };
  const run = one.platformRunId === null ? {} : { sourceRunId: one.platformRunId };
  // What the platform says of the past is true however late we hear of it.
  const at = (time: string | null) => ({ spooled: true, ...(time === null ? {} : { timestamp: time }) });
  switch (verb) {
    case "start": {
      const request = {
        ...task,
        ...run,
        attempt,
        ...at(one.startTime ?? one.endTime),
        ...(one.told ? {} : { leaseSeconds: LEASE_SECONDS }),
        sourceUrl: one.url ?? undefined,
        clusterId: one.clusterId ?? undefined,
      };
      return room.startTask(request, context);
    }
    case "end": {
      const request = {
        ...task,
        ...run,
        attempt,
        ...at(one.endTime),
        logMessage: one.message ?? undefined,
        logCode: one.status === "DONE" ? undefined : (one.code ?? undefined),
        clusterId: one.clusterId ?? undefined,
        metrics: (one.metrics ?? undefined) as Record<string, number> | undefined,
      };
      return one.status === "DONE" ? room.endTask(request, context) : room.failTask(request, context);
    }
    case "skip":
      return room.skip(
        { ...task, reason: one.message ?? `The platform did not run it (${one.code ?? "skipped"})` },
        context,
      );
    case "unskip":
      return room.unskip({ ...task, reason: "The platform runs it after all" }, context);
    case "replay":
      return room.statusReset(
        {
          projectCode,
          processLoad,
          processingDate,
          executionId,
          workflowId,
          taskId,
          replay: true,
          reason: "Run again on the platform",
        },
        context,
      );
    case "heartbeat":
      // Whoever tells of itself has a lease of its own.
      return room.heartbeat({ ...task, attempt, ...(one.told ? {} : { leaseSeconds: LEASE_SECONDS }) }, context);
  }
}
