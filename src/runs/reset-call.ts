/** status_reset: finds what failed (or, in a replay, is done) and asks for new attempts of it, run by run. */
import { HeadgateError } from "../errors.ts";
import type { ResetAnswer, WatermarkMove } from "../model/run-answer.ts";
import { ResetRequest } from "../model/run-request.ts";
import type { StoredStep } from "../model/step.ts";
import { checked } from "./check-request.ts";
import { commandOf } from "./command.ts";
import { dayOf, defaultDay } from "./lookup.ts";
import { sendCommand } from "./record.ts";
import type { CallContext } from "./room.ts";
import type { RoomDeps } from "./room-deps.ts";
import { isInitiation, taskKey } from "./transition/steps.ts";

const MANY = 100_000;

/** The newest row of each task over all runs given: a failure that a later run mended is none. */
function newestRows(steps: readonly StoredStep[]): StoredStep[] {
  const newest = new Map<string, StoredStep>();
  for (const step of steps) if (!isInitiation(step)) newest.set(taskKey(step), step);
  return [...newest.values()];
}

/** Values that the watermarks of tasks had before the attempts that will be repeated. */
async function valuesBefore(
  deps: RoomDeps,
  steps: readonly StoredStep[],
): Promise<{ name: string; value: string | null }[]> {
  const values = new Map<string, string | null>();
  for (const step of steps) {
    const name = step.sourceSystemCode;
    if (name === null || step.status !== "DONE") continue;
    const { projectCode, processLoad } = step;
    // Newest first: the last one found is the oldest move of this attempt's run.
    const history = await deps.store.runs.watermarkHistory({ projectCode, processLoad, name, limit: MANY });
    const first = history.findLast((event) => event.executionId === step.executionId && event.cause === "auto");
    if (first) values.set(name, first.before);
  }
  return [...values].map(([name, value]) => ({ name, value }));
}

/** Resets. @throws HeadgateError `unknown_task` where nothing fits, and for one named task `already_running`, `already_done` */
export async function resetSteps(deps: RoomDeps, given: ResetRequest, context?: CallContext): Promise<ResetAnswer> {
  const request = checked(ResetRequest, given);
  const { projectCode, processLoad, executionId, replay = false, reason } = request;
  if (replay && reason === undefined) {
    throw new HeadgateError("input_invalid", "A replay needs a reason", { hint: "Give reason.", permanent: true });
  }
  const processingDate =
    executionId === undefined
      ? (request.processingDate ?? (await defaultDay(deps, request)))
      : await dayOf(deps, { ...request, executionId });
  const filter = { projectCode, processLoad, processingDate, executionId, limit: MANY };
  const rows = newestRows(await deps.store.runs.steps(filter)).filter(
    (step) =>
      (request.workflowId === undefined || step.workflowId === request.workflowId) &&
      (request.sequenceId === undefined || step.sequenceId === request.sequenceId) &&
      (request.taskId === undefined || step.taskId === request.taskId),
  );
  if (rows.length === 0) {
    throw new HeadgateError("unknown_task", `Nothing of ${projectCode}/${processLoad} on ${processingDate} fits`, {
      hint: "Look with headgate runs status what there is.",
      permanent: true,
    });
  }
  const answers: ResetAnswer[] = [];
  for (const run of new Set(rows.map((step) => step.executionId))) {
    const mine = rows.filter((step) => step.executionId === run);
    const watermarks = replay && request.rollbackWatermarks ? await valuesBefore(deps, mine) : undefined;
    const parts = { projectCode, processLoad, processingDate, executionId: run };
    const carries = { tasks: mine.map(taskKey), replay: replay || undefined, reason, watermarks };
    answers.push(await sendCommand<ResetAnswer>(deps.store.runs, commandOf(deps, "RESET", parts, carries, context)));
  }
  return {
    count: answers.reduce((sum, one) => sum + one.count, 0),
    items: answers.flatMap((one) => one.items),
    watermarks: answers.flatMap((one): WatermarkMove[] => one.watermarks),
  };
}
