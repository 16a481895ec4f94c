/** Rows of a control table, v0.2 or v0.1 → jobs in the short form. Every value knows its row and column. Pure. */
import type { Problem } from "../../../model/problem.ts";
import { parseJson } from "../../../util/int64-json.ts";
import type { Json } from "../../../util/json.ts";
import { parsePlacedYaml } from "../../../util/parse-yaml.ts";
import {
  duplicatesIn,
  jsonOf,
  type Placed,
  type PlacedMap,
  type PlacedMember,
  placedAt,
  placeOfSpot,
  type Spot,
} from "../../../util/placed-yaml.ts";
import { stableJson } from "../../../util/stable-json.ts";
import { listOf, mapOf, memberAt, valueMember, withMembers } from "../build-placed.ts";
import { jobOfModule, resourceOf } from "../lakeflow-modules.ts";
import type { MetadataForm } from "../lakeflow-profile.ts";
import { type Fault, placeText, problemAt } from "../problems.ts";
import { SHORT_TYPES } from "../short-form-types.ts";

/** What a SELECT gave. */
export interface TableText {
  name: string;
  columns: string[];
  /** Types of the columns in SQL; unknown where the rows were not read. */
  types?: string[];
  rows: (string | null)[][];
}

/** A job as its rows say it. */
export interface TableJob {
  resource: string;
  /** `resource_id` or `module_name` as it stands in the table. */
  key: string;
  name: string | undefined;
  form: MetadataForm;
  spot: Spot;
  node: PlacedMap;
}

/** Which version's columns a table has; undefined where they are neither's. */
export function formOf(columns: readonly string[]): MetadataForm | undefined {
  const has = (...names: string[]) => names.every((name) => columns.includes(name));
  if (has("resource_id", "task_key")) return "job";
  return has("source_id", "module_name") ? "module" : undefined;
}

/** A row, by column. */
interface Row {
  /** `sales/load`: the row's key, for messages. */
  label: string;
  cell(column: string): string | null;
  spot(column: string): Spot;
}

function rowsOf(table: TableText, first: string, second: string): Row[] {
  const at = new Map(table.columns.map((name, index) => [name, index]));
  return table.rows.map((values, index) => {
    const cell = (column: string) => values[at.get(column) ?? -1] ?? null;
    const label = `${cell(first) ?? index + 1}/${cell(second) ?? "?"}`;
    return {
      label,
      cell,
      spot: (column) => ({
        source: { file: `${table.name}[${label}].${column}`, text: cell(column) ?? "" },
        offset: 0,
      }),
    };
  });
}

/** The two columns that name a row. */
export function rowKeys(columns: readonly string[]): [string, string] {
  return formOf(columns) === "module" ? ["module_name", "source_id"] : ["resource_id", "task_key"];
}

/** What each row is called in the places of its faults: its two keys. */
export function rowLabels(table: TableText): string[] {
  return rowsOf(table, ...rowKeys(table.columns)).map(({ label }) => label);
}

interface Work {
  resource: string;
  problems: Problem[];
}

function report(work: Work, spot: Spot, fault: Fault): void {
  work.problems.push(problemAt(spot, `jobs.${work.resource}`, { ...fault, resource: work.resource }));
}

/** The JSON of a cell with its places; undefined for an empty one, and for one that is none (which is reported). */
function jsonCell(row: Row, column: string, work: Work): Placed | undefined {
  const text = row.cell(column);
  if (text === null || text.trim() === "") return undefined;
  const spot = row.spot(column);
  let value: Json;
  try {
    value = parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const fault = parsePlacedYaml(text, spot.source.file).faults.find(({ severity }) => severity === "error");
    const message = `column ${column} of row ${row.label} is no JSON${fault ? `: ${fault.message}` : ""}`;
    const hint = fault ? undefined : "JSON has double quotes, and no comma after the last member";
    report(work, fault?.spot ?? spot, { code: "bad_json", message, hint });
    return undefined;
  }
  if (value === null) return undefined;
  const { root, faults } = parsePlacedYaml(text, spot.source.file);
  // Every JSON that both readers understand alike has places of its own; any other stands at its cell.
  const agreed = root !== undefined && faults.length === 0 && stableJson(jsonOf(root)) === stableJson(value);
  for (const { key, second } of root ? duplicatesIn(root) : []) {
    const message = `key '${key}' is given twice in column ${column} of row ${row.label}`;
    report(work, second, { code: "duplicate_key", message });
  }
  return agreed ? root : placedAt(value, spot);
}

/** The same for a column that holds a map. */
function mapCell(row: Row, column: string, work: Work): PlacedMap | undefined {
  const node = jsonCell(row, column, work);
  if (node === undefined || node.kind === "map") return node;
  const message = `column ${column} of row ${row.label} is to be a JSON map`;
  report(work, node, { code: "wrong_type", message });
  return undefined;
}

const member = (row: Row, column: string): PlacedMember | undefined => {
  const text = row.cell(column);
  return text === null ? undefined : valueMember(text, row.spot(column));
};

const isTrue = (text: string | null) => text?.toLowerCase() === "true";

/** `depends_on` of the API's form. */
function keyObjects(list: Placed): Placed {
  if (list.kind !== "list") return list;
  const items = list.items.map((item) =>
    item.kind === "scalar" ? mapOf([["task_key", memberAt(item, item)]], item) : item,
  );
  return { ...list, items };
}

function taskOf(row: Row, work: Work): Placed | undefined {
  const before = work.problems.length;
  const config = mapCell(row, "task_config", work) ?? mapOf([], row.spot("task_config"));
  const dependsOn = jsonCell(row, "depends_on", work);
  // What the task says is not known: nothing more is to be said of it.
  if (work.problems.length > before) return undefined;
  const type = row.cell("task_type");
  const long = [...config.members.keys()].find((key) => key.endsWith("_task"));
  // A whole task of the API may stand in task_config; its type then only repeats it.
  const repeated =
    long !== undefined &&
    (type === null || type === "" || long === `${type}_task` || long === type || !Object.hasOwn(SHORT_TYPES, type));
  const at = row.spot("task_key");
  const task = mapOf(
    [
      ["task_key", member(row, "task_key")],
      [
        "task_type",
        repeated ? undefined : valueMember(type === null || type === "" ? "notebook" : type, row.spot("task_type")),
      ],
      ["depends_on", dependsOn && memberAt(repeated ? keyObjects(dependsOn) : dependsOn, dependsOn)],
      ["disabled", isTrue(row.cell("disabled")) ? valueMember(true, row.spot("disabled")) : undefined],
    ],
    at,
  );
  return { ...task, members: new Map([...task.members, ...config.members]) };
}

/** Rows of one key in groups, in the order of the keys; rows without one are reported. */
function grouped(rows: readonly Row[], column: string, problems: Problem[]): [string, Row[]][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = row.cell(column);
    if (key === null || key === "") {
      const message = `row ${row.label} has no ${column}`;
      problems.push(problemAt(row.spot(column), column, { code: "missing_field", message }));
    } else groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function refuseTwins(rows: readonly Row[], column: string, work: Work): void {
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const key = row.cell(column);
    if (key === null)
      report(work, row.spot(column), { code: "missing_field", message: `row ${row.label} has no ${column}` });
    else if (seen.has(key)) {
      const message = `the table has more than one row ${row.label}`;
      report(work, row.spot(column), { code: "duplicate_key", message, hint: "delete one of them" });
    } else seen.set(key, row);
  }
}

/** What the rows of a job say of the job itself: the latest, where they do not agree. */
function configOf(rows: readonly Row[], column: string, work: Work): Row | undefined {
  const saying = rows.filter((row) => (row.cell(column) ?? "").trim() !== "");
  const latest = [...saying].sort((a, b) =>
    (a.cell("updated_timestamp") ?? "") < (b.cell("updated_timestamp") ?? "") ? 1 : -1,
  );
  const texts = new Set(saying.map((row) => row.cell(column)));
  const [first] = texts.size > 1 ? latest : saying;
  if (first !== undefined && texts.size > 1) {
    const message = `its rows differ in ${column}; that of row ${first.label} counts, the latest`;
    report(work, first.spot(column), { severity: "warning", code: "rows_differ", message });
  }
  return first;
}

function jobOf(key: string, rows: readonly Row[], problems: Problem[]): TableJob {
  const work = { resource: resourceOf(key), problems };
  refuseTwins(rows, "task_key", work);
  const sorted = [...rows].sort((a, b) => ((a.cell("task_key") ?? "") < (b.cell("task_key") ?? "") ? -1 : 1));
  const named = configOf(sorted, "job_name", work);
  const configured = configOf(sorted, "job_config", work);
  const spot = (rows[0] as Row).spot("resource_id");
  const settings = configured && mapCell(configured, "job_config", work);
  const tasks = sorted.flatMap((row) => taskOf(row, work) ?? []);
  const node = withMembers(settings ?? mapOf([], spot), { tasks: memberAt(listOf(tasks, spot), spot) });
  const name = named?.cell("job_name") ?? undefined;
  return { ...work, key, name, form: "job", spot, node };
}

function moduleOf(key: string, rows: readonly Row[], table: TableText, problems: Problem[]): TableJob {
  const work = { resource: resourceOf(key), problems };
  refuseTwins(rows, "source_id", work);
  const spot = (rows[0] as Row).spot("module_name");
  const sources = rows.map((row) => {
    const json = (column: string): [string, PlacedMember | undefined] => {
      const node = mapCell(row, column, work);
      return [column, node && memberAt(node, row.spot(column))];
    };
    const texts = ["source_id", "source_type", "execution_order", "is_active"].map(
      (column): [string, PlacedMember | undefined] => [column, member(row, column)],
    );
    const maps = ["source_config", "target_config", "transformation_config"].map(json);
    return mapOf([...texts, ...maps], row.spot("source_id"));
  });
  const node = jobOfModule({ name: key, spot, sources, settings: undefined }, table.name, problems);
  return { resource: work.resource, key, name: key, form: "module", spot, node };
}

/** Rows of v0.1 that are switched off are as if they were not there. */
const isActive = (row: Row) => row.cell("is_active")?.toLowerCase() !== "false";

/** The jobs of a table. Two keys that make one resource id are reported, and both left out. */
export function tableJobs(table: TableText, problems: Problem[]): TableJob[] {
  const form = formOf(table.columns);
  if (form === undefined) {
    const hint = "a control table has resource_id and task_key (v0.2), or module_name and source_id (v0.1)";
    const message = `${table.name} is no control table: it has ${table.columns.join(", ") || "no columns"}`;
    const place = { file: table.name, line: 1, column: 1 };
    problems.push({ severity: "error", code: "wrong_type", place, path: "", message, hint });
    return [];
  }
  const jobs =
    form === "job"
      ? grouped(rowsOf(table, "resource_id", "task_key"), "resource_id", problems).map(([key, rows]) =>
          jobOf(key, rows, problems),
        )
      : grouped(rowsOf(table, "module_name", "source_id").filter(isActive), "module_name", problems).map(
          ([key, rows]) => moduleOf(key, rows, table, problems),
        );
  const first = new Map<string, TableJob>();
  const doubled = new Set<string>();
  for (const job of jobs) {
    const other = first.get(job.resource);
    if (other === undefined) first.set(job.resource, job);
    else {
      doubled.add(job.resource);
      const message = `'${job.key}' and '${other.key}' (${placeText(placeOfSpot(other.spot))}) both make the resource id ${job.resource}`;
      report({ resource: job.resource, problems }, job.spot, { code: "duplicate_resource", message });
    }
  }
  return jobs.filter(({ resource }) => !doubled.has(resource));
}
