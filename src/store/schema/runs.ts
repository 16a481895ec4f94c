/** Tables of the runs door, as kysely sees them. Flags are 0 or 1. */

export interface EtlEvent {
  seq: number;
  event_id: string;
  project: string;
  project_code: string;
  process_load: string;
  processing_date: string | null;
  execution_id: string | null;
  workflow_id: number | null;
  task_id: number | null;
  attempt: number | null;
  type: string;
  occurred_at: string;
  recorded_at: string;
  actor: string;
  source_run_id: string | null;
  source_url: string | null;
  spooled: number;
  payload: string;
  verdict: string;
  code: string | null;
  answer: string;
}

export interface EtlRun {
  id: number;
  project: string;
  project_code: string;
  process_load: string;
  processing_date: string;
  execution_id: string;
  run_number: number;
  first_seen_at: string;
  closed_at: string | null;
}

export interface StepState {
  run_id: number;
  workflow_id: number;
  task_id: number;
  attempt: number;
  sequence_id: number;
  sort_order: number;
  status: string;
  phase: string;
  force_skip: number;
  sequence_code: string | null;
  task_name: string | null;
  task_mandatory: number;
  source_system_code: string | null;
  expected_seconds: number | null;
  source_type: string | null;
  source_identifier: string | null;
  load_frequency: string | null;
  task_owner: string | null;
  catalogue_version: number | null;
  full_file_name: string | null;
  in_file_path: string | null;
  out_file_path: string | null;
  queued_at: string | null;
  start_time: string | null;
  end_time: string | null;
  start_ms: number | null;
  end_ms: number | null;
  duration_ms: number | null;
  log_message: string | null;
  log_type: string | null;
  log_code: string | null;
  source_run_id: string | null;
  source_url: string | null;
  cluster_id: string | null;
  start_inferred: number;
  recovered_from_lost: number;
  metrics: string | null;
  last_updated_on: string;
  last_updated_by: string;
  version: number;
}

/** View: a step with the names of its run. */
export interface StepRow extends StepState {
  project: string;
  processing_date: string;
  project_code: string;
  process_load: string;
  execution_id: string;
  run_number: number;
  closed_at: string | null;
}

export interface WatermarkEventTable {
  seq: number;
  project_code: string;
  process_load: string;
  name: string;
  value: string | null;
  before: string | null;
  cause: string;
  reason: string | null;
  processing_date: string | null;
  execution_id: string | null;
  workflow_id: number | null;
  task_id: number | null;
  actor: string;
  at: string;
}

export interface ProcessModeTable {
  project_code: string;
  process_load: string;
  mode: string;
  historic_date: string | null;
  since: string;
  until_at: string | null;
  actor: string;
  saved: string | null;
}

interface OfStep {
  project_code: string;
  process_load: string;
  processing_date: string;
  execution_id: string;
  workflow_id: number;
  task_id: number;
}

export interface StepLease extends OfStep {
  attempt: number;
  number: number;
  holder: string | null;
  granted_at: string;
  beat_at: string;
  expires_at: string;
}

export interface ServerBeat {
  server: string;
  started_at: string;
  beat_at: string;
}

export interface ServerGap {
  server: string;
  from_at: string;
  to_at: string;
}

export interface StepObserved extends OfStep {
  attempt: number;
  source: string;
  observation_id: string;
  status: string | null;
  phase: string;
  precedence: number;
  platform_time: string;
  start_time: string | null;
  end_time: string | null;
  code: string | null;
  message: string | null;
  platform_run_id: string | null;
  url: string | null;
}

export interface ObservationTable extends StepObserved {
  recorded_at: string;
}

/** The four columns that every configuration table ends with. */
interface Audit {
  CreatedOn: string;
  CreatedBy: string;
  LastUpdatedOn: string;
  LastUpdatedBy: string;
}

export interface ConfigSequence extends Audit {
  SequenceID: number;
  SequenceCode: string;
  SequenceName: string | null;
  SequenceDescription: string | null;
  SortOrder: number;
  IsActive: number;
}

export interface ConfigProcess extends Audit {
  ProjectCode: string;
  ProcessLoad: string;
  ProcessName: string | null;
  ProcessDescription: string | null;
  ProcessOwner: string | null;
  LoadFrequency: string;
  IsActive: number;
  Timezone: string;
  Deadline: string | null;
  CatalogueVersion: number;
  Project: string;
}

export interface ConfigTask extends Audit {
  TaskID: number;
  ProjectCode: string;
  ProcessLoad: string;
  WorkFlowID: number;
  SequenceID: number;
  TaskName: string;
  TaskDescription: string | null;
  SourceType: string | null;
  SourceIdentifier: string | null;
  SourceSystemCode: string | null;
  ExpectedDurationSeconds: number | null;
  FileNameMask: string | null;
  FileExtension: string | null;
  InFilePath: string | null;
  OutFilePath: string | null;
  LoadFrequency: string;
  TaskMandatory: number;
  IsActive: number;
  TaskOwner: string | null;
  Expectations: string | null;
  Discovered: number;
}

export interface ConfigParameter extends Audit {
  ProjectCode: string;
  ProcessLoad: string;
  ParameterName: string;
  ParameterDescription: string | null;
  ParameterType: string;
  /** May exceed 2^53: written as text, read only through a cast to text. */
  ValueINT: string | null;
  ValueDateTime: string | null;
  ValueBIT: number | null;
  LookbackSeconds: number;
}

export interface SysLog {
  ProcessingDate: string | null;
  ProjectCode: string | null;
  ProcessLoad: string | null;
  SourceType: string | null;
  RunID: string | null;
  ExecutionID: string | null;
  CorrelationID: string | null;
  PipelineName: string | null;
  ActivityName: string | null;
  OperationName: string | null;
  Level: number | null;
  LogTimeUTC: string | null;
  Message: string | null;
  LogKey: string | null;
}

export interface RunsTables {
  etl_event: EtlEvent;
  etl_run: EtlRun;
  step_state: StepState;
  step_row: StepRow;
  watermark_event: WatermarkEventTable;
  process_mode: ProcessModeTable;
  step_lease: StepLease;
  server_beat: ServerBeat;
  server_gap: ServerGap;
  observation: ObservationTable;
  step_observed: StepObserved;
  ETLconfigSequence: ConfigSequence;
  ETLconfigProcess: ConfigProcess;
  ETLconfigTasks: ConfigTask;
  ETLconfigParameters: ConfigParameter;
  ETLsysLogs: SysLog;
}
