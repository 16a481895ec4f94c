/** The runs room at work: each verb of {@link RunsRoom} by the file that does it. */
import { executionIdOf } from "./execution-id.ts";
import { generateRun } from "./generate.ts";
import { pageQuestions } from "./page-questions.ts";
import { processCalls } from "./process-calls.ts";
import { questions } from "./questions.ts";
import { registering } from "./register.ts";
import { resetSteps } from "./reset-call.ts";
import type { RunsRoom } from "./room.ts";
import type { RoomDeps } from "./room-deps.ts";
import { runTask } from "./run-task.ts";
import { writeSample } from "./sample.ts";
import { stepCalls } from "./step-calls.ts";
import { sweepOnce } from "./sweep.ts";
import { readsOf, transition } from "./transition.ts";

/** Opens the room over a store. */
export function openRunsRoom(deps: RoomDeps): RunsRoom {
  const { runs } = deps.store;
  const calls = stepCalls(deps);
  return {
    ...registering(deps),
    ...calls,
    ...processCalls(deps),
    ...questions(deps),
    ...pageQuestions(deps),
    generateExecutionId: () => executionIdOf(deps.random(16)),
    generateExecutionSteps: (executionId, projectCode, processLoad, processingDate, options, context) =>
      generateRun(deps, { executionId, projectCode, processLoad, processingDate, ...options }, context),
    statusReset: (request, context) => resetSteps(deps, request, context),
    task: (ref, work, options) => runTask(deps, calls, ref, work, options),
    steps: (filter) => runs.steps(filter),
    views: runs.views,
    logs: (filter) => runs.logs(filter),
    eventsAfter: (seq, limit) => runs.eventsAfter(seq, limit),
    sweepOnce: (server) => sweepOnce(deps, server),
    check: () => runs.replay(transition, "check", readsOf),
    rebuild: () => runs.replay(transition, "rebuild", readsOf),
    sampleUsage: (directory) => writeSample(directory),
  };
}
