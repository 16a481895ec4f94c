/** The fields of a job's settings with their types, as the Jobs API 2.2 reference lists them; what is not here is an unknown field. */
import type { Fields } from "./field.ts";
import { CLUSTER } from "./schema-cluster.ts";
import { EMAIL, HEALTH, WEBHOOK } from "./schema-notice.ts";
import { TASK } from "./schema-task.ts";

const SQL_CONDITION: Fields = {
  sql_query_id: "string",
  trigger_mode: "QUERY_RETURNS_ROWS|RESULT_VALUE_CHANGES",
  warehouse_id: "string",
};

/** What may start a job, in `trigger` and in each of `triggers`. */
const CAUSES: Fields = {
  file_arrival: {
    min_time_between_triggers_seconds: "int32",
    url: "string",
    wait_after_last_change_seconds: "int32",
  },
  model: {
    aliases: "strings",
    condition: "MODEL_ALIAS_SET|MODEL_CREATED|MODEL_VERSION_READY",
    min_time_between_triggers_seconds: "int32",
    securable_name: "string",
    wait_after_last_change_seconds: "int32",
  },
  pause_status: "PAUSED|UNPAUSED",
  periodic: { interval: "int32", unit: "DAYS|HOURS|MINUTES|WEEKS" },
  sql_condition: SQL_CONDITION,
  table_update: {
    condition: "ALL_UPDATED|ANY_UPDATED",
    min_time_between_triggers_seconds: "int32",
    table_names: "strings",
    wait_after_last_change_seconds: "int32",
  },
};

/** The settings object. */
export const SETTINGS: Fields = {
  budget_policy_id: "string",
  continuous: { pause_status: "PAUSED|UNPAUSED", task_retry_mode: "NEVER|ON_FAILURE" },
  deployment: {
    deployment_id: "string",
    kind: "BUNDLE|SYSTEM_MANAGED",
    metadata_file_path: "string",
    version_id: "string",
  },
  description: "string",
  edit_mode: "EDITABLE|UI_LOCKED",
  email_notifications: EMAIL,
  environments: [
    {
      environment_key: "string",
      spec: {
        base_environment: "string",
        client: "string",
        dependencies: "strings",
        environment_version: "string",
        java_dependencies: "strings",
      },
    },
  ],
  format: "MULTI_TASK|SINGLE_TASK",
  git_source: {
    git_branch: "string",
    git_commit: "string",
    git_provider:
      "awsCodeCommit|azureDevOpsServices|bitbucketCloud|bitbucketServer|gitHub|gitHubEnterprise|gitLab|gitLabEnterpriseEdition",
    git_snapshot: { used_commit: "string" },
    git_tag: "string",
    git_url: "string",
    job_source: { dirty_state: "DISCONNECTED|NOT_SYNCED", import_from_git_branch: "string", job_config_path: "string" },
    sparse_checkout: { patterns: "strings" },
  },
  health: HEALTH,
  job_clusters: [{ job_cluster_key: "string", new_cluster: CLUSTER, serverless_compute_id: "string" }],
  max_concurrent_runs: "int32",
  name: "string",
  notification_settings: { no_alert_for_canceled_runs: "boolean", no_alert_for_skipped_runs: "boolean" },
  parameters: [{ default: "string", name: "string" }],
  parent_path: "string",
  performance_target: "PERFORMANCE_OPTIMIZED|STANDARD",
  queue: { enabled: "boolean" },
  run_as: { group_name: "string", service_principal_name: "string", user_name: "string" },
  schedule: {
    pause_status: "PAUSED|UNPAUSED",
    quartz_cron_expression: "string",
    sql_condition: SQL_CONDITION,
    timezone_id: "string",
  },
  tags: "map",
  timeout_seconds: "int32",
  trigger: CAUSES,
  triggers: [
    {
      ...CAUSES,
      continuous: { task_retry_mode: "NEVER|ON_FAILURE" },
      schedule: { quartz_cron_expression: "string", timezone_id: "string" },
    },
  ],
  usage_policy_id: "string",
  webhook_notifications: WEBHOOK,
  tasks: [TASK],
};
