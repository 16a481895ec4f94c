/** Tables of the jobs door. */

/** Statements in order; the same for both databases. */
export const JOBS_TABLES: readonly string[] = [
  `create table jobs_plan (
    id text primary key,
    project text not null, target text not null, workspace_id text not null,
    actor text not null,
    made_at text not null,
    summary text not null,
    body text not null
  )`,
  "create index jobs_plan_by_time on jobs_plan (project, target, workspace_id, made_at)",

  `create table jobs_apply (
    id text primary key,
    plan_id text not null references jobs_plan (id),
    project text not null, target text not null, workspace_id text not null,
    actor text not null,
    state text not null,
    started_at text not null,
    ended_at text,
    error text,
    journal bigint not null default 0
  )`,
  "create index jobs_apply_by_time on jobs_apply (project, target, workspace_id, started_at)",

  // The journal of an apply: lines are only added, the last one of a resource says how it stands.
  `create table jobs_apply_item (
    apply_id text not null references jobs_apply (id),
    number bigint not null,
    at text not null,
    resource text not null,
    action text not null,
    state text not null,
    job_id text,
    error text,
    primary key (apply_id, number)
  )`,

  `create table jobs_history (
    project text not null, target text not null, workspace_id text not null, user_name text not null,
    resource text not null,
    serial bigint not null,
    at text not null,
    actor text not null,
    commit_sha text,
    action text not null,
    job_id text not null,
    settings text,
    primary key (project, target, workspace_id, user_name, resource, serial)
  )`,

  `create table jobs_drift (
    id text primary key,
    project text not null, target text not null, workspace_id text not null, user_name text not null,
    resource text not null,
    job_id text,
    digest text not null,
    finding text not null,
    first_seen_at text not null,
    last_seen_at text not null,
    resolved_at text
  )`,
  "create index jobs_drift_by_time on jobs_drift (project, target, workspace_id, user_name, first_seen_at)",
  `create unique index jobs_drift_open on jobs_drift (project, target, workspace_id, user_name, resource, digest)
    where resolved_at is null`,

  `create table jobs_fleet (
    project text not null, target text not null, workspace_id text not null, user_name text not null,
    as_of text not null,
    body text not null,
    primary key (project, target, workspace_id, user_name)
  )`,
];
