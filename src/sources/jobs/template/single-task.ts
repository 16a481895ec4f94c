/** Jobs of the Jobs API 2.0 (one task, its settings at the top) as the 2.2 API has them. Pure. */
import { memberText, type Placed, type PlacedMap, type PlacedMember, placedAt } from "../../../util/placed-yaml.ts";

/** What belongs to the task (Databricks docs, "Update from Jobs API 2.0 to 2.1"). Time limit, schedule and notifications stay with the job. */
const TASK_FIELDS = [
  "new_cluster",
  "existing_cluster_id",
  "libraries",
  "notebook_task",
  "spark_jar_task",
  "spark_python_task",
  "spark_submit_task",
  "pipeline_task",
  "python_wheel_task",
  "dbt_task",
  "sql_task",
  "max_retries",
  "min_retry_interval_millis",
  "retry_on_timeout",
];

/** A task key made of a name: letters, digits and `_`. */
function taskKeyOf(name: string | undefined): string {
  const key = (name ?? "")
    .replace(/[^A-Za-z0-9_-]+/g, "_")
    .replace(/_{2,}/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 100);
  return key === "" ? "main" : key;
}

/** The job with its one task under `tasks`; as it is where it has `tasks`, or nothing that belongs to a task. */
export function liftSingleTask(job: PlacedMap): PlacedMap {
  if (job.members.has("tasks")) return job;
  const own = TASK_FIELDS.filter((field) => job.members.has(field));
  if (own.length === 0) return job;
  const key: PlacedMember = {
    value: placedAt(taskKeyOf(memberText(job, "name")), job),
    source: job.source,
    offset: job.offset,
  };
  const task = new Map<string, PlacedMember>([["task_key", key]]);
  const rest = new Map<string, PlacedMember>();
  for (const [field, member] of job.members) (own.includes(field) ? task : rest).set(field, member);
  const spot = { source: job.source, offset: job.offset };
  const tasks: Placed = { kind: "list", items: [{ kind: "map", members: task, ...spot }], ...spot };
  rest.set("tasks", { value: tasks, ...spot });
  return { ...job, members: rest };
}
