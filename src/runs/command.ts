/** From a call to the command that the log keeps. */
import type { Command } from "../model/step.ts";
import { utc } from "../util/clock.ts";
import type { JsonObject } from "../util/json.ts";
import { keyedEventId } from "./event-id.ts";
import { executionIdOf } from "./execution-id.ts";
import type { CallContext } from "./room.ts";
import type { RoomDeps } from "./room-deps.ts";

/** What of a command a call gives. */
export interface CommandParts {
  projectCode: string;
  processLoad: string;
  processingDate?: string | null | undefined;
  executionId?: string | null | undefined;
  workflowId?: number | null | undefined;
  taskId?: number | null | undefined;
  attempt?: number | null | undefined;
  sourceRunId?: string | null | undefined;
  sourceUrl?: string | null | undefined;
  timestamp?: string | undefined;
  spooled?: boolean | undefined;
}

/** A value without members that are undefined, as the log keeps it. */
export function payload(members: object): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JsonObject;
}

/**
 * The command of a call.
 *
 * @param day the processing date, where the call left it open
 */
export function commandOf(
  deps: RoomDeps,
  type: string,
  parts: CommandParts,
  carries: object,
  context: CallContext = {},
  day: string | null = parts.processingDate ?? null,
): Command {
  const key = context.idempotencyKey;
  return {
    eventId: key === undefined ? executionIdOf(deps.random(16)) : keyedEventId(type, parts, key),
    project: deps.project,
    projectCode: parts.projectCode,
    processLoad: parts.processLoad,
    processingDate: day,
    executionId: parts.executionId ?? null,
    workflowId: parts.workflowId ?? null,
    taskId: parts.taskId ?? null,
    attempt: parts.attempt ?? null,
    type,
    occurredAt: parts.timestamp ?? utc(deps.clock.now()),
    actor: context.actor ?? deps.actor,
    sourceRunId: parts.sourceRunId ?? null,
    sourceUrl: parts.sourceUrl ?? null,
    spooled: parts.spooled ?? false,
    payload: payload(carries),
  };
}
