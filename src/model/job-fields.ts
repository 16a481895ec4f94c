/** Every field of a job's settings, with its shape. Source: Databricks Jobs API 2.2 reference (`jobs/create`). */
import {
  type FieldShape,
  flag,
  int,
  list,
  listBy,
  type ObjectShape,
  object,
  oneOf,
  parsePath,
  setOf,
  text,
  textMap,
} from "./field-shape.ts";
import { CLUSTER } from "./job-fields-cluster.ts";
import { EMAIL, HEALTH, SQL_CONDITION, TASK, WEBHOOK } from "./job-fields-task.ts";

export type { FieldShape } from "./field-shape.ts";

const PAUSE = oneOf("PAUSED", "UNPAUSED");
const retryMode = oneOf("NEVER", "ON_FAILURE");

const waits: Record<string, FieldShape> = {
  min_time_between_triggers_seconds: int("at least 60"),
  wait_after_last_change_seconds: int("at least 60"),
};

const tableUpdate = object({ condition: oneOf("ALL_UPDATED", "ANY_UPDATED"), table_names: setOf(), ...waits });

const TRIGGERS: Record<string, FieldShape> = {
  file_arrival: object({ ...waits, url: text("storage location that is watched") }),
  model: object({
    ...waits,
    aliases: setOf(),
    condition: oneOf("MODEL_ALIAS_SET", "MODEL_CREATED", "MODEL_VERSION_READY"),
    securable_name: text(),
  }),
  pause_status: PAUSE,
  periodic: object({ interval: int(), unit: oneOf("DAYS", "HOURS", "MINUTES", "WEEKS") }),
  sql_condition: SQL_CONDITION,
  table_update: tableUpdate,
};

const quartz = {
  quartz_cron_expression: text("Quartz: second minute hour day month weekday [year]"),
  timezone_id: text("Java time zone, for example Europe/London"),
};

/** A job's settings. */
export const JOB: ObjectShape = object(
  {
    budget_policy_id: text(),
    continuous: object({ pause_status: PAUSE, task_retry_mode: retryMode }),
    deployment: object({
      deployment_id: text(),
      kind: oneOf("BUNDLE", "SYSTEM_MANAGED"),
      metadata_file_path: text(),
      version_id: text(),
    }),
    description: text(),
    edit_mode: oneOf("EDITABLE", "UI_LOCKED"),
    email_notifications: EMAIL,
    environments: listBy(
      "environment_key",
      object({
        environment_key: text(),
        spec: object({
          base_environment: text(),
          client: text("deprecated: environment_version"),
          dependencies: list(),
          environment_version: text(),
          java_dependencies: list(),
        }),
      }),
      "serverless environments",
    ),
    format: oneOf("MULTI_TASK", "SINGLE_TASK"),
    git_source: object({
      git_branch: text(),
      git_commit: text(),
      git_provider: {
        ...oneOf(
          "awsCodeCommit",
          "azureDevOpsServices",
          "bitbucketCloud",
          "bitbucketServer",
          "gitHub",
          "gitHubEnterprise",
          "gitLab",
          "gitLabEnterpriseEdition",
        ),
        anyCase: true,
      },
      git_snapshot: object({ used_commit: text("read-only") }),
      git_tag: text(),
      git_url: text(),
      job_source: object({
        dirty_state: oneOf("DISCONNECTED", "NOT_SYNCED"),
        import_from_git_branch: text(),
        job_config_path: text(),
      }),
      sparse_checkout: object({ patterns: list() }),
    }),
    health: HEALTH,
    job_clusters: listBy(
      "job_cluster_key",
      object({ job_cluster_key: text(), new_cluster: CLUSTER, serverless_compute_id: text() }),
      "clusters that tasks of one run share",
    ),
    max_concurrent_runs: int("at most 1,000; 0 skips all new runs"),
    name: text("shown in the workspace; the resource id when absent"),
    notification_settings: object({ no_alert_for_canceled_runs: flag(), no_alert_for_skipped_runs: flag() }),
    parameters: listBy("name", object({ default: text(), name: text() }), "parameters of the job"),
    parent_path: text(),
    performance_target: oneOf("PERFORMANCE_OPTIMIZED", "STANDARD"),
    queue: object({ enabled: flag() }),
    run_as: object({ group_name: text(), service_principal_name: text("application id"), user_name: text() }),
    schedule: object({ ...quartz, pause_status: PAUSE, sql_condition: SQL_CONDITION }),
    tags: textMap("at most 25"),
    tasks: listBy("task_key", TASK),
    timeout_seconds: int("0 is no limit"),
    // `table` is the deprecated spelling of `table_update`; the service still takes it.
    trigger: object({ ...TRIGGERS, table: tableUpdate }),
    triggers: list(
      object({ ...TRIGGERS, continuous: object({ task_retry_mode: retryMode }), schedule: object(quartz) }),
    ),
    usage_policy_id: text(),
    webhook_notifications: WEBHOOK,
  },
  { name: "Job" },
);

const found = new Map<string, FieldShape | undefined>();

/** The shape of a member or element, or undefined where there is none. */
export function childShape(shape: FieldShape | undefined, step: string | number): FieldShape | undefined {
  switch (shape?.kind) {
    case "object":
      return typeof step === "string" && Object.hasOwn(shape.fields, step) ? shape.fields[step] : undefined;
    case "map":
      return shape.values;
    case "list":
      return shape.items;
    default:
      return undefined;
  }
}

/**
 * The shape of a field by its path in the settings: `tasks[*].notebook_task.base_parameters.*`; `[0]`,
 * `[task_key=load]` and concrete map keys are understood too. Undefined for a field the API does not have.
 */
export function fieldAt(path: string): FieldShape | undefined {
  if (found.has(path)) return found.get(path);
  let shape: FieldShape | undefined = JOB;
  for (const step of parsePath(path) ?? []) {
    const isElement = step.kind !== "member";
    if (isElement !== (shape?.kind === "list")) shape = undefined;
    else shape = childShape(shape, step.kind === "member" ? step.name : 0);
    if (!shape) break;
  }
  if (found.size > 20_000) found.clear();
  found.set(path, shape);
  return shape;
}

/** The member by which elements of a list are told apart, or undefined where order or the whole element tells. */
export function listKeyOf(shape: FieldShape | undefined): string | undefined {
  return shape?.kind === "list" && shape.order === "keyed" ? shape.key : undefined;
}

/** Every path of the settings with its shape, `[*]` for elements and `.*` for map values. */
export function* allFields(shape: FieldShape = JOB, path = ""): Generator<{ path: string; shape: FieldShape }> {
  if (path !== "") yield { path, shape };
  if (shape.kind === "list") yield* allFields(shape.items, `${path}[*]`);
  if (shape.kind === "map") yield* allFields(shape.values, `${path}.*`);
  if (shape.kind !== "object") return;
  for (const [name, field] of Object.entries(shape.fields))
    yield* allFields(field, path === "" ? name : `${path}.${name}`);
}
