/** A step as a row, and back. */
import type { Step, StepPhase, StepStatus, StoredStep } from "../../../model/step.ts";
import { formatWireJson, parseJson } from "../../../util/int64-json.ts";
import type { JsonObject } from "../../../util/json.ts";
import type { StepRow, StepState } from "../../schema/runs.ts";
import type { Column } from "../many.ts";

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

/** The row of a step of a run with this id. */
export function stepRow(runId: number, step: StoredStep): StepState {
  return {
    run_id: runId,
    workflow_id: step.workflowId,
    task_id: step.taskId,
    attempt: step.attempt,
    sequence_id: step.sequenceId,
    sort_order: step.sortOrder,
    status: step.status,
    phase: step.phase,
    force_skip: flag(step.forceSkip),
    sequence_code: step.sequenceCode,
    task_name: step.taskName,
    task_mandatory: flag(step.taskMandatory),
    source_system_code: step.sourceSystemCode,
    expected_seconds: step.expectedSeconds,
    source_type: step.sourceType,
    source_identifier: step.sourceIdentifier,
    load_frequency: step.loadFrequency,
    task_owner: step.taskOwner,
    catalogue_version: step.catalogueVersion,
    full_file_name: step.fullFileName,
    in_file_path: step.inFilePath,
    out_file_path: step.outFilePath,
    queued_at: step.queuedAt,
    start_time: step.startTime,
    end_time: step.endTime,
    start_ms: millis(step.startTime),
    end_ms: millis(step.endTime),
    duration_ms: step.durationMs,
    log_message: step.logMessage,
    log_type: step.logType,
    log_code: step.logCode,
    source_run_id: step.sourceRunId,
    source_url: step.sourceUrl,
    cluster_id: step.clusterId,
    start_inferred: flag(step.startInferred),
    recovered_from_lost: flag(step.recoveredFromLost),
    metrics: step.metrics === null ? null : formatWireJson(step.metrics),
    last_updated_on: step.lastUpdatedOn,
    last_updated_by: step.lastUpdatedBy,
    version: step.version,
  };
}

/** Values of a row in the order of {@link STEP_COLUMNS}. */
export function stepValues(row: StepState): unknown[] {
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
