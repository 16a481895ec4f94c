/** Jobs: declared by us, and found in a workspace. */
import type { Json, JsonObject } from "../util/json.ts";
import type { Place } from "./problem.ts";

/**
 * Settings of a job as the Jobs API 2.2 has them (`jobs/create` body, `settings` of `jobs/get`).
 * Only what headgate looks at is named; every other field is kept as it is.
 */
export interface JobSettings extends JsonObject {
  name?: string;
  tags?: { [key: string]: string };
  tasks?: TaskSettings[];
  schedule?: {
    quartz_cron_expression?: string;
    timezone_id?: string;
    pause_status?: string;
    [key: string]: Json | undefined;
  };
  trigger?: JsonObject;
  continuous?: JsonObject;
}

/** One task of {@link JobSettings}. */
export interface TaskSettings extends JsonObject {
  task_key?: string;
  depends_on?: { task_key?: string; outcome?: string; [key: string]: Json | undefined }[];
}

/** A job as declared: what should be true. */
export interface DeclaredJob {
  /** Resource id: key in the declaration, unique in the project. */
  resource: string;
  /**
   * Settings with variables already filled in. Left as written: references to other jobs
   * (`${resources.jobs.KEY.id}`) and to secrets (`${env:…}`, `${file:…}`), which are resolved only when sent.
   */
  settings: JobSettings;
  /** Where the job begins. */
  place: Place;
  /** Place of a path in the settings (`tasks[0].max_retries`), the nearest known parent's otherwise. */
  placeOf(path: string): Place;
  /** Name of the source it came from. */
  source: string;
  /** Former resource ids (`moved:`): the job keeps its id. */
  previous: string[];
  /** Its name has a prefix of the declaration's own (a bundle's `presets.name_prefix`): a development target adds none. */
  prefixed?: true | undefined;
  /** Permissions wanted (`access_control_list` / bundle `permissions`), or undefined when not declared. */
  permissions?: JsonObject[] | undefined;
  /** Saved SQL queries that its tasks run; `${resources.queries.KEY.id}` in the settings stands for the id of one. */
  queries?: DeclaredQuery[] | undefined;
  /** A job of another tool that becomes this one, where neither state nor marker knows any: by its id, or by name and maker. */
  takeOver?: { by: "id"; jobId: string } | { by: "name" } | undefined;
  /**
   * Set where the declaration leaves it to the workspace whether the job is paused: `made` is the pause status it is made
   * with (default: the service's); `once`: it is started when it is made, if nothing else would start it.
   */
  start?: { made: "PAUSED" | "UNPAUSED" | undefined; once: boolean } | undefined;
  /** `lifecycle.prevent_destroy`: never delete, also not after the declaration is gone. */
  protect: boolean;
}

/** A SQL text of a declared job that the workspace keeps as a saved query. */
export interface DeclaredQuery {
  /** Key of the task that runs it, unique in the job. */
  key: string;
  /** Its name in the workspace. */
  name: string;
  /** References to secrets are left as written, like in the settings. */
  text: string;
  warehouse: string;
  /** Defaults of its parameters. */
  parameters: Record<string, string>;
  /** Folder in the workspace; the maker's home where it is undefined. */
  folder: string | undefined;
  place: Place;
}

/** A job as found in the workspace. */
export interface RemoteJob {
  /** Decimal text: ids exceed 2^53. */
  jobId: string;
  creator: string | undefined;
  /** UTC text, or undefined where the service does not say. */
  createdAt: string | undefined;
  runAs: string | undefined;
  settings: JobSettings;
}

/** Tasks of a job as nodes of its graph. */
export interface TaskNode {
  key: string;
  /** `notebook`, `sql`, `for_each`, …: the `*_task` key without its ending, or `unknown`. */
  type: string;
  dependsOn: string[];
}

/** Type of a task: its `*_task` key without `_task`. */
export function taskType(task: TaskSettings): string {
  for (const key of Object.keys(task)) if (key.endsWith("_task")) return key.slice(0, -"_task".length);
  return "unknown";
}

/** The graph of a job's tasks, in declared order; what a task depends on is sorted, since its order says nothing. */
export function taskGraph(settings: JobSettings): TaskNode[] {
  return (settings.tasks ?? []).map((task) => ({
    key: task.task_key ?? "",
    type: taskType(task),
    dependsOn: (task.depends_on ?? []).flatMap((dependency) => dependency.task_key ?? []).sort(),
  }));
}
