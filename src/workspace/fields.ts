/**
 * What the Jobs API does to settings by itself, a row each: defaults it fills in, values it computes, lists whose
 * order it does not keep. The diff asks this table and nothing else.
 *
 * Sources: the Databricks Jobs API 2.2 reference, and the lists of suppressed fields in databricks/cli
 * (`bundle/direct/dresources/resources.yml`) and databricks/terraform-provider-databricks (`jobs/resource_job.go`).
 */
import type { Json, JsonObject } from "../util/json.ts";

/** One row. */
export interface FieldRule {
  /**
   * Path pattern; `[*]` is any list element. `T` stands for a task (`tasks[*]` and the task inside a for-each),
   * `C` for a new cluster (of a task or of a job cluster).
   */
  path: string;
  /**
   * - `default`: the value `value` and absence are the same;
   * - `computed`: a value that only the workspace has is the service's own, whatever it is;
   * - `write_only`: accepted, never returned: absence in the workspace says nothing;
   * - `volatile`: changes by itself: never compared;
   * - `fold_case`: compared without regard to case.
   */
  kind: "default" | "computed" | "write_only" | "volatile" | "fold_case";
  value?: Json;
  /** For `default`: holds also where the object around it is not declared at all. */
  withoutParent?: boolean;
  reason: string;
}

const of = (
  kind: FieldRule["kind"],
  path: string,
  reason: string,
  value?: Json,
  withoutParent?: boolean,
): FieldRule => ({
  kind,
  path,
  reason,
  ...(value === undefined ? {} : { value }),
  ...(withoutParent ? { withoutParent } : {}),
});

/** Every rule; tests hold a case each one suppresses and a case it must not. */
export const FIELD_RULES: readonly FieldRule[] = [
  of("computed", "format", "MULTI_TASK or SINGLE_TASK by the API version of the caller; ignored on write"),
  of("default", "timeout_seconds", "0 is no time limit", 0),
  of("default", "max_concurrent_runs", "1 when never set", 1),
  of("default", "edit_mode", "EDITABLE when never set", "EDITABLE"),
  of(
    "computed",
    "run_as.user_name",
    "the creator's identity, filled in by some versions; a reset without run_as keeps it",
  ),
  of("computed", "run_as.service_principal_name", "the creator's identity, filled in by some versions"),
  of("computed", "run_as.group_name", "kept by a reset without run_as"),
  of("default", "queue.enabled", "absent is off", false, true),
  of("default", "performance_target", "PERFORMANCE_OPTIMIZED is what serverless jobs get", "PERFORMANCE_OPTIMIZED"),
  of("default", "schedule.pause_status", "UNPAUSED when never set", "UNPAUSED"),
  of("default", "trigger.pause_status", "UNPAUSED when never set", "UNPAUSED"),
  of("default", "continuous.pause_status", "UNPAUSED when never set", "UNPAUSED"),
  of("default", "continuous.task_retry_mode", "NEVER when never set", "NEVER"),
  of("default", "triggers[*].pause_status", "UNPAUSED when never set", "UNPAUSED"),
  of("computed", "budget_policy_id", "a policy that applies by default"),
  of("computed", "usage_policy_id", "a policy that applies by default"),
  of("volatile", "deployment.version_id", "counts deployments by itself"),
  of("computed", "git_source.git_snapshot.used_commit", "read-only: the commit of the last run"),
  of("fold_case", "git_source.git_provider", "read in any case, returned in its canonical one"),
  of("default", "notification_settings.no_alert_for_skipped_runs", "all false is the same as none", false, true),
  of("default", "notification_settings.no_alert_for_canceled_runs", "all false is the same as none", false, true),
  of("default", "email_notifications.no_alert_for_skipped_runs", "false when never set", false, true),
  of("default", "T.email_notifications.no_alert_for_skipped_runs", "false when never set", false, true),
  of("default", "T.notification_settings.no_alert_for_skipped_runs", "all false is the same as none", false, true),
  of("default", "T.notification_settings.no_alert_for_canceled_runs", "all false is the same as none", false, true),
  of("default", "T.notification_settings.alert_on_last_attempt", "all false is the same as none", false, true),
  of("default", "T.run_if", "ALL_SUCCESS when never set", "ALL_SUCCESS"),
  of("default", "T.timeout_seconds", "0 is no time limit", 0),
  of("default", "T.max_retries", "0 is no retry", 0),
  of("default", "T.min_retry_interval_millis", "0 is at once", 0),
  of("default", "T.retry_on_timeout", "false when never set", false),
  of("default", "T.disabled", "false when never set", false),
  of("default", "T.disable_auto_optimization", "false when never set", false),
  of("default", "T.notebook_task.source", "WORKSPACE, or GIT in a job with git_source", "{source}"),
  of("default", "T.spark_python_task.source", "WORKSPACE, or GIT in a job with git_source", "{source}"),
  of("default", "T.sql_task.file.source", "WORKSPACE, or GIT in a job with git_source", "{source}"),
  of("default", "T.dbt_task.source", "WORKSPACE, or GIT in a job with git_source", "{source}"),
  of("default", "T.gen_ai_compute_task.source", "WORKSPACE, or GIT in a job with git_source", "{source}"),
  of("computed", "C.data_security_mode", "SINGLE_USER, or as the policy says"),
  of("computed", "C.enable_elastic_disk", "true or false by cloud"),
  of("computed", "C.enable_local_disk_encryption", "false by default, or as the policy says"),
  of("computed", "C.node_type_id", "taken from the pool or policy"),
  of("computed", "C.driver_node_type_id", "the worker's type, or the policy's"),
  of("computed", "C.driver_instance_pool_id", "the worker's pool"),
  of("computed", "C.aws_attributes", "filled in by cloud"),
  of("computed", "C.azure_attributes", "filled in by cloud"),
  of("computed", "C.gcp_attributes", "filled in by cloud"),
  of("write_only", "C.apply_policy_default_values", "an order at write time, never returned"),
  of("default", "C.num_workers", "0 when neither workers nor autoscale are given", 0),
  of("default", "C.cluster_name", "the empty name is dropped", ""),
];

const TASKS = ["tasks[*]", "tasks[*].for_each_task.task"];
const CLUSTERS = ["job_clusters[*].new_cluster", ...TASKS.map((task) => `${task}.new_cluster`)];

function expand(path: string): string[] {
  if (path.startsWith("T.")) return TASKS.map((task) => task + path.slice(1));
  if (path.startsWith("C.")) return CLUSTERS.map((cluster) => cluster + path.slice(1));
  return [path];
}

const byPattern = new Map<string, FieldRule>();
/** Patterns of `computed` rows that cover a whole object (`C.aws_attributes`). */
for (const rule of FIELD_RULES) for (const pattern of expand(rule.path)) byPattern.set(pattern, rule);

/** Only below these can a rule of an object around a leaf hold. */
const COVERED = /_attributes\.|git_snapshot\.|run_as\.|deployment\./;

/** Answers of {@link ruleOf} for patterns that were asked for, up to so many: maps have keys of any name. */
const answered = new Map<string, FieldRule | undefined>();
const MOST_ANSWERS = 50_000;

/** The rule of a leaf by its pattern (`tasks[*].run_if`), that of the nearest object around it for `computed` objects. */
export function ruleOf(pattern: string): FieldRule | undefined {
  const known = answered.get(pattern);
  if (known !== undefined || answered.has(pattern)) return known;
  if (answered.size >= MOST_ANSWERS) answered.clear();
  const rule = findRule(pattern);
  answered.set(pattern, rule);
  return rule;
}

function findRule(pattern: string): FieldRule | undefined {
  const own = byPattern.get(pattern);
  if (own || !COVERED.test(pattern)) return own;
  for (let cut = pattern.lastIndexOf("."); cut > 0; cut = pattern.lastIndexOf(".", cut - 1)) {
    const above = byPattern.get(pattern.slice(0, cut));
    if (above?.kind === "computed" || above?.kind === "volatile") return above;
  }
  return undefined;
}

/** The default a `default` rule stands for in these settings. */
export function defaultOf(rule: FieldRule, settings: JsonObject): Json | undefined {
  return rule.value === "{source}" ? (settings.git_source ? "GIT" : "WORKSPACE") : rule.value;
}

/** How the elements of a list are told apart. */
export type ListIdentity = { kind: "keyed"; key: string } | { kind: "set" } | { kind: "ordered" };

const KEYED: Record<string, string> = {
  tasks: "task_key",
  job_clusters: "job_cluster_key",
  environments: "environment_key",
  depends_on: "task_key",
};
const SETS = new Set(["libraries", "table_names", "subscribers", "subscriptions", "aliases"]);
const EMAIL = /email_notifications\.on_[a-z_]+$/;
const WEBHOOK = /webhook_notifications\.on_[a-z_]+$/;

/** Identity of the elements of the list at a pattern (`tasks[*].depends_on`): by key, as a set, or by position. */
export function listIdentity(pattern: string): ListIdentity {
  const name = pattern.slice(pattern.lastIndexOf(".") + 1);
  const key = pattern === "parameters" || pattern.endsWith("python_operator_task.parameters") ? "name" : KEYED[name];
  if (key !== undefined) return { kind: "keyed", key };
  if (WEBHOOK.test(pattern)) return { kind: "keyed", key: "id" };
  if (SETS.has(name) || EMAIL.test(pattern)) return { kind: "set" };
  return { kind: "ordered" };
}

/** Objects whose mere presence means something, also when all they hold is default. */
export const PRESENCE: ReadonlySet<string> = new Set(["continuous", "triggers[*].continuous"]);
