/** Calls about one step: start, heartbeat, progress, end, fail, skip, unskip, amend; and cancelling a run. */

import { HeadgateError } from "../errors.ts";
import type { CancelAnswer, HeartbeatAnswer, StartAnswer, StepAnswer } from "../model/run-answer.ts";
import type { TaskRef } from "../model/run-ref.ts";
import {
  AmendRequest,
  CancelRequest,
  EndRequest,
  FailRequest,
  HeartbeatRequest,
  ProgressRequest,
  SkipRequest,
  StartRequest,
} from "../model/run-request.ts";
import { utc } from "../util/clock.ts";
import { checked } from "./check-request.ts";
import { type CommandParts, commandOf } from "./command.ts";
import { dayOf, findProcess, provisionOf } from "./lookup.ts";
import { sendCommand } from "./record.ts";
import type { CallContext, RunsRoom } from "./room.ts";
import type { RoomDeps } from "./room-deps.ts";
import { activeWatermark, keptValue, VALUE_WORDS } from "./watermark.ts";

/** Verbs of {@link RunsRoom} about one step. */
export type StepCalls = Pick<
  RunsRoom,
  "startTask" | "heartbeat" | "progress" | "endTask" | "failTask" | "skip" | "unskip" | "amend" | "cancel"
>;

/** The calls. */
export function stepCalls(deps: RoomDeps): StepCalls {
  const { runs } = deps.store;

  async function send<Answer extends object>(
    type: string,
    ref: TaskRef & CommandParts,
    carries: object,
    context: CallContext | undefined,
  ): Promise<Answer & { replayed: boolean }> {
    const day = await dayOf(deps, ref);
    const command = commandOf(deps, type, ref, carries, context, day);
    return sendCommand<Answer>(runs, command, () => provisionOf(deps, ref, day));
  }

  /** The watermark that a task is to use, if it has one. */
  async function watermarkOf({ projectCode, processLoad, sourceSystemCode }: StartAnswer) {
    if (sourceSystemCode === null) return null;
    const parameters = await runs.catalogue.parameters(projectCode, processLoad);
    const parameter = parameters.find((one) => one.name === sourceSystemCode);
    if (!parameter) return null;
    const process = await findProcess(deps, { projectCode, processLoad });
    return activeWatermark(parameter, process.timezone, deps.clock.now());
  }

  /** An explicit value for a task's watermark, as it is kept. */
  async function explicitValue(ref: TaskRef, text: string | undefined): Promise<string | undefined> {
    if (text === undefined) return undefined;
    const [tasks, parameters] = await Promise.all([
      runs.catalogue.tasks(ref.projectCode, ref.processLoad),
      runs.catalogue.parameters(ref.projectCode, ref.processLoad),
    ]);
    const task = tasks.find((one) => one.workflowId === ref.workflowId && one.taskId === ref.taskId);
    const parameter = parameters.find((one) => one.name === task?.sourceSystemCode);
    const name = `${ref.projectCode}/${ref.processLoad}/${ref.workflowId}/${ref.taskId}`;
    if (!parameter) {
      throw new HeadgateError("unknown_parameter", `The task ${name} has no watermark`, {
        hint: "Give it a sourceSystemCode that names a parameter.",
        permanent: true,
      });
    }
    const value = keptValue(parameter.type, text);
    if (typeof value === "string") return value;
    throw new HeadgateError("input_invalid", `${text} is no value of ${parameter.name}, which is ${parameter.type}`, {
      hint: `It takes ${VALUE_WORDS[parameter.type]}.`,
      permanent: true,
    });
  }

  async function endOrFail(type: "END" | "FAIL", request: EndRequest, context: CallContext | undefined) {
    const { logMessage, logType, logCode, metrics, clusterId } = request;
    const watermark = await explicitValue(request, request.watermark);
    return send<StepAnswer>(type, request, { logMessage, logType, logCode, metrics, clusterId, watermark }, context);
  }

  return {
    async startTask(given, context) {
      const request = checked(StartRequest, given);
      const leaseMs = request.leaseSeconds === undefined ? deps.leaseMs : request.leaseSeconds * 1_000;
      const { sourceType, clusterId } = request;
      const answer = await send<StartAnswer>("START", request, { leaseMs, sourceType, clusterId }, context);
      return { ...answer, watermark: await watermarkOf(answer) };
    },

    async heartbeat(given, context): Promise<HeartbeatAnswer> {
      const request = checked(HeartbeatRequest, given);
      const { projectCode, processLoad, executionId, workflowId, taskId } = request;
      const processingDate = await dayOf(deps, request);
      const key = { projectCode, processLoad, processingDate, executionId, workflowId, taskId };
      const attempt = request.attempt ?? (await runs.steps(key)).at(-1)?.attempt ?? 0;
      const leaseMs = request.leaseSeconds === undefined ? deps.leaseMs : request.leaseSeconds * 1_000;
      const leaseExpiresAt = utc(deps.clock.now() + leaseMs);
      const alive = await runs.heartbeat({ ...key, attempt }, leaseExpiresAt);
      if (alive && request.metrics) {
        const told = { ...request, attempt, processingDate };
        // It may have ended since: a heartbeat is never refused.
        await send("PROGRESS", told, { metrics: request.metrics }, context).catch((error: unknown) => {
          if (!(error instanceof HeadgateError && error.permanent)) throw error;
        });
      }
      return { ...key, attempt, alive, leaseExpiresAt: alive ? leaseExpiresAt : null };
    },

    async progress(given, context) {
      const request = checked(ProgressRequest, given);
      return send<StepAnswer>("PROGRESS", request, { metrics: request.metrics }, context);
    },

    async endTask(given, context) {
      const request = checked(EndRequest, given);
      return endOrFail(request.status === "FAIL" ? "FAIL" : "END", request, context);
    },

    failTask: async (given, context) => endOrFail("FAIL", checked(FailRequest, given), context),

    async skip(given, context) {
      const request = checked(SkipRequest, given);
      return send<StepAnswer>("SKIP", request, { reason: request.reason }, context);
    },

    async unskip(given, context) {
      const request = checked(SkipRequest, given);
      return send<StepAnswer>("UNSKIP", request, { reason: request.reason }, context);
    },

    async amend(given, context) {
      const request = checked(AmendRequest, given);
      const { status, reason, logMessage, logCode } = request;
      return send<StepAnswer>("AMEND", request, { status, reason, logMessage, logCode }, context);
    },

    async cancel(given, context) {
      const request = checked(CancelRequest, given);
      const day = await dayOf(deps, request);
      const command = commandOf(deps, "CANCEL", request, { reason: request.reason }, context, day);
      return sendCommand<CancelAnswer>(runs, command);
    },
  };
}
