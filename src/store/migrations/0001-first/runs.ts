/** Tables of the runs door: the log of commands, what follows from it, and what platforms say. */
import type { StoreKind } from "../../schema/schema.ts";
import { refuse } from "./ground.ts";

const STEP = `
    project_code text not null, process_load text not null, processing_date text not null, execution_id text not null,
    workflow_id integer not null, task_id integer not null`;

const TABLES: readonly string[] = [
  // Commands are only added; purging removes those of whole closed runs.
  `create table etl_event (
    seq bigint primary key,
    event_id text not null unique,
    project text not null,
    project_code text not null,
    process_load text not null,
    processing_date text,
    execution_id text,
    workflow_id integer,
    task_id integer,
    attempt integer,
    type text not null,
    occurred_at text not null,
    recorded_at text not null,
    actor text not null,
    source_run_id text,
    source_url text,
    spooled integer not null,
    payload text not null,
    verdict text not null,
    code text,
    answer text not null
  )`,
  "create index etl_event_by_run on etl_event (project_code, process_load, processing_date, execution_id, seq)",

  `create table etl_run (
    id bigint primary key,
    project text not null,
    project_code text not null,
    process_load text not null,
    processing_date text not null,
    execution_id text not null,
    run_number integer not null,
    first_seen_at text not null,
    closed_at text,
    unique (project_code, process_load, processing_date, execution_id),
    unique (project_code, process_load, processing_date, run_number)
  )`,
  "create index etl_run_by_date on etl_run (processing_date)",

  `create table step_state (
    run_id bigint not null references etl_run (id),
    workflow_id integer not null,
    task_id integer not null,
    attempt integer not null,
    sequence_id integer not null,
    sort_order integer not null,
    status text not null check (status in ('NQUE', 'RQUE', 'DONE', 'FAIL')),
    phase text not null check (phase in ('QUEUED', 'RUNNING', 'ENDED', 'SKIPPED')),
    force_skip integer not null,
    sequence_code text,
    task_name text,
    task_mandatory integer not null,
    source_system_code text,
    expected_seconds integer,
    source_type text,
    source_identifier text,
    load_frequency text,
    task_owner text,
    catalogue_version bigint,
    full_file_name text,
    in_file_path text,
    out_file_path text,
    queued_at text,
    start_time text,
    end_time text,
    start_ms bigint,
    end_ms bigint,
    duration_ms bigint,
    log_message text,
    log_type text,
    log_code text,
    source_run_id text,
    source_url text,
    cluster_id text,
    start_inferred integer not null,
    recovered_from_lost integer not null,
    metrics text,
    last_updated_on text not null,
    last_updated_by text not null,
    version bigint not null,
    primary key (run_id, workflow_id, task_id, attempt)
  )`,
  "create index step_state_running on step_state (phase) where phase = 'RUNNING'",
  "create index step_state_by_source on step_state (source_run_id) where source_run_id is not null",

  // Never purged: the history of a watermark outlives the runs that moved it.
  `create table watermark_event (
    seq bigint not null,
    project_code text not null,
    process_load text not null,
    name text not null,
    value text,
    before text,
    cause text not null,
    reason text,
    processing_date text,
    execution_id text,
    workflow_id integer,
    task_id integer,
    actor text not null,
    at text not null,
    primary key (project_code, process_load, name, seq)
  )`,

  `create table process_mode (
    project_code text not null,
    process_load text not null,
    mode text not null,
    historic_date text,
    since text not null,
    until_at text,
    actor text not null,
    saved text,
    primary key (project_code, process_load)
  )`,

  `create table step_lease (${STEP},
    attempt integer not null,
    number integer not null,
    holder text,
    granted_at text not null,
    beat_at text not null,
    expires_at text not null,
    primary key (project_code, process_load, processing_date, execution_id, workflow_id, task_id)
  )`,
  "create index step_lease_by_end on step_lease (expires_at)",

  "create table server_beat (server text primary key, started_at text not null, beat_at text not null)",
  `create table server_gap (
    server text not null,
    from_at text not null,
    to_at text not null,
    primary key (server, from_at)
  )`,

  `create table observation (
    source text not null,
    observation_id text not null,${STEP},
    attempt integer not null,
    status text,
    phase text not null,
    precedence integer not null,
    platform_time text not null,
    start_time text,
    end_time text,
    code text,
    message text,
    platform_run_id text,
    url text,
    recorded_at text not null,
    primary key (source, observation_id)
  )`,
  `create table step_observed (${STEP},
    attempt integer not null,
    source text not null,
    observation_id text not null,
    status text,
    phase text not null,
    precedence integer not null,
    platform_time text not null,
    start_time text,
    end_time text,
    code text,
    message text,
    platform_run_id text,
    url text,
    primary key (project_code, process_load, processing_date, execution_id, workflow_id, task_id)
  )`,
  "create index step_observed_by_run on step_observed (platform_run_id)",
];

/** Statements in order. */
export function runsTables(kind: StoreKind): string[] {
  return [
    ...TABLES,
    ...refuse(kind, "etl_event", ["update"]),
    ...refuse(kind, "watermark_event", ["update", "delete"]),
  ];
}
