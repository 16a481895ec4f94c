/** YAML files of lakeflow_jobs_meta → rows of a control table of v0.2: all files or nothing. */
import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { Problem } from "../../../model/problem.ts";
import { formatWireJson } from "../../../util/int64-json.ts";
import type { Json, JsonObject } from "../../../util/json.ts";
import { jsonOf, memberText, type PlacedMap } from "../../../util/placed-yaml.ts";
import type { JobSourceContext } from "../../job-source.ts";
import { problemAt } from "../problems.ts";
import type { YamlSourceConfig } from "../yaml/config.ts";
import { type MetadataEntry, metadataEntries } from "../yaml/map.ts";
import { parseYamlFiles } from "../yaml/read.ts";
import type { ControlRow } from "./statements.ts";

/** Rows of all files, or what is wrong with them. */
export interface LoadedFiles {
  files: string[];
  rows: ControlRow[];
  resources: string[];
  problems: Problem[];
}

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

const PATTERN = "**/*.{yml,yaml}";

/** A source of the files of these paths: files, folders or patterns. */
export async function metadataSource(dir: string, paths: readonly string[]): Promise<YamlSourceConfig> {
  const patterns = paths.map(async (path) => {
    try {
      const full = isAbsolute(path) ? path : join(dir, path);
      return (await stat(full)).isDirectory() ? `${path.replace(/\/+$/, "")}/${PATTERN}` : path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return path;
      throw error;
    }
  });
  return { kind: "yaml", path: await Promise.all(patterns), profile: "lakeflow-meta" };
}

/**
 * Rows of all files of a source. References `${var.…}` stay in them as they are written. Where `problems` holds an error,
 * nothing of it is to be loaded.
 */
export async function rowsOfFiles(
  source: YamlSourceConfig,
  context: JobSourceContext,
  controlTable: string,
): Promise<LoadedFiles> {
  const problems: Problem[] = [];
  const parsed = await parseYamlFiles(source, context, problems);
  const { variables } = context;
  const entries = metadataEntries(parsed, { variables, controlTable }, problems);
  const rows = entries.flatMap((entry) => rowsOf(entry, problems));
  const resources = [...new Set(entries.map(({ resource }) => resource))];
  return { files: parsed.map(({ file }) => file), rows, resources, problems };
}
