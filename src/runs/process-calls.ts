/** Calls about a process: its mode, and its watermarks. */
import { HeadgateError } from "../errors.ts";
import type { Parameter } from "../model/process.ts";
import type { ModeAnswer, WatermarkAnswer } from "../model/run-answer.ts";
import { AdvanceRequest, ModeRequest, RollbackRequest, WatermarkRequest } from "../model/run-request.ts";
import { utc } from "../util/clock.ts";
import { checked } from "./check-request.ts";
import { commandOf } from "./command.ts";
import { dayOf, findParameter, findProcess } from "./lookup.ts";
import { modeAt, STAYS } from "./mode.ts";
import { sendCommand } from "./record.ts";
import type { CallContext, RunsRoom } from "./room.ts";
import type { RoomDeps } from "./room-deps.ts";
import type { WatermarkPayload } from "./transition/payload.ts";
import { activeWatermark, keptValue, VALUE_WORDS } from "./watermark.ts";

/** Verbs of {@link RunsRoom} about a process. */
export type ProcessCalls = Pick<
  RunsRoom,
  | "setProcessingMode"
  | "getMode"
  | "getActiveWatermark"
  | "setWatermark"
  | "advanceWatermark"
  | "rollbackWatermark"
  | "watermarkHistory"
>;

/** A value as it is kept. @throws HeadgateError `input_invalid` where the text does not fit the type */
export function valueFor(parameter: Pick<Parameter, "name" | "type">, text: string | null): string | null {
  if (text === null) return null;
  const value = keptValue(parameter.type, text);
  if (value !== undefined) return value;
  throw new HeadgateError("input_invalid", `'${text}' is no value of ${parameter.name}, which is ${parameter.type}`, {
    hint: `It takes ${VALUE_WORDS[parameter.type]}.`,
    permanent: true,
  });
}

/** The mode that a request means, by our name or the original's flags. */
function modeMeant(request: ModeRequest): "live" | "historic" | "bulk" {
  if (request.isBulkMode && request.isHistoricMode) {
    throw new HeadgateError("input_invalid", "A process is in one mode at a time: bulk or historic", {
      permanent: true,
    });
  }
  const flagged = request.isBulkMode ? "bulk" : request.isHistoricMode ? "historic" : "live";
  return request.mode ?? flagged;
}

/** What a move means, in words. */
function moveWords(name: string, before: string | null, after: string | null, moved: boolean): string {
  const shown = (value: string | null) => value ?? "nothing (everything is read)";
  if (!moved) return `${name} stays at ${shown(before)}`;
  return `${name} moves from ${shown(before)} to ${shown(after)}`;
}

/** The calls. */
export function processCalls(deps: RoomDeps): ProcessCalls {
  const { runs } = deps.store;

  async function move(
    parameter: Parameter,
    rest: Pick<WatermarkPayload, "value" | "cause" | "forward" | "reason">,
    context: CallContext | undefined,
    task: { executionId?: string; processingDate?: string | null; workflowId?: number; taskId?: number } = {},
  ): Promise<WatermarkAnswer> {
    const { name, type, projectCode, processLoad } = parameter;
    const carries: WatermarkPayload = { name, type, ...rest };
    const command = commandOf(deps, "WATERMARK", { projectCode, processLoad, ...task }, carries, context);
    const { before, after, replayed } = await sendCommand<{ before: string | null; after: string | null }>(
      runs,
      command,
    );
    const sentence = moveWords(name, before, after, !replayed);
    return { projectCode, processLoad, name, before, after, moved: !replayed, sentence };
  }

  async function getMode({
    projectCode,
    processLoad,
  }: {
    projectCode: string;
    processLoad: string;
  }): Promise<ModeAnswer> {
    const mode = await runs.mode(projectCode, processLoad);
    if (!mode) await findProcess(deps, { projectCode, processLoad });
    const effective = modeAt(mode, utc(deps.clock.now()));
    return {
      projectCode,
      processLoad,
      mode: effective,
      historicDate: effective === "historic" ? (mode?.historicDate ?? null) : null,
      since: mode?.since ?? null,
      until: mode?.until === STAYS ? null : (mode?.until ?? null),
      actor: mode?.actor ?? null,
      watermarks: [],
    };
  }

  return {
    getMode,

    async setProcessingMode(given, context) {
      const request = checked(ModeRequest, given);
      const { projectCode, processLoad, reason } = request;
      if (request.parameterName !== undefined) {
        // One parameter alone: the mode of the process is left as it is.
        const parameter = await findParameter(deps, request, request.parameterName);
        const value = valueFor(parameter, request.value ?? null);
        const moved = await move(
          parameter,
          { value, cause: "mode", forward: false, ...(reason ? { reason } : {}) },
          context,
        );
        const answer = await getMode(request);
        return {
          ...answer,
          watermarks: moved.moved ? [{ name: moved.name, before: moved.before, after: moved.after }] : [],
        };
      }
      await findProcess(deps, request);
      const parameters = await runs.catalogue.parameters(projectCode, processLoad);
      const mode = modeMeant(request);
      const carries = {
        mode,
        historicDate: mode === "historic" ? (request.historicDate ?? request.processingDate) : undefined,
        until: request.until ? utc(Date.parse(request.until)) : request.stay ? STAYS : undefined,
        restore: request.restore,
        names: parameters.filter((one) => one.type.startsWith("DELTA")).map((one) => one.name),
        reason,
      };
      const answer = await sendCommand<ModeAnswer>(
        runs,
        commandOf(deps, "MODE", { projectCode, processLoad }, carries, context),
      );
      return { ...answer, until: answer.until === STAYS ? null : answer.until };
    },

    async getActiveWatermark(request) {
      const parameter = await findParameter(deps, request, request.parameterName);
      const process = await findProcess(deps, request);
      return activeWatermark(parameter, process.timezone, deps.clock.now());
    },

    async setWatermark(given, context) {
      const request = checked(WatermarkRequest, given);
      const parameter = await findParameter(deps, request, request.parameterName);
      if (parameter.type === "SYSTEM") {
        throw new HeadgateError("input_invalid", "SYSDT is set by the mode of its process", {
          hint: "Use the mode: historic with a date, or live.",
          permanent: true,
        });
      }
      const { reason } = request;
      const value = valueFor(parameter, request.value);
      return move(parameter, { value, cause: "manual", forward: false, ...(reason ? { reason } : {}) }, context);
    },

    async advanceWatermark(given, context) {
      const request = checked(AdvanceRequest, given);
      const parameter = await findParameter(deps, request, request.parameterName);
      const { executionId, workflowId, taskId, reason } = request;
      if (!parameter.type.startsWith("DELTA")) {
        throw new HeadgateError(
          "input_invalid",
          `${parameter.name} is ${parameter.type}: only DELTA_DATE and DELTA_ID advance`,
          {
            hint: "Set it instead.",
            permanent: true,
          },
        );
      }
      const within =
        executionId === undefined
          ? {}
          : {
              executionId,
              processingDate: await dayOf(deps, { ...request, executionId }),
              ...(workflowId === undefined || taskId === undefined ? {} : { workflowId, taskId }),
            };
      const value = valueFor(parameter, request.value);
      return move(parameter, { value, cause: "manual", forward: true, ...(reason ? { reason } : {}) }, context, within);
    },

    async rollbackWatermark(given, context) {
      const request = checked(RollbackRequest, given);
      const { projectCode, processLoad, parameterName, beforeExecutionId, beforeSeq, reason } = request;
      if ((beforeExecutionId === undefined) === (beforeSeq === undefined)) {
        throw new HeadgateError("input_invalid", "Say before which run or before which change", {
          hint: "Give beforeExecutionId, or beforeSeq of the history.",
          permanent: true,
        });
      }
      const parameter = await findParameter(deps, request, parameterName);
      const history = await runs.watermarkHistory({ projectCode, processLoad, name: parameterName, limit: 100_000 });
      const change = history.findLast((event) =>
        beforeSeq === undefined ? event.executionId === beforeExecutionId : event.seq === beforeSeq,
      );
      if (!change) {
        throw new HeadgateError("not_found", `${parameterName} has no such change in its history`, { permanent: true });
      }
      const value = change.before;
      if (request.preview) {
        const before = parameter.value;
        const moved = before !== value;
        const undone = history.filter((event) => event.seq >= change.seq).length;
        const sentence = `${moveWords(parameterName, before, value, moved)}: ${undone} ${undone === 1 ? "change" : "changes"} back`;
        return { projectCode, processLoad, name: parameterName, before, after: value, moved, sentence };
      }
      return move(parameter, { value, cause: "rollback", forward: false, ...(reason ? { reason } : {}) }, context);
    },

    async watermarkHistory({ projectCode, processLoad, parameterName, limit }) {
      const events = await runs.watermarkHistory({
        projectCode,
        processLoad,
        ...(parameterName === undefined ? {} : { name: parameterName }),
        ...(limit === undefined ? {} : { limit }),
      });
      return events.map(({ value, ...event }) => {
        const { seq, name, before, cause, reason, processingDate, executionId, workflowId, taskId, actor, at } = event;
        return {
          seq,
          name,
          before,
          after: value,
          cause,
          reason,
          processingDate,
          executionId,
          workflowId,
          taskId,
          actor,
          at,
        };
      });
    },
  };
}
