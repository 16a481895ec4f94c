/** The limits of job settings: sizes, counts and forms, as the Jobs API reference states them. */
import { invalid, malformed } from "../api-error.ts";
import { isObject, type Json, type JsonObject, objectsIn } from "../json.ts";
import { GIT_PROVIDERS } from "./defaults.ts";
import { tasksOf } from "./walk.ts";

const TASK_KEY = /^[A-Za-z0-9_-]{1,100}$/;
const EVENTS = [
  "on_start",
  "on_success",
  "on_failure",
  "on_duration_warning_threshold_exceeded",
  "on_streaming_backlog_exceeded",
];

/** Which tags a cloud takes: job tags become tags of the clusters. */
const TAGS = {
  // Azure resource tags: names of 512, values of 256 characters.
  azure: { key: /^[^<>%&\\?/]{1,512}$/u, value: /^.{0,256}$/su },
  // EC2 tags: letters, digits, spaces and + - = . _ : / @
  aws: { key: /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,127}$/u, value: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,255}$/u },
  // Labels of Google Cloud: lower case, digits, - and _.
  gcp: { key: /^\p{Ll}[\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u, value: /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u },
};

/** @throws ApiError 400 naming the first limit that the settings break */
export function checkLimits(settings: JsonObject, cloud: "azure" | "aws" | "gcp"): void {
  checkTexts(settings);
  checkTags(settings.tags, cloud);
  checkNumber(settings.max_concurrent_runs, 0, 1000, "max_concurrent_runs");
  checkNumber(settings.timeout_seconds, 0, 2 ** 31 - 1, "timeout_seconds");
  checkWebhooks(settings, "webhook_notifications");
  checkTasks(settings);
  checkUnique(settings.job_clusters, "job_cluster_key", "job_clusters");
  checkUnique(settings.environments, "environment_key", "environments");
  checkUnique(settings.parameters, "name", "parameters");
  checkTriggers(settings);
  checkGit(settings.git_source);
  if (isObject(settings.queue) && typeof settings.queue.enabled !== "boolean") {
    throw invalid("queue.enabled is required.");
  }
}

/** @throws ApiError 400 when the parameters of a run are longer than 10,000 bytes as JSON */
export function checkRunParameters(parameters: Json | undefined, name: string): void {
  if (parameters !== undefined && Buffer.byteLength(JSON.stringify(parameters)) > 10_000) {
    throw invalid(`The JSON representation of ${name} cannot exceed 10,000 bytes.`);
  }
}

function checkTexts(settings: JsonObject): void {
  const { name, description } = settings;
  if (name !== undefined && typeof name !== "string") throw malformed("Expected a string for field 'name'.");
  if (typeof name === "string" && Buffer.byteLength(name) > 4096) {
    throw invalid("The name of the job must not exceed 4096 bytes in UTF-8 encoding.");
  }
  if (typeof description === "string" && [...description].length > 27_700) {
    throw invalid("The description of the job must not exceed 27700 characters.");
  }
}

function checkTags(tags: Json | undefined, cloud: keyof typeof TAGS): void {
  if (!isObject(tags)) return;
  const entries = Object.entries(tags);
  if (entries.length > 25) throw invalid("A maximum of 25 tags can be added to the job.");
  for (const [key, value] of entries) {
    if (typeof value !== "string") throw malformed(`Expected a string for field 'tags.${key}'.`);
    if (!TAGS[cloud].key.test(key)) throw invalid(`Tag key '${key}' is not allowed.`);
    if (!TAGS[cloud].value.test(value)) throw invalid(`Value '${value}' of tag '${key}' is not allowed.`);
  }
}

function checkTasks(settings: JsonObject): void {
  const tasks = objectsIn(settings.tasks);
  if (tasks.length > 1000) throw invalid(`A job can have at most 1000 tasks, ${tasks.length} were given.`);
  for (const task of tasksOf(settings)) {
    const key = task.task_key;
    // A job of one task may do without a key, and so may the task inside a for-each.
    if (key === undefined && (tasks.length === 1 || !tasks.includes(task))) continue;
    if (typeof key !== "string" || !TASK_KEY.test(key)) {
      throw invalid(
        `The provided task key (${key}) is invalid. A task key must consist of alphanumeric characters, - or _ and have 1 to 100 of them.`,
      );
    }
    checkNumber(task.max_retries, -1, 2 ** 31 - 1, `tasks.${key}.max_retries`);
    checkWebhooks(task, `tasks.${key}.webhook_notifications`);
    const dbt = isObject(task.dbt_task) ? task.dbt_task.commands : undefined;
    if (Array.isArray(dbt) && dbt.length > 10) throw invalid(`Task ${key} has more than 10 dbt commands.`);
  }
  checkUnique(settings.tasks, "task_key", "tasks");
}

function checkUnique(list: Json | undefined, key: string, name: string): void {
  const seen = new Set<Json>();
  for (const item of objectsIn(list)) {
    const value = item[key];
    if (value === undefined) continue;
    if (seen.has(value)) throw invalid(`Duplicate ${key} '${value}' in ${name}.`);
    seen.add(value);
  }
}

function checkWebhooks(owner: JsonObject, name: string): void {
  if (!isObject(owner.webhook_notifications)) return;
  for (const event of EVENTS) {
    const list = owner.webhook_notifications[event];
    if (Array.isArray(list) && list.length > 3) throw invalid(`${name}.${event} can have at most 3 destinations.`);
  }
}

function checkTriggers(settings: JsonObject): void {
  if (settings.schedule !== undefined && settings.continuous !== undefined) {
    throw invalid("Only one of schedule and continuous can be set.");
  }
  if (settings.triggers !== undefined && (settings.schedule ?? settings.trigger ?? settings.continuous) !== undefined) {
    throw invalid("triggers cannot be combined with schedule, trigger or continuous.");
  }
  const trigger = settings.trigger;
  if (!isObject(trigger)) return;
  for (const kind of ["file_arrival", "table_update", "model"]) {
    const of = trigger[kind];
    if (!isObject(of)) continue;
    for (const field of ["min_time_between_triggers_seconds", "wait_after_last_change_seconds"]) {
      const value = of[field];
      if (typeof value === "number" && value !== 0 && value < 60) {
        throw invalid(`trigger.${kind}.${field} must be at least 60 seconds.`);
      }
    }
  }
}

function checkGit(git: Json | undefined): void {
  if (!isObject(git)) return;
  const provider = String(git.git_provider ?? "").toLowerCase();
  const names = GIT_PROVIDERS.map((name) => name.toLowerCase());
  if (!names.includes(provider)) throw invalid(`git_source.git_provider must be one of: ${names.join(",")}`);
}

function checkNumber(value: Json | undefined, from: number, to: number, name: string): void {
  if (typeof value === "number" && (value < from || value > to || !Number.isInteger(value))) {
    throw invalid(`${name} must be an integer between ${from} and ${to}.`);
  }
}
