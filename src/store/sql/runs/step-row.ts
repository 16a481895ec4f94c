/** A step as a row, and back. */
import type { Step, StepPhase, StepStatus, StoredStep } from "../../../model/step.ts";
import { parseJson } from "../../../util/int64-json.ts";
import type { JsonObject } from "../../../util/json.ts";
import type { StepRow, StepState } from "../../schema/runs.ts";
import type { Column } from "../many.ts";
import { jsonText } from "./clean.ts";

/** Columns of `step_state`, in the order in which {@link stepValues} gives their values. */
export const STEP_COLUMNS: readonly Column[] = [
  ["run_id", "bigint"],
  ["workflow_id", "integer"],
  ["task_id", "integer"],
  ["attempt", "integer"],
  ["sequence_id", "integer"],
  ["sort_order", "integer"],
  ["status", "text"],
  ["phase", "text"],
  ["force_skip", "integer"],
  ["sequence_code", "text"],
  ["task_name", "text"],
  ["task_mandatory", "integer"],
  ["source_system_code", "text"],
  ["expected_seconds", "integer"],
  ["source_type", "text"],
  ["source_identifier", "text"],
  ["load_frequency", "text"],
  ["task_owner", "text"],
  ["catalogue_version", "bigint"],
  ["full_file_name", "text"],
  ["in_file_path", "text"],
  ["out_file_path", "text"],
  ["queued_at", "text"],
  ["start_time", "text"],
  ["end_time", "text"],
  ["start_ms", "bigint"],
  ["end_ms", "bigint"],
  ["duration_ms", "bigint"],
  ["log_message", "text"],
  ["log_type", "text"],
  ["log_code", "text"],
  ["source_run_id", "text"],
  ["source_url", "text"],
  ["cluster_id", "text"],
  ["start_inferred", "integer"],
  ["recovered_from_lost", "integer"],
  ["metrics", "text"],
  ["last_updated_on", "text"],
  ["last_updated_by", "text"],
  ["version", "bigint"],
];

const flag = (value: boolean): number => (value ? 1 : 0);
const millis = (time: string | null): number | null => (time === null ? null : Date.parse(time));

/** Values of the row of a step, of the run with this id, in the order of {@link STEP_COLUMNS}. */
export function stepValues(runId: number, step: StoredStep): unknown[] {
  return [
    runId,
    step.workflowId,
    step.taskId,
    step.attempt,
    step.sequenceId,
    step.sortOrder,
    step.status,
    step.phase,
    flag(step.forceSkip),
    step.sequenceCode,
    step.taskName,
    flag(step.taskMandatory),
    step.sourceSystemCode,
    step.expectedSeconds,
    step.sourceType,
    step.sourceIdentifier,
    step.loadFrequency,
    step.taskOwner,
    step.catalogueVersion,
    step.fullFileName,
    step.inFilePath,
    step.outFilePath,
    step.queuedAt,
    step.startTime,
    step.endTime,
    millis(step.startTime),
    millis(step.endTime),
    step.durationMs,
    step.logMessage,
    step.logType,
    step.logCode,
    step.sourceRunId,
    step.sourceUrl,
    step.clusterId,
    flag(step.startInferred),
    flag(step.recoveredFromLost),
    step.metrics === null ? null : jsonText(step.metrics),
    step.lastUpdatedOn,
    step.lastUpdatedBy,
    step.version,
  ];
}

/** The same of a row as it was read. */
export function rowValues(row: StepState): unknown[] {
  return STEP_COLUMNS.map(([name]) => row[name as keyof StepState]);
}

/** The step of a row and its run. */
export function stepOf(row: StepRow): StoredStep {
  return {
    projectCode: row.project_code,
    processLoad: row.process_load,
    processingDate: row.processing_date,
    executionId: row.execution_id,
    runNumber: row.run_number,
    workflowId: row.workflow_id,
    taskId: row.task_id,
    attempt: row.attempt,
    sequenceId: row.sequence_id,
    sortOrder: row.sort_order,
    status: row.status as StepStatus,
    phase: row.phase as StepPhase,
    forceSkip: row.force_skip === 1,
    sequenceCode: row.sequence_code,
    taskName: row.task_name,
    taskMandatory: row.task_mandatory === 1,
    sourceSystemCode: row.source_system_code,
    expectedSeconds: row.expected_seconds,
    sourceType: row.source_type,
    sourceIdentifier: row.source_identifier,
    loadFrequency: row.load_frequency,
    taskOwner: row.task_owner,
    catalogueVersion: row.catalogue_version,
    fullFileName: row.full_file_name,
    inFilePath: row.in_file_path,
    outFilePath: row.out_file_path,
    queuedAt: row.queued_at,
    startTime: row.start_time,
    endTime: row.end_time,
    durationMs: row.duration_ms,
    logMessage: row.log_message,
    logType: row.log_type,
    logCode: row.log_code,
    sourceRunId: row.source_run_id,
    sourceUrl: row.source_url,
    clusterId: row.cluster_id,
    startInferred: row.start_inferred === 1,
    recoveredFromLost: row.recovered_from_lost === 1,
    metrics: row.metrics === null ? null : (parseJson(row.metrics) as JsonObject),
    lastUpdatedOn: row.last_updated_on,
    lastUpdatedBy: row.last_updated_by,
    version: row.version,
  };
}

/** Tells attempts of one run apart. */
export const attemptKey = (step: Pick<Step, "workflowId" | "taskId" | "attempt">): string =>
  `${step.workflowId}/${step.taskId}/${step.attempt}`;
