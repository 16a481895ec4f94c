/**
 * The task types of lakeflow_jobs_meta's short form, and what each becomes in the Jobs API. Pure.
 *
 * Source: lakeflow_jobs_meta v0.1 and v0.2 (task types and their keys); Databricks Jobs API 2.2 reference.
 */
import { formatWireJson } from "../../util/int64-json.ts";
import { jsonOf, memberText, type PlacedMember } from "../../util/placed-yaml.ts";
import { listOf, mapOf, memberAt, valueMember } from "./build-placed.ts";
import type { Fault } from "./problems.ts";

/** A task as its type reads it. */
export interface ShortTask {
  /** The member of the first of these names that is given; it is used up by that. */
  take(...names: string[]): PlacedMember | undefined;
  /** The same, reported where none is given. */
  need(...names: string[]): PlacedMember | undefined;
  /** Where the task's type is written. */
  spot: PlacedMember;
  report(at: PlacedMember, field: string, fault: Fault): void;
  /** The warehouse of the task, else the default; reported where there is none. */
  warehouse(): PlacedMember | undefined;
  /** Keeps a SQL text as a saved query. @returns what stands for its id */
  saveQuery(text: PlacedMember, warehouse: PlacedMember | undefined, parameters: PlacedMember | undefined): string;
  /** The task of a for-each task, expanded. */
  inner(task: PlacedMember): PlacedMember;
}

/** Name and members of the `*_task` object. */
type Built = [string, (readonly [string, PlacedMember | undefined])[]];

/** `{name, default}` rows as a map; a map as it is. */
function asMap(member: PlacedMember | undefined): PlacedMember | undefined {
  if (member?.value.kind !== "list") return member;
  const rows = member.value.items;
  if (!rows.every((row) => memberText(row, "name") !== undefined)) return member;
  const entries = rows.map((row): [string, PlacedMember] => {
    const given = row.kind === "map" ? (row.members.get("default") ?? row.members.get("value")) : undefined;
    return [memberText(row, "name") as string, given ?? valueMember("", row)];
  });
  return memberAt(mapOf(entries, member), member);
}

function texts(task: ShortTask): PlacedMember | undefined {
  return asMap(task.take("parameters", "base_parameters"));
}

function notebook(task: ShortTask): Built {
  return [
    "notebook_task",
    [
      ["notebook_path", task.need("file_path", "notebook_path")],
      ["source", task.take("source", "file_source")],
      ["base_parameters", texts(task)],
      ["warehouse_id", task.take("warehouse_id")],
    ],
  ];
}

function sqlQuery(task: ShortTask): Built {
  const text = task.take("sql_query");
  const id = task.take("query_id");
  const parameters = texts(task);
  const warehouse = task.warehouse();
  if ((text === undefined) === (id === undefined)) {
    const message = text ? "either sql_query or query_id is given, not both" : "sql_query or query_id is missing";
    task.report(text ?? task.spot, text ? "sql_query" : "task_type", { code: "missing_field", message });
    return ["sql_task", []];
  }
  const query = id ?? valueMember(task.saveQuery(text as PlacedMember, warehouse, parameters), text as PlacedMember);
  return [
    "sql_task",
    [
      ["query", memberAt(mapOf([["query_id", query]], query), query)],
      ["parameters", parameters],
      ["warehouse_id", warehouse],
    ],
  ];
}

function sqlFile(task: ShortTask): Built {
  const path = task.need("file_path", "sql_file_path");
  const source = task.take("file_source", "source") ?? valueMember("WORKSPACE", path ?? task.spot);
  const parts: [string, PlacedMember | undefined][] = [
    ["path", path],
    ["source", source],
  ];
  const file = path && memberAt(mapOf(parts, path), path);
  return [
    "sql_task",
    [
      ["file", file],
      ["parameters", texts(task)],
      ["warehouse_id", task.warehouse()],
    ],
  ];
}

function pythonWheel(task: ShortTask): Built {
  const given = task.take("parameters");
  const named = task.take("named_parameters") ?? (given?.value.kind === "map" ? given : undefined);
  return [
    "python_wheel_task",
    [
      ["package_name", task.need("package_name")],
      ["entry_point", task.need("entry_point")],
      ["parameters", given?.value.kind === "map" ? undefined : given],
      ["named_parameters", named],
    ],
  ];
}

function sparkJar(task: ShortTask): Built {
  return [
    "spark_jar_task",
    [
      ["main_class_name", task.need("main_class_name")],
      ["parameters", task.take("parameters")],
      ["jar_uri", task.take("jar_uri")],
      ["run_as_repl", task.take("run_as_repl")],
    ],
  ];
}

function pipeline(task: ShortTask): Built {
  return [
    "pipeline_task",
    [
      ["pipeline_id", task.need("pipeline_id")],
      ["full_refresh", task.take("full_refresh")],
    ],
  ];
}

function dbt(task: ShortTask): Built {
  const given = task.need("commands", "dbt_commands");
  const list = given?.value.kind === "list" ? given.value.items : given ? [given.value] : [];
  for (const command of list) {
    const text = command.kind === "scalar" ? String(command.value ?? "") : "";
    if (/^(dbt|edr)\b/.test(text.trim())) continue;
    const message = `a dbt command starts with dbt or edr, found '${text}'`;
    task.report(memberAt(command, command), "commands", { code: "bad_value", message });
  }
  const warehouse = task.take("warehouse_id");
  const profiles = task.take("profiles_directory");
  if (profiles && warehouse) {
    const message = "profiles_directory is left out: with a warehouse_id the service makes the profile";
    task.report(profiles, "profiles_directory", { severity: "warning", code: "ignored_field", message });
  }
  return [
    "dbt_task",
    [
      ["commands", given && memberAt(listOf(list, given), given)],
      ["project_directory", task.take("project_directory")],
      ["warehouse_id", warehouse],
      ["profiles_directory", warehouse ? undefined : profiles],
      ["catalog", task.take("catalog")],
      ["schema", task.take("schema")],
      ["source", task.take("source")],
    ],
  ];
}

function pythonScript(task: ShortTask): Built {
  return [
    "spark_python_task",
    [
      ["python_file", task.need("python_file", "file_path")],
      ["parameters", task.take("parameters")],
      ["source", task.take("source", "file_source")],
    ],
  ];
}

function runJob(task: ShortTask): Built {
  return [
    "run_job_task",
    [
      ["job_id", task.need("job_id")],
      ["job_parameters", asMap(task.take("job_parameters", "parameters"))],
    ],
  ];
}

function condition(task: ShortTask): Built {
  return [
    "condition_task",
    [
      ["op", task.need("op")],
      ["left", task.need("left")],
      ["right", task.need("right")],
    ],
  ];
}

function forEach(task: ShortTask): Built {
  const inputs = task.need("inputs");
  const inner = task.need("task");
  return [
    "for_each_task",
    [
      // The API has a text; a list is what a person writes.
      ["inputs", inputs?.value.kind === "list" ? valueMember(formatWireJson(jsonOf(inputs.value)), inputs) : inputs],
      ["concurrency", task.take("concurrency")],
      ["task", inner && task.inner(inner)],
    ],
  ];
}

/** What each `task_type` becomes. */
export const SHORT_TYPES: Readonly<Record<string, (task: ShortTask) => Built>> = {
  notebook,
  sql_query: sqlQuery,
  sql_file: sqlFile,
  python_wheel: pythonWheel,
  spark_jar: sparkJar,
  pipeline,
  dbt,
  python_script: pythonScript,
  run_job: runJob,
  condition,
  for_each: forEach,
};
