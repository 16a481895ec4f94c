/**
 * What the service fills in, a row each: the field, the value, and when.
 *
 * Source: Databricks Jobs API 2.2 reference, and the answers that databricks/cli records from real workspaces for its bundle tests.
 */
import { isObject, type Json, type JsonObject } from "../json.ts";

/** What a default may depend on. */
export interface DefaultContext {
  cloud: "azure" | "aws" | "gcp";
  settings: JsonObject;
}

interface Row {
  field: string;
  value: Json | ((owner: JsonObject, context: DefaultContext) => Json | undefined);
  /** Only inside this member of the owner (`notebook_task`, `sql_task.file`). */
  inside?: string;
}

const source = (_owner: JsonObject, { settings }: DefaultContext) => (settings.git_source ? "GIT" : "WORKSPACE");

/** Of the settings object. */
export const JOB_ROWS: Row[] = [
  { field: "email_notifications", value: {} },
  { field: "webhook_notifications", value: {} },
  { field: "notification_settings", value: {} },
  { field: "timeout_seconds", value: 0 },
  { field: "max_concurrent_runs", value: 1 },
  { field: "edit_mode", value: "EDITABLE" },
  {
    field: "performance_target",
    value: (_, { settings }) => (serverless(settings) ? "PERFORMANCE_OPTIMIZED" : undefined),
  },
  { inside: "schedule", field: "pause_status", value: "UNPAUSED" },
  { inside: "trigger", field: "pause_status", value: "UNPAUSED" },
  { inside: "continuous", field: "pause_status", value: "UNPAUSED" },
  { inside: "continuous", field: "task_retry_mode", value: "NEVER" },
];

/** Of each task, and of the task inside a for-each task. */
export const TASK_ROWS: Row[] = [
  { field: "run_if", value: "ALL_SUCCESS" },
  { field: "timeout_seconds", value: 0 },
  { field: "email_notifications", value: {} },
  { field: "webhook_notifications", value: {} },
  { field: "notification_settings", value: {} },
  { field: "max_retries", value: 0 },
  { field: "min_retry_interval_millis", value: 0 },
  { field: "retry_on_timeout", value: false },
  { field: "disabled", value: false },
  { field: "disable_auto_optimization", value: false },
  { inside: "notebook_task", field: "source", value: source },
  { inside: "spark_python_task", field: "source", value: source },
  { inside: "sql_task.file", field: "source", value: source },
  { inside: "dbt_task", field: "source", value: source },
];

/** Of each `new_cluster`. */
export const CLUSTER_ROWS: Row[] = [
  { field: "data_security_mode", value: "SINGLE_USER" },
  { field: "enable_elastic_disk", value: (_, { cloud }) => cloud === "azure" },
  { field: "enable_local_disk_encryption", value: false },
  { field: "driver_instance_pool_id", value: (cluster) => cluster.instance_pool_id },
  { field: "node_type_id", value: (_, { cloud }) => NODE_TYPE[cloud] },
  { field: "driver_node_type_id", value: (cluster) => cluster.node_type_id },
  { field: "num_workers", value: (cluster) => (cluster.autoscale === undefined ? 0 : undefined) },
];

const NODE_TYPE = { azure: "Standard_DS3_v2", aws: "i3.xlarge", gcp: "n1-highmem-4" };

/** The cloud's own attributes, filled in member by member. */
export const CLOUD_ATTRIBUTES: Record<DefaultContext["cloud"], { field: string; value: JsonObject }> = {
  azure: {
    field: "azure_attributes",
    value: { first_on_demand: 1, availability: "ON_DEMAND_AZURE", spot_bid_max_price: -1 },
  },
  aws: {
    field: "aws_attributes",
    value: {
      first_on_demand: 1,
      availability: "SPOT_WITH_FALLBACK",
      zone_id: "us-east-1c",
      spot_bid_price_percent: 100,
    },
  },
  gcp: { field: "gcp_attributes", value: { availability: "ON_DEMAND_GCP", zone_id: "HA" } },
};

/** Maps that the service leaves out when they are empty (other empty objects mean something: `email_notifications: {}`). */
export const MAP_FIELDS = new Set([
  "tags",
  "spark_conf",
  "custom_tags",
  "spark_env_vars",
  "base_parameters",
  "notebook_base_parameters",
  "named_parameters",
  "job_parameters",
  "notebook_params",
  "python_named_params",
  "sql_params",
  "parameters",
  "filters",
]);

/** Spelling of git providers, which are read in any case. */
export const GIT_PROVIDERS = [
  "gitHub",
  "gitHubEnterprise",
  "gitLab",
  "gitLabEnterpriseEdition",
  "bitbucketCloud",
  "bitbucketServer",
  "azureDevOpsServices",
  "awsCodeCommit",
];

/** Fills in what is absent. */
export function fill(owner: JsonObject, rows: Row[], context: DefaultContext): void {
  for (const row of rows) {
    let place: Json | undefined = owner;
    for (const key of row.inside?.split(".") ?? []) place = isObject(place) ? place[key] : undefined;
    if (!isObject(place) || place[row.field] !== undefined) continue;
    const value = typeof row.value === "function" ? row.value(place, context) : row.value;
    if (value !== undefined) place[row.field] = isObject(value) ? { ...value } : value;
  }
}

/** Whether some task runs on serverless compute: an environment, or a notebook without any compute. */
function serverless(settings: JsonObject): boolean {
  const tasks = Array.isArray(settings.tasks) ? settings.tasks.filter(isObject) : [];
  return tasks.some(
    (task) =>
      task.environment_key !== undefined ||
      (task.notebook_task !== undefined &&
        task.job_cluster_key === undefined &&
        task.existing_cluster_id === undefined &&
        task.new_cluster === undefined),
  );
}
