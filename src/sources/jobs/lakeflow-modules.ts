/**
 * Modules of lakeflow_jobs_meta v0.1 (`modules:` → `sources:`, or rows of its control table) → jobs in the short form. Pure.
 * A module is a job, a source is a task; `execution_order` says which tasks wait for which.
 */
import type { Problem } from "../../model/problem.ts";
import {
  memberOf,
  memberText,
  type Placed,
  type PlacedMap,
  type PlacedMember,
  placeOfSpot,
  type Spot,
} from "../../util/placed-yaml.ts";
import { isEmptyMember, listOf, mapOf, memberAt, valueMember, withMembers } from "./build-placed.ts";
import { placeText, problemAt } from "./problems.ts";

/** The control table that notebooks are told of when nobody says another (lakeflow_jobs_meta's own default). */
export const DEFAULT_CONTROL_TABLE = "main.default.job_metadata_control_table";

/** A module as it was read. */
export interface Module {
  name: string;
  /** Where its name is written. */
  spot: Spot;
  sources: PlacedMap[];
  /** Settings of the job beside its tasks. */
  settings: PlacedMap | undefined;
}

/** A resource id made of any name: other characters than letters, digits, `_`, `-` and `.` become `_`. */
export function resourceOf(name: string): string {
  const clean = name.replace(/[^A-Za-z0-9_.-]+/g, "_");
  return /^[A-Za-z0-9_]/.test(clean) ? clean : `_${clean}`;
}

const KINDS: Record<string, string> = { sql_query: "sql_task", sql_file: "sql_task", notebook: "notebook_task" };

/** What a source says of its task: members of `transformation_config`, with those nested by kind brought up. */
function taskMembers(config: PlacedMap, type: string): Map<string, PlacedMember> {
  const members = new Map(config.members);
  members.delete("task_type");
  const nested = KINDS[type];
  const inner = nested === undefined ? undefined : memberOf(config, nested);
  if (nested !== undefined && inner?.kind === "map") {
    members.delete(nested);
    for (const [key, member] of inner.members) members.set(key, member);
  }
  return members;
}

function isActive(source: PlacedMap): boolean {
  return memberText(source, "is_active")?.toLowerCase() !== "false";
}

interface Ordered {
  source: PlacedMap;
  id: string;
  order: number;
}

function orderedSource(source: PlacedMap, path: string, resource: string, problems: Problem[]): Ordered[] {
  const say = (spot: Spot, field: string, message: string) =>
    problems.push(problemAt(spot, `${path}.${field}`, { code: "missing_field", message, resource }));
  const id = memberText(source, "source_id");
  const order = memberText(source, "execution_order");
  if (id === undefined) say(source, "source_id", "a source needs a source_id");
  else if (order === undefined) say(source, "execution_order", `source '${id}' needs an execution_order`);
  else if (!/^-?\d+$/.test(order))
    say(source.members.get("execution_order") ?? source, "execution_order", `'${order}' is no whole number`);
  else if (memberOf(source, "transformation_config")?.kind !== "map")
    say(
      source.members.get("transformation_config") ?? source,
      "transformation_config",
      `source '${id}' needs a transformation_config, a map`,
    );
  else return [{ source, id, order: Number(order) }];
  return [];
}

function taskOf({ source, id }: Ordered, before: readonly string[], controlTable: string): PlacedMap {
  const config = memberOf(source, "transformation_config") as PlacedMap;
  const idSpot = source.members.get("source_id") as PlacedMember;
  const type = memberText(config, "task_type") ?? "notebook";
  const members = taskMembers(config, type);
  const result = new Map<string, PlacedMember>([
    ["task_key", valueMember(id, idSpot)],
    ["task_type", valueMember(type, config.members.get("task_type") ?? idSpot)],
  ]);
  if (before.length > 0) {
    result.set("depends_on", valueMember([...before], source.members.get("execution_order") ?? idSpot));
  }
  if (type === "notebook") {
    const given = members.get("parameters")?.value ?? members.get("base_parameters")?.value;
    const parameters = given?.kind === "map" ? given : mapOf([], idSpot);
    members.delete("base_parameters");
    members.set(
      "parameters",
      memberAt(
        withMembers(parameters, {
          source_id: valueMember(id, idSpot),
          control_table: valueMember(controlTable, idSpot),
        }),
        members.get("parameters") ?? idSpot,
      ),
    );
  }
  for (const [key, member] of members) if (!result.has(key)) result.set(key, member);
  return { kind: "map", members: result, source: source.source, offset: source.offset };
}

/** The job of a module, in the short form. Inactive sources are left out. */
export function jobOfModule(module: Module, controlTable: string, problems: Problem[]): PlacedMap {
  const resource = resourceOf(module.name);
  const path = `modules[${module.name}].sources`;
  const active = module.sources
    .flatMap((source, index) =>
      isActive(source) ? orderedSource(source, `${path}[${index}]`, resource, problems) : [],
    )
    .sort((a, b) => a.order - b.order);
  const orders = [...new Set(active.map(({ order }) => order))];
  const tasks = active.map((one): Placed => {
    const former = orders[orders.indexOf(one.order) - 1];
    const before = former === undefined ? [] : active.filter(({ order }) => order === former).map(({ id }) => id);
    return taskOf(one, before, controlTable);
  });
  const embedded = active.map(({ source }) => memberOf(memberOf(source, "source_config"), "_job_config"));
  const config = module.settings ?? embedded.find((node) => node?.kind === "map");
  const base = config?.kind === "map" ? config : mapOf([], module.spot);
  return withMembers(base, { tasks: memberAt(listOf(tasks, module.spot), module.spot) });
}

/** Modules of a file of v0.1. */
export function modulesIn(root: PlacedMap, problems: Problem[]): Module[] {
  const all = root.members.get("modules");
  if (all === undefined) return [];
  if (all.value.kind !== "list") {
    const hint = "write a list: `modules: [{ module_name: …, sources: […] }]`";
    problems.push(problemAt(all, "modules", { code: "wrong_type", message: "modules are a list", hint }));
    return [];
  }
  return all.value.items.flatMap((item, index): Module[] => {
    const path = `modules[${index}]`;
    const name = memberText(item, "module_name");
    if (item.kind !== "map" || name === undefined || name === "") {
      const message = "a module needs a module_name";
      problems.push(problemAt(item, path, { code: "missing_field", message }));
      return [];
    }
    const spot = item.members.get("module_name") as PlacedMember;
    const resource = resourceOf(name);
    const sources = memberOf(item, "sources");
    if (sources?.kind !== "list") {
      const message = `module '${name}' needs sources, a list`;
      problems.push(
        problemAt(item.members.get("sources") ?? item, `${path}.sources`, { code: "missing_field", message, resource }),
      );
      return [];
    }
    const maps = sources.items.filter((source) => source.kind === "map");
    const bad = sources.items.find((source) => source.kind !== "map");
    if (bad) problems.push(problemAt(bad, path, { code: "wrong_type", message: "a source is a map", resource }));
    const described = item.members.get("description");
    const config = memberOf(item, "job_config");
    const settings = config?.kind === "map" ? config : mapOf([], spot);
    const said = isEmptyMember(described) || settings.members.has("description") ? {} : { description: described };
    const whole = config === undefined && isEmptyMember(described) ? undefined : withMembers(settings, said);
    return [{ name, spot, sources: maps, settings: whole }];
  });
}

/** Sources of one module that share an id. */
export function doubledSources(module: Module, problems: Problem[]): void {
  const first = new Map<string, Spot>();
  for (const source of module.sources) {
    const id = memberText(source, "source_id");
    if (id === undefined) continue;
    const other = first.get(id);
    const spot = source.members.get("source_id") ?? source;
    if (other === undefined) {
      first.set(id, spot);
      continue;
    }
    const message = `source '${id}' of module '${module.name}' is given twice, first at ${placeText(placeOfSpot(other))}`;
    const resource = resourceOf(module.name);
    problems.push(problemAt(spot, `modules[${module.name}]`, { code: "duplicate_key", message, resource }));
  }
}
