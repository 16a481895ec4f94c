/** Generating a run: looks at catalogue and history, and asks for its rows. */
import { HeadgateError } from "../errors.ts";
import type { GenerateAnswer } from "../model/run-answer.ts";
import { GenerateRequest } from "../model/run-request.ts";
import { utc } from "../util/clock.ts";
import { activeTasks, type DoneAt, type ProcessEntry, planRun } from "./catalogue.ts";
import { checked } from "./check-request.ts";
import { commandOf } from "./command.ts";
import { periodOf } from "./due.ts";
import { dayOf, findEntry } from "./lookup.ts";
import { modeAt } from "./mode.ts";
import { sendCommand } from "./record.ts";
import type { CallContext } from "./room.ts";
import type { RoomDeps } from "./room-deps.ts";
import { taskKey } from "./transition/steps.ts";

/** Steps of a day at most: a run of thousands of tasks, some times over. */
const MANY = 100_000;

/** Where tasks that are due once a period were done in that of a day. */
async function doneInPeriods(deps: RoomDeps, entry: ProcessEntry, day: string): Promise<Map<string, DoneAt>> {
  const done = new Map<string, DoneAt>();
  const { projectCode, processLoad } = entry.process;
  for (const task of activeTasks(entry)) {
    const period = periodOf(task.loadFrequency, day);
    if (!period) continue;
    const { workflowId, taskId } = task;
    const steps = await deps.store.runs.steps({ projectCode, processLoad, workflowId, taskId, ...period, limit: MANY });
    const found = steps.findLast((step) => step.status === "DONE");
    if (found) done.set(taskKey(task), found);
  }
  return done;
}

/** Generates a run. @throws HeadgateError `unknown_process`, `nothing_to_run`, `unknown_task` for a forced one that is not declared */
export async function generateRun(
  deps: RoomDeps,
  given: GenerateRequest,
  context?: CallContext,
): Promise<GenerateAnswer> {
  const request = checked(GenerateRequest, given);
  const { projectCode, processLoad, executionId } = request;
  const day = await dayOf(deps, request);
  const entry = await findEntry(deps, request);
  const force = request.force ?? [];
  const active = new Set(activeTasks(entry).map(taskKey));
  const unknown = force.find((key) => !active.has(key));
  if (unknown !== undefined) {
    throw new HeadgateError("unknown_task", `${projectCode}/${processLoad} has no active task ${unknown}`, {
      permanent: true,
    });
  }
  const mode = modeAt(await deps.store.runs.mode(projectCode, processLoad), utc(deps.clock.now()));
  const plan = planRun(entry, {
    executionId,
    day,
    mode,
    force,
    carryForward: request.carryForward ?? true,
    steps: await deps.store.runs.steps({ projectCode, processLoad, processingDate: day, limit: MANY }),
    doneInPeriod: await doneInPeriods(deps, entry, day),
  });
  return sendCommand(deps.store.runs, commandOf(deps, "GENERATE", request, plan, context, day));
}
