/** What a task runs, by its `*_task` key. Pure. */
import type { TaskWork } from "../model/run.ts";
import { isObject, type JsonObject } from "../util/json.ts";

/** The field that names the work, for the task types that have one name (Jobs API 2.2 reference). */
const NAME_FIELDS: Readonly<Record<string, string>> = {
  notebook_task: "notebook_path",
  run_job_task: "job_id",
  pipeline_task: "pipeline_id",
  spark_python_task: "python_file",
  python_wheel_task: "entry_point",
  spark_jar_task: "main_class_name",
  clean_rooms_notebook_task: "notebook_name",
};

const PARAMETER_FIELDS = ["base_parameters", "named_parameters", "job_parameters"] as const;

/** What a task runs; of a for-each task what each iteration runs. Undefined where no `*_task` key is there. */
export function taskWorkOf(task: JsonObject): TaskWork | undefined {
  const key = Object.keys(task).find((name) => name.endsWith("_task") && isObject(task[name]));
  if (key === undefined) return undefined;
  const part = task[key] as JsonObject;
  const inner = key === "for_each_task" && isObject(part.task) ? taskWorkOf(part.task) : undefined;
  if (inner !== undefined) return inner;
  const name = part[NAME_FIELDS[key] ?? ""];
  const parameters: Record<string, string> = {};
  for (const field of PARAMETER_FIELDS) {
    const given = part[field];
    if (!isObject(given)) continue;
    for (const [name, value] of Object.entries(given)) if (typeof value === "string") parameters[name] = value;
  }
  return {
    kind: key,
    name: typeof name === "string" || typeof name === "number" || typeof name === "bigint" ? `${name}` : undefined,
    parameters,
  };
}
