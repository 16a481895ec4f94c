/**
 * The fields of a job's settings with their types, as the Jobs API 2.2 reference lists them; what is not here is an unknown field.
 *
 * A field is a word (`string`, `int32`, `int64`, `double`, `boolean`, `strings` = list of strings, `map` = string to string),
 * an enumeration (`A|B`, a trailing bar where there is one value only), an object, or a list with the shape of its elements.
 */

/** The type of one field. */
export type Field = string | Fields | readonly [Fields];
/** An object's fields. */
export interface Fields {
  readonly [name: string]: Field;
}

const EMAIL: Fields = {
  no_alert_for_skipped_runs: "boolean",
  on_duration_warning_threshold_exceeded: "strings",
  on_failure: "strings",
  on_start: "strings",
  on_streaming_backlog_exceeded: "strings",
  on_success: "strings",
};

const WEBHOOK: Fields = {
  on_duration_warning_threshold_exceeded: [{ id: "string" }],
  on_failure: [{ id: "string" }],
  on_start: [{ id: "string" }],
  on_streaming_backlog_exceeded: [{ id: "string" }],
  on_success: [{ id: "string" }],
};

const HEALTH: Fields = {
  rules: [
    {
      metric:
        "RUN_DURATION_SECONDS|STREAMING_BACKLOG_BYTES|STREAMING_BACKLOG_FILES|STREAMING_BACKLOG_RECORDS|STREAMING_BACKLOG_SECONDS",
      op: "GREATER_THAN|",
      value: "int64",
    },
  ],
};

const CLUSTER: Fields = {
  apply_policy_default_values: "boolean",
  autoscale: { max_workers: "int32", min_workers: "int32" },
  autotermination_minutes: "int32",
  aws_attributes: {
    availability: "ON_DEMAND|SPOT|SPOT_WITH_FALLBACK",
    ebs_volume_count: "int32",
    ebs_volume_iops: "int32",
    ebs_volume_size: "int32",
    ebs_volume_throughput: "int32",
    ebs_volume_type: "GENERAL_PURPOSE_SSD|THROUGHPUT_OPTIMIZED_HDD",
    first_on_demand: "int32",
    instance_profile_arn: "string",
    spot_bid_price_percent: "int32",
    zone_id: "string",
  },
  azure_attributes: {
    availability: "ON_DEMAND_AZURE|SPOT_AZURE|SPOT_WITH_FALLBACK_AZURE",
    capacity_reservation_group: "string",
    first_on_demand: "int32",
    log_analytics_info: { log_analytics_primary_key: "string", log_analytics_workspace_id: "string" },
    spot_bid_max_price: "double",
  },
  cluster_log_conf: {
    dbfs: { destination: "string" },
    s3: {
      canned_acl: "string",
      destination: "string",
      enable_encryption: "boolean",
      encryption_type: "string",
      endpoint: "string",
      kms_key: "string",
      region: "string",
    },
    volumes: { destination: "string" },
  },
  cluster_name: "string",
  custom_tags: "map",
  data_security_mode:
    "DATA_SECURITY_MODE_AUTO|DATA_SECURITY_MODE_DEDICATED|DATA_SECURITY_MODE_STANDARD|LEGACY_PASSTHROUGH|LEGACY_SINGLE_USER|LEGACY_SINGLE_USER_STANDARD|LEGACY_TABLE_ACL|NONE|SINGLE_USER|USER_ISOLATION",
  dependency_mode: "DEPENDENCY_MODE_AUTO|DEPENDENCY_MODE_CLUSTER_LIBRARIES|DEPENDENCY_MODE_ENVIRONMENTS",
  docker_image: { basic_auth: { password: "string", username: "string" }, url: "string" },
  driver_instance_pool_id: "string",
  driver_node_type_flexibility: { alternate_node_type_ids: "strings" },
  driver_node_type_id: "string",
  enable_elastic_disk: "boolean",
  enable_local_disk_encryption: "boolean",
  gcp_attributes: {
    availability: "ON_DEMAND_GCP|PREEMPTIBLE_GCP|PREEMPTIBLE_WITH_FALLBACK_GCP",
    boot_disk_size: "int32",
    confidential_compute_type: "CONFIDENTIAL_COMPUTE_TYPE_NONE|SEV_SNP",
    first_on_demand: "int32",
    google_service_account: "string",
    local_ssd_count: "int32",
    use_preemptible_executors: "boolean",
    zone_id: "string",
  },
  init_scripts: [
    {
      abfss: { destination: "string" },
      dbfs: { destination: "string" },
      file: { destination: "string" },
      gcs: { destination: "string" },
      s3: {
        canned_acl: "string",
        destination: "string",
        enable_encryption: "boolean",
        encryption_type: "string",
        endpoint: "string",
        kms_key: "string",
        region: "string",
      },
      volumes: { destination: "string" },
      workspace: { destination: "string" },
    },
  ],
  instance_pool_id: "string",
  is_single_node: "boolean",
  kind: "CLASSIC_PREVIEW|",
  node_type_id: "string",
  num_workers: "int32",
  policy_id: "string",
  remote_disk_throughput: "int32",
  runtime_engine: "NULL|PHOTON|STANDARD",
  single_user_name: "string",
  spark_conf: "map",
  spark_env_vars: "map",
  spark_version: "string",
  ssh_public_keys: "strings",
  total_initial_remote_disk_size: "int32",
  use_ml_runtime: "boolean",
  worker_node_type_flexibility: { alternate_node_type_ids: "strings" },
  workload_type: { clients: { jobs: "boolean", notebooks: "boolean" } },
};

const PLAIN_TASK: Fields = {
  ai_runtime_task: {
    code_source_path: "string",
    deployments: [
      {
        command_path: "string",
        compute: { accelerator_count: "int32", accelerator_type: "GPU_1xA10|GPU_1xH100|GPU_8xH100" },
        name: "string",
      },
    ],
    docker_image_url: "string",
    experiment: "string",
    mlflow_artifact_location: "string",
    mlflow_experiment_directory: "string",
    mlflow_run: "string",
  },
  alert_task: {
    alert_id: "string",
    subscribers: [{ destination_id: "string", user_name: "string" }],
    warehouse_id: "string",
    workspace_path: "string",
  },
  clean_rooms_notebook_task: {
    clean_room_name: "string",
    etag: "string",
    notebook_base_parameters: "map",
    notebook_name: "string",
  },
  compute: { hardware_accelerator: "GPU_1xA10|GPU_8xH100" },
  condition_task: {
    left: "string",
    op: "EQUAL_TO|GREATER_THAN|GREATER_THAN_OR_EQUAL|LESS_THAN|LESS_THAN_OR_EQUAL|NOT_EQUAL",
    right: "string",
  },
  dashboard_task: {
    dashboard_id: "string",
    filters: "map",
    subscription: {
      custom_subject: "string",
      paused: "boolean",
      subscribers: [{ destination_id: "string", user_name: "string" }],
    },
    warehouse_id: "string",
  },
  dbt_cloud_task: { connection_resource_name: "string", dbt_cloud_job_id: "int64" },
  dbt_platform_task: { connection_resource_name: "string", dbt_platform_job_id: "string" },
  dbt_task: {
    catalog: "string",
    commands: "strings",
    profiles_directory: "string",
    project_directory: "string",
    schema: "string",
    source: "GIT|WORKSPACE",
    warehouse_id: "string",
  },
  depends_on: [{ outcome: "string", task_key: "string" }],
  description: "string",
  disable_auto_optimization: "boolean",
  disabled: "boolean",
  email_notifications: EMAIL,
  environment_key: "string",
  existing_cluster_id: "string",
  gen_ai_compute_task: {
    command: "string",
    compute: { gpu_node_pool_id: "string", gpu_type: "string", num_gpus: "int32" },
    dl_runtime_image: "string",
    mlflow_experiment_name: "string",
    source: "GIT|WORKSPACE",
    training_script_path: "string",
    yaml_parameters: "string",
    yaml_parameters_file_path: "string",
  },
  health: HEALTH,
  job_cluster_key: "string",
  libraries: [
    {
      cran: { package: "string", repo: "string" },
      egg: "string",
      jar: "string",
      maven: { coordinates: "string", exclusions: "strings", repo: "string" },
      pypi: { package: "string", repo: "string" },
      requirements: "string",
      whl: "string",
    },
  ],
  max_retries: "int32",
  min_retry_interval_millis: "int32",
  new_cluster: CLUSTER,
  notebook_task: { base_parameters: "map", notebook_path: "string", source: "GIT|WORKSPACE", warehouse_id: "string" },
  notification_settings: {
    alert_on_last_attempt: "boolean",
    no_alert_for_canceled_runs: "boolean",
    no_alert_for_skipped_runs: "boolean",
  },
  pipeline_task: {
    full_refresh: "boolean",
    full_refresh_selection: "strings",
    parameters: "map",
    pipeline_id: "string",
    refresh_flow_selection: "strings",
    refresh_selection: "strings",
    reset_checkpoint_selection: "strings",
  },
  power_bi_task: {
    connection_resource_name: "string",
    power_bi_model: {
      authentication_method: "OAUTH|PAT",
      model_name: "string",
      overwrite_existing: "boolean",
      storage_mode: "DIRECT_QUERY|DUAL|IMPORT",
      workspace_name: "string",
    },
    refresh_after_update: "boolean",
    tables: [{ catalog: "string", name: "string", schema: "string", storage_mode: "DIRECT_QUERY|DUAL|IMPORT" }],
    warehouse_id: "string",
  },
  python_operator_task: { main: "string", parameters: [{ name: "string", value: "string" }] },
  python_wheel_task: { entry_point: "string", named_parameters: "map", package_name: "string", parameters: "strings" },
  retry_on_timeout: "boolean",
  run_if: "ALL_DONE|ALL_FAILED|ALL_SUCCESS|AT_LEAST_ONE_FAILED|AT_LEAST_ONE_SUCCESS|NONE_FAILED",
  run_job_task: {
    dbt_commands: "strings",
    jar_params: "strings",
    job_id: "int64",
    job_parameters: "map",
    notebook_params: "map",
    pipeline_params: {
      full_refresh: "boolean",
      full_refresh_selection: "strings",
      refresh_flow_selection: "strings",
      refresh_selection: "strings",
      reset_checkpoint_selection: "strings",
    },
    python_named_params: "map",
    python_params: "strings",
    spark_submit_params: "strings",
    sql_params: "map",
  },
  spark_jar_task: { jar_uri: "string", main_class_name: "string", parameters: "strings", run_as_repl: "boolean" },
  spark_python_task: { parameters: "strings", python_file: "string", source: "GIT|WORKSPACE" },
  spark_submit_task: { parameters: "strings" },
  sql_task: {
    alert: {
      alert_id: "string",
      pause_subscriptions: "boolean",
      subscriptions: [{ destination_id: "string", user_name: "string" }],
    },
    dashboard: {
      custom_subject: "string",
      dashboard_id: "string",
      pause_subscriptions: "boolean",
      subscriptions: [{ destination_id: "string", user_name: "string" }],
    },
    file: { path: "string", source: "GIT|WORKSPACE" },
    parameters: "map",
    query: { query_id: "string" },
    warehouse_id: "string",
  },
  task_key: "string",
  timeout_seconds: "int32",
  webhook_notifications: WEBHOOK,
};

const TASK: Fields = { ...PLAIN_TASK, for_each_task: { concurrency: "int32", inputs: "string", task: PLAIN_TASK } };

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
    sql_condition: {
      sql_query_id: "string",
      trigger_mode: "QUERY_RETURNS_ROWS|RESULT_VALUE_CHANGES",
      warehouse_id: "string",
    },
    timezone_id: "string",
  },
  tags: "map",
  timeout_seconds: "int32",
  trigger: {
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
    sql_condition: {
      sql_query_id: "string",
      trigger_mode: "QUERY_RETURNS_ROWS|RESULT_VALUE_CHANGES",
      warehouse_id: "string",
    },
    table_update: {
      condition: "ALL_UPDATED|ANY_UPDATED",
      min_time_between_triggers_seconds: "int32",
      table_names: "strings",
      wait_after_last_change_seconds: "int32",
    },
  },
  triggers: [
    {
      continuous: { task_retry_mode: "NEVER|ON_FAILURE" },
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
      schedule: { quartz_cron_expression: "string", timezone_id: "string" },
      sql_condition: {
        sql_query_id: "string",
        trigger_mode: "QUERY_RETURNS_ROWS|RESULT_VALUE_CHANGES",
        warehouse_id: "string",
      },
      table_update: {
        condition: "ALL_UPDATED|ANY_UPDATED",
        min_time_between_triggers_seconds: "int32",
        table_names: "strings",
        wait_after_last_change_seconds: "int32",
      },
    },
  ],
  usage_policy_id: "string",
  webhook_notifications: WEBHOOK,
  tasks: [TASK],
};
