/** Fields of a task, and of what jobs and tasks share. Source: Databricks Jobs API 2.2 reference (`Task`). */
import {
  type FieldShape,
  flag,
  int,
  list,
  listBy,
  long,
  type ObjectShape,
  object,
  oneOf,
  setOf,
  text,
  textMap,
} from "./field-shape.ts";
import { CLUSTER } from "./job-fields-cluster.ts";

const EVENTS = [
  "on_duration_warning_threshold_exceeded",
  "on_failure",
  "on_start",
  "on_streaming_backlog_exceeded",
  "on_success",
] as const;

const forEachEvent = (shape: FieldShape) => Object.fromEntries(EVENTS.map((event) => [event, shape]));

/** Mail addresses by event, of a job or a task. */
export const EMAIL = object(
  { ...forEachEvent(setOf(text(), "mail addresses")), no_alert_for_skipped_runs: flag("deprecated here") },
  { name: "EmailNotifications" },
);

/** Notification destinations by event, of a job or a task. */
export const WEBHOOK = object(forEachEvent(listBy("id", object({ id: text("id of a notification destination") }))), {
  name: "WebhookNotifications",
});

/** Health rules of a job or a task. */
export const HEALTH = object(
  {
    rules: list(
      object(
        {
          metric: oneOf(
            "RUN_DURATION_SECONDS",
            "STREAMING_BACKLOG_BYTES",
            "STREAMING_BACKLOG_FILES",
            "STREAMING_BACKLOG_RECORDS",
            "STREAMING_BACKLOG_SECONDS",
          ),
          op: oneOf("GREATER_THAN"),
          value: long(),
        },
        { required: ["metric", "op", "value"] },
      ),
    ),
  },
  { name: "Health" },
);

export const SQL_CONDITION = object({
  sql_query_id: text(),
  trigger_mode: oneOf("QUERY_RETURNS_ROWS", "RESULT_VALUE_CHANGES"),
  warehouse_id: text(),
});

const SOURCE = oneOf("GIT", "WORKSPACE");
const subscribers = list(object({ destination_id: text(), user_name: text() }));
const storageMode = oneOf("DIRECT_QUERY", "DUAL", "IMPORT");
const argv = list(text(), "command-line arguments, in order");

const PIPELINE_PARAMS: Record<string, FieldShape> = {
  full_refresh: flag(),
  full_refresh_selection: list(),
  refresh_flow_selection: list(),
  refresh_selection: list(),
  reset_checkpoint_selection: list(),
};

const pythonPackage = object({ package: text(), repo: text() });

const LIBRARY = object(
  {
    cran: pythonPackage,
    egg: text("deprecated"),
    jar: text(),
    maven: object({ coordinates: text(), exclusions: list(), repo: text() }),
    pypi: pythonPackage,
    requirements: text("path of a requirements.txt"),
    whl: text(),
  },
  { name: "Library" },
);

/** The kinds of task: exactly one of them is in a task. */
export const TASK_KINDS: Record<string, ObjectShape> = {
  ai_runtime_task: object({
    code_source_path: text(),
    deployments: list(
      object({
        command_path: text(),
        compute: object({
          accelerator_count: int(),
          accelerator_type: oneOf("GPU_1xA10", "GPU_1xH100", "GPU_8xH100"),
        }),
        name: text(),
      }),
    ),
    docker_image_url: text(),
    experiment: text(),
    mlflow_artifact_location: text(),
    mlflow_experiment_directory: text(),
    mlflow_run: text(),
  }),
  alert_task: object({ alert_id: text(), subscribers, warehouse_id: text(), workspace_path: text() }),
  clean_rooms_notebook_task: object(
    { clean_room_name: text(), etag: text(), notebook_base_parameters: textMap(), notebook_name: text() },
    { required: ["clean_room_name", "notebook_name"] },
  ),
  condition_task: object(
    {
      left: text(),
      op: oneOf("EQUAL_TO", "GREATER_THAN", "GREATER_THAN_OR_EQUAL", "LESS_THAN", "LESS_THAN_OR_EQUAL", "NOT_EQUAL"),
      right: text(),
    },
    { required: ["left", "op", "right"] },
  ),
  dashboard_task: object({
    dashboard_id: text(),
    filters: textMap(),
    subscription: object({ custom_subject: text(), paused: flag(), subscribers }),
    warehouse_id: text(),
  }),
  dbt_cloud_task: object({ connection_resource_name: text(), dbt_cloud_job_id: long() }),
  dbt_platform_task: object({ connection_resource_name: text(), dbt_platform_job_id: text() }),
  dbt_task: object(
    {
      catalog: text(),
      commands: list(text(), "dbt commands, in order"),
      profiles_directory: text(),
      project_directory: text(),
      schema: text(),
      source: SOURCE,
      warehouse_id: text(),
    },
    { required: ["commands"] },
  ),
  gen_ai_compute_task: object({
    command: text(),
    compute: object({ gpu_node_pool_id: text(), gpu_type: text(), num_gpus: int() }),
    dl_runtime_image: text(),
    mlflow_experiment_name: text(),
    source: SOURCE,
    training_script_path: text(),
    yaml_parameters: text(),
    yaml_parameters_file_path: text(),
  }),
  notebook_task: object(
    { base_parameters: textMap(), notebook_path: text(), source: SOURCE, warehouse_id: text() },
    { required: ["notebook_path"] },
  ),
  pipeline_task: object(
    { ...PIPELINE_PARAMS, parameters: textMap(), pipeline_id: text() },
    { required: ["pipeline_id"] },
  ),
  power_bi_task: object({
    connection_resource_name: text(),
    power_bi_model: object({
      authentication_method: oneOf("OAUTH", "PAT"),
      model_name: text(),
      overwrite_existing: flag(),
      storage_mode: storageMode,
      workspace_name: text(),
    }),
    refresh_after_update: flag(),
    tables: list(object({ catalog: text(), name: text(), schema: text(), storage_mode: storageMode })),
    warehouse_id: text(),
  }),
  python_operator_task: object({ main: text(), parameters: list(object({ name: text(), value: text() })) }),
  python_wheel_task: object(
    { entry_point: text(), named_parameters: textMap(), package_name: text(), parameters: argv },
    { required: ["entry_point", "package_name"] },
  ),
  run_job_task: object(
    {
      dbt_commands: list(),
      jar_params: list(),
      job_id: long("id of the job to run, or a reference to a declared job"),
      job_parameters: textMap(),
      notebook_params: textMap(),
      pipeline_params: object(PIPELINE_PARAMS),
      python_named_params: textMap(),
      python_params: list(),
      spark_submit_params: list(),
      sql_params: textMap(),
    },
    { required: ["job_id"] },
  ),
  spark_jar_task: object({
    jar_uri: text("deprecated"),
    main_class_name: text(),
    parameters: argv,
    run_as_repl: flag(),
  }),
  spark_python_task: object({ parameters: argv, python_file: text(), source: SOURCE }, { required: ["python_file"] }),
  spark_submit_task: object({ parameters: argv }),
  sql_task: object(
    {
      alert: object({ alert_id: text(), pause_subscriptions: flag(), subscriptions: subscribers }),
      dashboard: object({
        custom_subject: text(),
        dashboard_id: text(),
        pause_subscriptions: flag(),
        subscriptions: subscribers,
      }),
      file: object({ path: text(), source: SOURCE }),
      parameters: textMap(),
      query: object({ query_id: text() }),
      warehouse_id: text(),
    },
    { required: ["warehouse_id"] },
  ),
};

/** Everything of a task but the for-each, which holds a task itself. */
const TASK_FIELDS: Record<string, FieldShape> = {
  ...TASK_KINDS,
  compute: object({ hardware_accelerator: oneOf("GPU_1xA10", "GPU_8xH100") }),
  depends_on: listBy("task_key", object({ outcome: text("true or false, after a condition task"), task_key: text() })),
  description: text(),
  disable_auto_optimization: flag(),
  disabled: flag(),
  email_notifications: EMAIL,
  environment_key: text("one of the job's environments"),
  existing_cluster_id: text(),
  health: HEALTH,
  job_cluster_key: text("one of the job's job clusters"),
  libraries: setOf(LIBRARY),
  max_retries: int("-1 retries for ever"),
  min_retry_interval_millis: int("milliseconds"),
  new_cluster: CLUSTER,
  notification_settings: object({
    alert_on_last_attempt: flag(),
    no_alert_for_canceled_runs: flag(),
    no_alert_for_skipped_runs: flag(),
  }),
  retry_on_timeout: flag(),
  run_if: oneOf("ALL_DONE", "ALL_FAILED", "ALL_SUCCESS", "AT_LEAST_ONE_FAILED", "AT_LEAST_ONE_SUCCESS", "NONE_FAILED"),
  task_key: text("unique in the job; letters, digits, - and _"),
  timeout_seconds: int("0 is no limit"),
  webhook_notifications: WEBHOOK,
};

/** The API's types allow a for-each here too; the service refuses it, and so does the check. */
const NESTED = object({ concurrency: int(), inputs: text(), task: object({}) });

const INNER_TASK = object({ ...TASK_FIELDS, for_each_task: NESTED }, { name: "InnerTask", required: ["task_key"] });

TASK_KINDS.for_each_task = object(
  {
    concurrency: int(),
    inputs: text("a JSON list as text, or a reference"),
    task: INNER_TASK,
  },
  { required: ["inputs", "task"] },
);

/** A task of a job. */
export const TASK = object(
  { ...TASK_FIELDS, for_each_task: TASK_KINDS.for_each_task },
  { name: "Task", required: ["task_key"] },
);
