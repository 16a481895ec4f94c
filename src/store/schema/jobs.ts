/** Tables of the jobs door, as kysely sees them. */

/** Columns that say whose a row is; `user_name` is "" outside targets of mode `development`. */
interface OfDeployment {
  project: string;
  target: string;
  workspace_id: string;
  user_name: string;
}

export interface JobsPlan extends Omit<OfDeployment, "user_name"> {
  id: string;
  actor: string;
  made_at: string;
  summary: string;
  body: string;
}

export interface JobsApply extends Omit<OfDeployment, "user_name"> {
  id: string;
  plan_id: string;
  actor: string;
  state: string;
  started_at: string;
  ended_at: string | null;
  error: string | null;
  /** Lines in the journal so far. */
  journal: number;
}

export interface JobsApplyItem {
  apply_id: string;
  number: number;
  at: string;
  resource: string;
  action: string;
  state: string;
  job_id: string | null;
  error: string | null;
}

export interface JobsHistory extends OfDeployment {
  resource: string;
  serial: number;
  at: string;
  actor: string;
  commit_sha: string | null;
  action: string;
  job_id: string;
  settings: string | null;
}

export interface JobsDrift extends OfDeployment {
  id: string;
  resource: string;
  job_id: string | null;
  digest: string;
  finding: string;
  first_seen_at: string;
  last_seen_at: string;
  resolved_at: string | null;
}

export interface JobsFleet extends OfDeployment {
  as_of: string;
  body: string;
}

export interface JobsTables {
  jobs_plan: JobsPlan;
  jobs_apply: JobsApply;
  jobs_apply_item: JobsApplyItem;
  jobs_history: JobsHistory;
  jobs_drift: JobsDrift;
  jobs_fleet: JobsFleet;
}
