/** Modules of metadata files of lakeflow_jobs_meta v0.1 → rows of its own control table, and the SQL that loads them. Pure. */
import { formatWireJson } from "../../../util/int64-json.ts";
import type { Json, JsonObject } from "../../../util/json.ts";
import { jsonOf, memberText, type PlacedMap } from "../../../util/placed-yaml.ts";
import type { Module } from "../lakeflow-modules.ts";
import { quotedTable } from "./statements.ts";

/** Columns of a control table of v0.1 that a person fills, with their types. */
const COLUMNS = {
  source_id: "string",
  module_name: "string",
  source_type: "string",
  execution_order: "int",
  source_config: "string",
  target_config: "string",
  transformation_config: "string",
  is_active: "boolean",
} as const;

/** One source of a module as a row. */
export type ModuleRow = { [column in keyof typeof COLUMNS]: Json };

const isKey = (column: string) => column === "source_id" || column === "module_name";

/** Rows of modules, inactive sources too. What a module says of its job stands in its first source, as in the original. */
export function rowsOfModules(modules: readonly Module[]): ModuleRow[] {
  return modules.flatMap(({ name, sources, settings }) =>
    sources.map((source, index): ModuleRow => {
      const config = objectOf(source, "source_config");
      if (index === 0 && settings !== undefined) config._job_config = jsonOf(settings);
      return {
        source_id: memberText(source, "source_id") ?? "",
        module_name: name,
        source_type: memberText(source, "source_type") ?? "unknown",
        execution_order: Number(memberText(source, "execution_order")),
        source_config: formatWireJson(config),
        target_config: formatWireJson(objectOf(source, "target_config")),
        transformation_config: formatWireJson(objectOf(source, "transformation_config")),
        is_active: memberText(source, "is_active")?.toLowerCase() !== "false",
      };
    }),
  );
}

function objectOf(source: PlacedMap, field: string): JsonObject {
  const member = source.members.get(field)?.value;
  return member?.kind === "map" ? (jsonOf(member) as JsonObject) : {};
}

/**
 * Makes the rows of the modules in `:resources` exactly those in `:rows`, in one step. A row in which nothing differs
 * keeps its times.
 * @param columns of the table: later ones of v0.1 note who and when
 */
export function mergeModules(table: string, columns: readonly string[]): string {
  const all = Object.keys(COLUMNS);
  const values = all.filter((column) => !isKey(column));
  const noted = [
    ["created_by", "current_user()"],
    ["created_timestamp", "current_timestamp()"],
    ["updated_by", "current_user()"],
    ["updated_timestamp", "current_timestamp()"],
  ].filter(([column = ""]) => columns.includes(column));
  const changed = noted.filter(([column = ""]) => column.startsWith("updated_"));
  const set = [
    ...values.map((column) => `t.${column} = s.${column}`),
    ...changed.map(([column, value]) => `t.${column} = ${value}`),
  ];
  const struct = Object.entries(COLUMNS).map(([column, type]) => `${column}:${type}`);
  return `MERGE INTO ${quotedTable(table)} AS t
USING (SELECT inline(from_json(:rows, 'array<struct<${struct.join(",")}>>'))) AS s
ON t.source_id = s.source_id AND t.module_name = s.module_name
WHEN MATCHED AND NOT (${values.map((column) => `t.${column} <=> s.${column}`).join(" AND ")}) THEN UPDATE SET ${set.join(", ")}
WHEN NOT MATCHED THEN INSERT (${[...all, ...noted.map(([column]) => column)].join(", ")}) VALUES (${[...all.map((column) => `s.${column}`), ...noted.map(([, value]) => value)].join(", ")})
WHEN NOT MATCHED BY SOURCE AND array_contains(from_json(:resources, 'array<string>'), t.module_name) THEN DELETE`;
}
