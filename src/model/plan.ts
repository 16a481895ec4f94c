/** A plan: the computed difference between declarations and workspace, as data. Shape: surface §3. */
import type { Json } from "../util/json.ts";
import type { JobSettings } from "./job.ts";
import type { Place, Problem } from "./problem.ts";

/** What is done with one job. */
export type ChangeAction = "create" | "update" | "recreate" | "recover" | "delete" | "noop" | "conflict" | "refused";

/** Who moved a field: we (declared), they (drift), or both (conflict). */
export type FieldKind = "declared" | "drift" | "conflict";

/** One field that differs. A secret's value is never here: it reads `(secret ${env:NAME})` or `(hidden)`. */
export interface FieldChange {
  /** `tasks[task_key=load].max_retries`; map keys that are no plain words are quoted: `spark_conf['spark.speculation']`. */
  path: string;
  kind: FieldKind;
  /** What we last applied where that equals what was found, else what was found; absent when there was no value. */
  before?: Json;
  /** What was found in the workspace; only given where it is neither `before` nor `after`. */
  actual?: Json;
  /** What will be sent; absent when the field goes. */
  after?: Json;
  /** The field stays as it was found, by policy or by choice: `after` is what is declared, and not sent. */
  kept?: true | undefined;
  /** Where the field is declared. */
  place?: Place | undefined;
}

/** A caller of a job: another job with a `run_job_task`. */
export interface Caller {
  resource: string | undefined;
  jobId: string | undefined;
  name: string;
  taskKey: string;
}

/** A table that a job writes, or a job that reads such a table. */
export interface Fed {
  kind: "dataset" | "job";
  name: string;
  /** Id of the job. */
  jobId?: string | undefined;
  /** Declared resource of the job, where it is ours. */
  resource?: string | undefined;
  /** Tables it is reached by. */
  over?: string[] | undefined;
  /** Only may be: several jobs fit what was seen. */
  unsure?: true | undefined;
}

/** What a job feeds: the tables it writes and who reads them, and how much lies beyond those. */
export interface Downstream {
  fed: Fed[];
  further: { tables: number; jobs: number };
}

/** Whom a change hurts. */
export interface Impact {
  /** Runs that are live now (they keep the old definition); null when they could not be read. */
  liveRuns: number | null;
  /** UTC text of the next start by schedule, null when there is none (paused, no schedule, triggered). */
  nextStart: string | null;
  calledBy: Caller[];
  /** Tables that the job writes and jobs that read them, where lineage is known ({@link Plan.lineage}). */
  downstream: Fed[];
  /** How many tables and jobs lie beyond those. */
  further?: { tables: number; jobs: number } | undefined;
}

/** A saved query of a job, as apply is to leave it. */
export interface PlannedQuery {
  /** Key of the task that runs it. */
  key: string;
  name: string;
  /** With references to secrets unresolved. */
  text: string;
  warehouse: string;
  parameters: Record<string, string>;
  folder?: string | undefined;
  /** Null where it is still to be made. */
  id: string | null;
  /** False where it is as declared. */
  send: boolean;
  /** Digest of the text as it was found: apply refuses to change a query that has moved. */
  base?: string | undefined;
}

/** One row of a plan. */
export interface Change {
  resource: string;
  action: ChangeAction;
  jobId: string | null;
  name: string;
  /** One sentence: why this action. */
  reason: string;
  fields: FieldChange[];
  impact: Impact;
  /** Stable code of a conflict or refusal: `owner_conflict`, `forbidden`, `held_delete`, `protected`, … */
  code?: string | undefined;
  /** What to do about a conflict, refusal or held deletion. */
  hint?: string | undefined;
  /** True for a deletion that `apply` leaves out until it is asked for (`--allow-delete`). */
  held?: boolean | undefined;
  place?: Place | undefined;
  /** Settings to send, with references to secrets unresolved; absent for deletions and noops. */
  desired?: JobSettings | undefined;
  /** Digest of the job as it was read for this plan: apply refuses the change when it has moved. */
  base?: string | undefined;
  /** The job is started once when it is made. */
  start?: true | undefined;
  /** Saved queries of its tasks. */
  queries?: PlannedQuery[] | undefined;
  /** Saved queries that no job runs any more. */
  trash?: { key: string; id: string; name: string }[] | undefined;
  /** Desired permissions, where declared. */
  permissions?: Json[] | undefined;
  /** `lifecycle.prevent_destroy` of the declaration, to be remembered. */
  protect?: boolean | undefined;
  /** For a noop: the state file's memory of the job is older than what is declared and found; apply renews it. */
  refresh?: boolean | undefined;
}

/** Numbers of a plan by action, and of fields by kind. */
export interface PlanSummary {
  create: number;
  update: number;
  recreate: number;
  recover: number;
  delete: number;
  noop: number;
  conflict: number;
  refused: number;
  /** Jobs with at least one field of kind drift. */
  drift: number;
}

/** Commit a plan or apply was made from. */
export interface GitInfo {
  commit: string;
  branch: string | null;
  dirty: boolean;
}

/** Another tool that deploys jobs. */
export type OtherManager = "bundle" | "terraform";

/** A plan. */
export interface Plan {
  formatVersion: 1;
  project: string;
  workspace: string;
  target: string;
  workspaceId: string;
  headgate: string;
  /** UTC text. */
  madeAt: string;
  /** Digest of all declarations that went in. */
  declaredDigest: string;
  /** The state file this was computed against; null when there is none yet. */
  state: { lineage: string; serial: number } | null;
  git: GitInfo | null;
  /** Set where the last applied commit is not an ancestor of HEAD: what applying would undo. */
  behind: { appliedCommit: string; appliedBy: string; appliedAt: string } | null;
  changes: Change[];
  /** Faults that left jobs out of the plan. */
  problems: Problem[];
  /** The day of the lineage that says whom changes feed; null where the store has none yet; absent where the project keeps none. */
  lineage?: { at: string } | null | undefined;
  /** Jobs in the workspace that nobody declared here; they are never touched. */
  unmanaged: number;
  summary: PlanSummary;
  /** Set where another tool deploys these jobs: the plan says what that would do, and is never applied. */
  managedBy?: OtherManager | undefined;
}

/** True when applying the plan would send something. */
export function hasDifferences(plan: Plan): boolean {
  return plan.changes.some((change) => change.action !== "noop");
}
