/**
 * The short form of tasks that lakeflow_jobs_meta has (`task_type`, `depends_on: [a, b]`) → tasks of the Jobs API. Pure.
 * Everything a type does not read itself goes through as it is, so that every field of the API may be given.
 */
import type { DeclaredQuery } from "../../model/job.ts";
import type { Problem } from "../../model/problem.ts";
import { nearest } from "../../util/nearest.ts";
import {
  jsonOf,
  memberText,
  type Placed,
  type PlacedMap,
  type PlacedMember,
  placedAt,
  placeOfSpot,
} from "../../util/placed-yaml.ts";
import { isEmptyMember, listOf, mapOf, memberAt, valueMember, withMembers } from "./build-placed.ts";
import { type Fault, placeText, problemAt } from "./problems.ts";
import { SHORT_TYPES, type ShortTask } from "./short-form-types.ts";

/** What {@link expandShortForm} is told of a job. */
export interface ShortFormContext {
  resource: string;
  /** Name of the job in names of saved queries. */
  queryOwner: string;
  /** SQL warehouse of tasks that name none. */
  warehouse: string | undefined;
  /** Folder of saved queries. */
  queriesPath: string | undefined;
}

/** Names of the original's examples that stand for no warehouse. */
const PLACEHOLDER = /^(?:your[-_]warehouse[-_]id)?$/;
const KEY_LIMIT = 100;

/**
 * A task key as lakeflow_jobs_meta makes it: other characters than letters, digits and `_` become `_`, which never
 * stands twice, first or last; `task_` goes before a key that began with such a character.
 */
export function sanitisedKey(key: string): string {
  const clean = key
    .replace(/[^A-Za-z0-9_]/g, "_")
    .replace(/_+/g, "_")
    .replace(/^_+|_+$/g, "");
  return (/^[^A-Za-z0-9_]/.test(key) ? `task_${clean}` : clean).slice(0, KEY_LIMIT);
}

interface Work extends ShortFormContext {
  problems: Problem[];
  queries: DeclaredQuery[];
  /** Keys as they will be, by keys as written. */
  keys: Map<string, string>;
}

function report(work: Work, spot: Placed | PlacedMember, path: string, fault: Fault): void {
  work.problems.push(problemAt(spot, path, { ...fault, resource: work.resource }));
}

const isShort = (task: Placed): task is PlacedMap => task.kind === "map" && task.members.has("task_type");

/** Keys of short tasks as they will be; two that become one are reported. */
function findKeys(tasks: readonly Placed[], work: Work): void {
  const taken = new Map<string, { key: string; spot: Placed }>();
  tasks.forEach((task, index) => {
    const key = memberText(task, "task_key");
    if (key === undefined) return;
    const clean = isShort(task) ? sanitisedKey(key) : key;
    const other = taken.get(clean);
    // The same key written twice is named by the check of every job.
    if (other !== undefined && other.key !== key) {
      const first = placeText(placeOfSpot(other.spot));
      const message = `'${key}' and '${other.key}' (${first}) both become the task key '${clean}'`;
      const spot = task.kind === "map" ? (task.members.get("task_key") ?? task) : task;
      const path = `jobs.${work.resource}.tasks[${index}].task_key`;
      report(work, spot, path, { code: "duplicate_key", message, hint: "rename one of them" });
      return;
    }
    taken.set(clean, { key, spot: task });
    work.keys.set(key, clean);
  });
}

/** `depends_on` of texts as the API has it. */
function dependsOn(member: PlacedMember | undefined, path: string, work: Work): PlacedMember | undefined {
  if (member === undefined || isEmptyMember(member)) return undefined;
  if (member.value.kind !== "list") {
    const hint = "write a list of task keys: `depends_on: [load, clean]`";
    report(work, member, path, { code: "wrong_type", message: "depends_on is a list of task keys", hint });
    return undefined;
  }
  const items = member.value.items.map((item, index): Placed => {
    const written = item.kind === "map" ? memberText(item, "task_key") : undefined;
    const key = item.kind === "scalar" && item.value !== null ? item.text : written;
    if (key === undefined) {
      report(work, item, `${path}[${index}]`, { code: "wrong_type", message: "a dependency is a task key" });
      return item;
    }
    const named = valueMember(work.keys.get(key) ?? key, item);
    return item.kind === "map" ? withMembers(item, { task_key: named }) : mapOf([["task_key", named]], item);
  });
  return items.length === 0 ? undefined : memberAt(listOf(items, member), member);
}

function expandTask(task: PlacedMap, path: string, work: Work): PlacedMap {
  const typeSpot = task.members.get("task_type") as PlacedMember;
  const type = memberText(task, "task_type") ?? "";
  const written = memberText(task, "task_key");
  const key = written === undefined ? undefined : sanitisedKey(written);
  const long = [...task.members.keys()].find((name) => name.endsWith("_task"));
  if (long !== undefined) {
    const message = `a task has either task_type or ${long}, not both`;
    report(work, task.members.get(long) ?? task, `${path}.${long}`, { code: "mixed_forms", message });
    return task;
  }
  const build = SHORT_TYPES[type];
  if (build === undefined || !Object.hasOwn(SHORT_TYPES, type)) {
    const known = Object.keys(SHORT_TYPES);
    const near = nearest(type, known);
    const message = `task '${written ?? ""}' has the unknown type '${type}'`;
    const hint = near ? `did you mean ${near}?` : `there are ${known.join(", ")}`;
    report(work, typeSpot, `${path}.task_type`, { code: "unknown_task_type", message, hint });
    return task;
  }
  if (key === undefined || key === "") {
    const message = written === undefined ? "a task needs a task_key" : `'${written}' makes no task key`;
    report(work, task.members.get("task_key") ?? task, `${path}.task_key`, { code: "missing_field", message });
    return task;
  }
  const used = new Set(["task_type", "task_key", "depends_on"]);
  const take = (...names: string[]): PlacedMember | undefined => {
    for (const name of names) used.add(name);
    const name = names.find((one) => !isEmptyMember(task.members.get(one)));
    return name === undefined ? undefined : task.members.get(name);
  };
  const say = (at: PlacedMember, field: string, fault: Fault) => report(work, at, `${path}.${field}`, fault);
  const short: ShortTask = {
    take,
    need(...names) {
      const found = take(...names);
      if (found === undefined) {
        const message = `a task of type ${type} needs ${names[0]}`;
        say(typeSpot, names[0] ?? "", { code: "missing_field", message });
      }
      return found;
    },
    spot: typeSpot,
    report: say,
    warehouse() {
      const given = take("warehouse_id");
      const text = memberText(task, "warehouse_id");
      if (given !== undefined && !PLACEHOLDER.test(text ?? "")) return given;
      if (work.warehouse !== undefined) return valueMember(work.warehouse, given ?? typeSpot);
      const message =
        given === undefined ? `a task of type ${type} needs a warehouse_id` : `'${text}' names no warehouse`;
      const hint = "give the task one, or a default: `warehouse` of the source or of the workspace in headgate.yaml";
      say(given ?? typeSpot, "warehouse_id", { code: "no_warehouse", message, hint });
      return undefined;
    },
    saveQuery(text, warehouse, parameters) {
      const values = parameters && jsonOf(parameters.value);
      const texts = Object.entries(
        typeof values === "object" && values !== null && !Array.isArray(values) ? values : {},
      );
      work.queries.push({
        key,
        name: `LakeflowJobMeta_${work.queryOwner}_${key}`,
        text: text.value.kind === "scalar" ? text.value.text : "",
        warehouse: warehouse?.value.kind === "scalar" ? warehouse.value.text : "",
        parameters: Object.fromEntries(texts.map(([name, value]) => [name, String(value ?? "")])),
        folder: work.queriesPath,
        place: placeOfSpot(text),
      });
      return `\${resources.queries.${key}.id}`;
    },
    inner: (member) =>
      isShort(member.value) ? memberAt(expandTask(member.value, `${path}.task`, work), member) : member,
  };
  const [name, members] = build(short);
  const rest = [...task.members].filter(([member]) => !used.has(member));
  const object = memberAt(mapOf(members, typeSpot), typeSpot);
  return mapOf(
    [
      ["task_key", memberAt(placedAt(key, task.members.get("task_key") ?? task), task.members.get("task_key") ?? task)],
      ["depends_on", dependsOn(task.members.get("depends_on"), `${path}.depends_on`, work)],
      [name, object],
      ...rest,
    ],
    task,
  );
}

/** Job parameters as a map, which the API has as a list. */
function parameterRows(job: PlacedMap): PlacedMap {
  const given = job.members.get("parameters");
  if (given?.value.kind !== "map") return job;
  const rows = [...given.value.members].map(([name, value]) =>
    mapOf(
      [
        ["name", valueMember(name, value)],
        ["default", value],
      ],
      value,
    ),
  );
  return withMembers(job, { parameters: memberAt(listOf(rows, given), given) });
}

/** A job with its short tasks written out, and the saved queries they run. Faults are added to `problems`. */
export function expandShortForm(
  given: PlacedMap,
  context: ShortFormContext,
  problems: Problem[],
): { job: PlacedMap; queries: DeclaredQuery[] } {
  const job = parameterRows(given);
  const tasks = job.members.get("tasks");
  if (tasks?.value.kind !== "list" || !tasks.value.items.some(isShort)) return { job, queries: [] };
  const work: Work = { ...context, problems, queries: [], keys: new Map() };
  findKeys(tasks.value.items, work);
  const items = tasks.value.items.map((task, index) =>
    isShort(task) ? expandTask(task, `jobs.${context.resource}.tasks[${index}]`, work) : task,
  );
  return { job: withMembers(job, { tasks: memberAt(listOf(items, tasks), tasks) }), queries: work.queries };
}
