/** A command as a row of the log, and back. */
import type { Command, RecordedCommand, Verdict } from "../../../model/step.ts";
import { parseJson } from "../../../util/int64-json.ts";
import type { JsonObject } from "../../../util/json.ts";
import type { EtlEvent } from "../../schema/runs.ts";
import { type Column, insertMany } from "../many.ts";
import { jsonText } from "./clean.ts";

/** Columns of `etl_event`, in the order in which {@link eventValues} gives their values. */
export const EVENT_COLUMNS: readonly Column[] = [
  ["seq", "bigint"],
  ["event_id", "text"],
  ["project", "text"],
  ["project_code", "text"],
  ["process_load", "text"],
  ["processing_date", "text"],
  ["execution_id", "text"],
  ["workflow_id", "integer"],
  ["task_id", "integer"],
  ["attempt", "integer"],
  ["type", "text"],
  ["occurred_at", "text"],
  ["recorded_at", "text"],
  ["actor", "text"],
  ["source_run_id", "text"],
  ["source_url", "text"],
  ["spooled", "integer"],
  ["payload", "text"],
  ["verdict", "text"],
  ["code", "text"],
  ["answer", "text"],
];

/** Adds commands. */
export const insertEvents = insertMany("etl_event", EVENT_COLUMNS);

/** Values of a command's row. @param payload the text of its payload */
export function eventValues(event: RecordedCommand, payload = jsonText(event.payload)): unknown[] {
  return [
    event.seq,
    event.eventId,
    event.project,
    event.projectCode,
    event.processLoad,
    event.processingDate,
    event.executionId,
    event.workflowId,
    event.taskId,
    event.attempt,
    event.type,
    event.occurredAt,
    event.recordedAt,
    event.actor,
    event.sourceRunId,
    event.sourceUrl,
    event.spooled ? 1 : 0,
    payload,
    event.verdict,
    event.code,
    jsonText(event.answer),
  ];
}

/** The command of a row. */
export function eventOf(row: EtlEvent): RecordedCommand {
  return {
    seq: row.seq,
    eventId: row.event_id,
    project: row.project,
    projectCode: row.project_code,
    processLoad: row.process_load,
    processingDate: row.processing_date,
    executionId: row.execution_id,
    workflowId: row.workflow_id,
    taskId: row.task_id,
    attempt: row.attempt,
    type: row.type,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    actor: row.actor,
    sourceRunId: row.source_run_id,
    sourceUrl: row.source_url,
    spooled: row.spooled === 1,
    payload: parseJson(row.payload) as JsonObject,
    verdict: row.verdict as Verdict,
    code: row.code,
    answer: parseJson(row.answer),
  };
}

/** The run a command is about, or undefined. */
export function runOf(command: Command): { key: string; processingDate: string; executionId: string } | undefined {
  const { projectCode, processLoad, processingDate, executionId } = command;
  if (processingDate === null || executionId === null) return undefined;
  return { processingDate, executionId, key: JSON.stringify([projectCode, processLoad, processingDate, executionId]) };
}

/** The process a command is about. */
export const processKey = (of: Pick<Command, "projectCode" | "processLoad">): string =>
  JSON.stringify([of.projectCode, of.processLoad]);
