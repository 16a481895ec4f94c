/** Turns the settings a client sent into those the service keeps and returns. */
import { isObject, type Json, type JsonObject, objectsIn } from "../json.ts";
import {
  CLOUD_ATTRIBUTES,
  CLUSTER_ROWS,
  type DefaultContext,
  fill,
  GIT_PROVIDERS,
  JOB_ROWS,
  MAP_FIELDS,
  TASK_ROWS,
} from "./defaults.ts";
import { clustersOf, tasksOf } from "./walk.ts";

/**
 * Normalises settings in place and returns them: drops empty maps and lists, fills in defaults, sorts what has no order of its own.
 * @param creator written to `run_as` when the workspace returns it always; undefined = leave it
 * @param previous the settings before a reset: a reset without `run_as` keeps the old one
 */
export function normalise(
  settings: JsonObject,
  cloud: DefaultContext["cloud"],
  creator?: JsonObject,
  previous?: JsonObject,
): JsonObject {
  settings.access_control_list = undefined;
  dropEmpty(settings);
  for (const cluster of clustersOf(settings)) {
    cluster.apply_policy_default_values = undefined;
    if (cluster.cluster_name === "") cluster.cluster_name = undefined;
  }
  const context = { cloud, settings };
  settings.format = "MULTI_TASK";
  fill(settings, JOB_ROWS, context);
  for (const task of tasksOf(settings)) {
    fill(task, TASK_ROWS, context);
    sortByText(task.depends_on, (item) => `${item.task_key}\u0000${item.outcome ?? ""}`);
    sortWebhooks(task);
  }
  sortWebhooks(settings);
  const attributes = CLOUD_ATTRIBUTES[cloud];
  for (const cluster of clustersOf(settings)) {
    fill(cluster, CLUSTER_ROWS, context);
    const own = cluster[attributes.field];
    cluster[attributes.field] = { ...attributes.value, ...(isObject(own) ? own : {}) };
  }
  if (isObject(settings.git_source)) {
    const provider = String(settings.git_source.git_provider ?? "").toLowerCase();
    const spelled = GIT_PROVIDERS.find((name) => name.toLowerCase() === provider);
    if (spelled !== undefined) settings.git_source.git_provider = spelled;
  }
  const runAs = settings.run_as ?? previous?.run_as ?? creator;
  if (runAs !== undefined) settings.run_as = runAs;
  return settings;
}

function sortWebhooks(owner: JsonObject): void {
  if (!isObject(owner.webhook_notifications)) return;
  for (const list of Object.values(owner.webhook_notifications)) sortByText(list, (item) => String(item.id));
}

function sortByText(list: Json | undefined, key: (item: JsonObject) => string): void {
  if (!Array.isArray(list) || objectsIn(list).length !== list.length) return;
  (list as JsonObject[]).sort((left, right) => (key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0));
}

/** Removes empty lists and empty maps, nulls, and members that are undefined. */
function dropEmpty(owner: JsonObject): void {
  for (const [key, value] of Object.entries(owner)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isObject(item)) dropEmpty(item);
      if (value.length === 0) delete owner[key];
    } else if (isObject(value)) {
      dropEmpty(value);
      if (MAP_FIELDS.has(key) && Object.keys(value).length === 0) delete owner[key];
    } else if (value === undefined || value === null) delete owner[key];
  }
}
