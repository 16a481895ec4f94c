/** Which of our columns stand in ETLProcessingSteps and in the views of databricks-etl-monitor, and under which names. */

/** Column of ours → name in the view. */
type Columns = readonly (readonly [expression: string, name: string])[];

/** A run: what each of the views begins with. */
export const KEY: Columns = [
  ["processing_date", "ProcessingDate"],
  ["project_code", "ProjectCode"],
  ["process_load", "ProcessLoad"],
  ["execution_id", "ExecutionID"],
];

/** The columns as they stand in a `select`. */
export const list = (columns: Columns): string => columns.map(([from, name]) => `${from} as "${name}"`).join(",\n  ");

/** ETLProcessingSteps. */
export const STEPS: Columns = [
  ...KEY,
  ["workflow_id", "WorkFlowID"],
  ["task_id", "TaskID"],
  ["sequence_id", "SequenceID"],
  ["attempt", "Attempts"],
  ["status", "Status"],
  ["task_name", "TaskName"],
  ["sequence_code", "SequenceCode"],
  ["task_mandatory", "TaskMandatory"],
  ["source_system_code", "SourceSystemCode"],
  ["full_file_name", "FullFileName"],
  ["in_file_path", "InFilePath"],
  ["out_file_path", "OutFilePath"],
  ["force_skip", "ForceSkip"],
  ["start_time", "StartTime"],
  ["end_time", "EndTime"],
  ["duration_ms / 1000", "DurationSeconds"],
  ["log_message", "LogMessage"],
  ["log_type", "LogType"],
  ["log_code", "LogCode"],
  ["source_type", "SourceType"],
  ["source_run_id", "SourceRunID"],
  ["cluster_id", "ClusterID"],
  ["last_updated_on", "LastUpdatedOn"],
  ["last_updated_by", "LastUpdatedBy"],
  ["phase", "Phase"],
  ["run_number", "RunNumber"],
  ["queued_at", "QueuedAt"],
  ["duration_ms", "DurationMs"],
  ["expected_seconds", "ExpectedDurationSeconds"],
  ["source_identifier", "SourceIdentifier"],
  ["load_frequency", "LoadFrequency"],
  ["task_owner", "TaskOwner"],
  ["catalogue_version", "CatalogueVersion"],
  ["source_url", "SourceUrl"],
  ["start_inferred", "StartInferred"],
  ["recovered_from_lost", "RecoveredFromLost"],
  ["metrics", "Metrics"],
  ["project", "Project"],
];

/** How far a task has got, live: the time so far while it runs. */
const elapsed = (now: string) => `case when phase = 'RUNNING' then ${now} - start_ms else duration_ms end`;

/** v_taskDetail, at the moment that the SQL expression `now` names (milliseconds). */
export const detail = (now: string): Columns => [
  ...KEY,
  ["attempt", "Attempts"],
  ["workflow_id", "WorkFlowID"],
  ["sequence_code", "SequenceCode"],
  ["sequence_id", "SequenceID"],
  ["task_name", "TaskName"],
  ["task_id", "TaskID"],
  ["task_mandatory", "TaskMandatory"],
  ["source_system_code", "SourceSystemCode"],
  ["status", "Status"],
  ["start_time", "StartTime"],
  ["end_time", "EndTime"],
  ["duration_ms / 1000", "DurationSeconds"],
  ["expected_seconds", "ExpectedDurationSeconds"],
  [`case when ${elapsed(now)} > expected_seconds * 1000 then 1 else 0 end`, "SLABreached"],
  ["source_type", "SourceType"],
  ["source_run_id", "SourceRunID"],
  ["log_type", "LogType"],
  ["log_message", "LogMessage"],
  ["last_updated_by", "LastUpdatedBy"],
  ["last_updated_on", "LastUpdatedOn"],
  ["phase", "Phase"],
  ["run_number", "RunNumber"],
  ["queued_at", "QueuedAt"],
  [`(${elapsed(now)}) / 1000`, "ElapsedSeconds"],
  [
    `case when ${elapsed(now)} > expected_seconds * 1000 then 'BREACHED'
      when ${elapsed(now)} >= expected_seconds * 800 then 'AT_RISK' else 'OK' end`,
    "SLAState",
  ],
  ["log_code", "LogCode"],
  ["force_skip", "ForceSkip"],
  ["source_url", "SourceUrl"],
  ["cluster_id", "ClusterID"],
  ["start_inferred", "StartInferred"],
  ["recovered_from_lost", "RecoveredFromLost"],
  ["metrics", "Metrics"],
  ["observed_status", "ObservedStatus"],
  ["observed_phase", "ObservedPhase"],
  ["observed_start", "ObservedStartTime"],
  ["observed_end", "ObservedEndTime"],
  ["observed_code", "ObservedCode"],
  ["observed_message", "ObservedMessage"],
  ["project", "Project"],
];
