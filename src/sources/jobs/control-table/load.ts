/** Jobs of metadata files of lakeflow_jobs_meta → rows of a control table of v0.2. Pure. */
import type { Problem } from "../../../model/problem.ts";
import { formatWireJson } from "../../../util/int64-json.ts";
import type { Json, JsonObject } from "../../../util/json.ts";
import { jsonOf, memberText, type PlacedMap } from "../../../util/placed-yaml.ts";
import type { MetadataEntry } from "../lakeflow-job.ts";
import { problemAt } from "../problems.ts";
import type { ControlRow } from "./statements.ts";

/** Members of a task that have a column of their own. */
const COLUMNS = ["task_key", "task_type", "depends_on", "disabled"];

function rowOf(task: PlacedMap, job: { resource: string; name: string; config: string }): ControlRow {
  const config: JsonObject = {};
  for (const [key, member] of task.members) if (!COLUMNS.includes(key)) config[key] = jsonOf(member.value);
  const long = Object.keys(config).find((key) => key.endsWith("_task"));
  const dependsOn = task.members.get("depends_on");
  const list: Json = dependsOn ? jsonOf(dependsOn.value) : [];
  return {
    resource_id: job.resource,
    job_name: job.name,
    task_key: memberText(task, "task_key") ?? "",
    depends_on: formatWireJson(list ?? []),
    task_type: memberText(task, "task_type") ?? long?.slice(0, -"_task".length) ?? "",
    job_config: job.config,
    task_config: formatWireJson(config),
    disabled: memberText(task, "disabled") === "true",
  };
}

function rowsOf(entry: MetadataEntry, problems: Problem[]): ControlRow[] {
  const { resource, node, key } = entry;
  if (node.kind !== "map") return [];
  const name = entry.name ?? memberText(node, "name") ?? resource;
  const config: JsonObject = {};
  for (const [field, member] of node.members) {
    if (field !== "tasks" && field !== "name") config[field] = jsonOf(member.value);
  }
  const tasks = node.members.get("tasks")?.value;
  const job = { resource, name, config: formatWireJson(config) };
  const maps = tasks?.kind === "list" ? tasks.items.filter((task) => task.kind === "map") : [];
  const rows = maps.map((task) => rowOf(task, job));
  const seen = new Set<string>();
  maps.forEach((task, index) => {
    const taskKey = rows[index]?.task_key ?? "";
    if (taskKey !== "" && !seen.has(taskKey)) seen.add(taskKey);
    else {
      const spot = task.members.get("task_key") ?? task;
      const message = taskKey === "" ? "a task needs a task_key" : `task '${taskKey}' of ${resource} is given twice`;
      problems.push(problemAt(spot, `jobs.${resource}.tasks[${index}]`, { code: "duplicate_key", message, resource }));
    }
  });
  if (rows.length === 0) {
    const message = `job '${name}' has no tasks`;
    problems.push(problemAt(key, `jobs.${resource}.tasks`, { code: "missing_field", message, resource }));
  }
  return rows;
}

/** Rows of all jobs, with what is wrong in them: where that is an error, nothing of it is to be loaded. */
export function rowsOfEntries(entries: readonly MetadataEntry[]): { rows: ControlRow[]; problems: Problem[] } {
  const problems: Problem[] = [];
  return { rows: entries.flatMap((entry) => rowsOf(entry, problems)), problems };
}
