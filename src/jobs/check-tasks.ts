/** Checks the tasks of a job: keys, dependencies, kinds, compute. Pure. */
import type { JobSettings, TaskSettings } from "../model/job.ts";
import { isObject, type Json, type JsonObject } from "../util/json.ts";
import { nearest } from "../util/nearest.ts";
import { isDeferred, type Report } from "./check-fields.ts";

const KEY = /^[A-Za-z0-9_-]{1,100}$/;
const COMPUTE = ["job_cluster_key", "existing_cluster_id", "new_cluster", "environment_key"];
const LIBRARIES = ["whl", "jar", "egg", "requirements", "pypi", "maven", "cran"];

/** Members of a list that are maps. */
export function rowsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

const present = (object: JsonObject, keys: readonly string[]) => keys.filter((key) => object[key] !== undefined);

/** Reports when not exactly one of some members is there. */
export function exactlyOne(object: JsonObject, keys: readonly string[], path: string, report: Report): void {
  const found = present(object, keys);
  if (found.length === 1) return;
  const message =
    found.length === 0 ? `one of ${keys.join(", ")} is needed` : `${found.join(" and ")} exclude each other`;
  report(found[1] ? `${path}.${found[1]}` : path, "exclusive", message);
}

/** Reports a key that several elements of a list have, and returns all keys. */
export function uniqueKeys(value: Json | undefined, list: string, key: string, report: Report): Set<string> {
  const keys = new Set<string>();
  const rows = Array.isArray(value) ? value : [];
  rows.forEach((row, index) => {
    const name = isObject(row) ? row[key] : undefined;
    const path = `${list}[${index}]`;
    if (name === undefined || name === null) {
      report(path, "missing_field", `${key} is missing`);
      return;
    }
    const text = String(name);
    if (keys.has(text)) report(`${path}.${key}`, "duplicate_key", `${key} '${text}' occurs twice`);
    keys.add(text);
  });
  return keys;
}

/** The kinds (`notebook_task`, …) a task has. */
function kindsOf(task: TaskSettings): string[] {
  return Object.keys(task).filter((key) => key.endsWith("_task") && task[key] !== undefined);
}

function checkKind(task: TaskSettings, path: string, inner: boolean, report: Report): void {
  const kinds = kindsOf(task);
  if (kinds.length === 0) {
    report(
      path,
      "no_task_kind",
      "a task needs exactly one *_task key",
      "for example notebook_task: { notebook_path: … }",
    );
  }
  if (kinds.length > 1) {
    report(`${path}.${kinds[1]}`, "exclusive", `a task has one kind; ${kinds.join(" and ")} exclude each other`);
  }
  if (isObject(task.sql_task)) {
    exactlyOne(task.sql_task, ["query", "file", "dashboard", "alert"], `${path}.sql_task`, report);
  }
  const wheel = task.python_wheel_task;
  if (isObject(wheel) && present(wheel, ["parameters", "named_parameters"]).length > 1) {
    report(`${path}.python_wheel_task`, "exclusive", "parameters and named_parameters exclude each other");
  }
  const dbt = task.dbt_task;
  if (isObject(dbt) && Array.isArray(dbt.commands) && dbt.commands.length === 0) {
    report(`${path}.dbt_task.commands`, "missing_field", "a dbt task needs a command", "for example [dbt run]");
  }
  if (isObject(dbt) && Array.isArray(dbt.commands) && dbt.commands.length > 10) {
    report(`${path}.dbt_task.commands`, "limit", `at most 10 dbt commands a task, found ${dbt.commands.length}`);
  }
  if (isObject(task.for_each_task)) checkForEach(task.for_each_task, `${path}.for_each_task`, inner, report);
}

function checkForEach(loop: JsonObject, path: string, nested: boolean, report: Report): void {
  if (nested) {
    report(path, "nested_for_each", "a for-each cannot hold a for-each", "call a job with run_job_task");
    return;
  }
  const { inputs, concurrency, task } = loop;
  if (typeof inputs === "string" && !isDeferred(inputs)) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(inputs);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    if (!Array.isArray(parsed)) {
      const hint = `for example '["a", "b"]', or {{tasks.KEY.values.NAME}}`;
      report(`${path}.inputs`, "bad_value", "inputs must be a JSON list as text", hint);
    }
  }
  if (typeof concurrency === "number" && (concurrency < 1 || concurrency > 100)) {
    report(`${path}.concurrency`, "limit", `concurrency must be 1 to 100, found ${concurrency}`);
  }
  if (isObject(task) && Array.isArray(task.depends_on) && task.depends_on.length > 0) {
    report(
      `${path}.task.depends_on`,
      "bad_dependency",
      "the task inside a for-each depends on nothing",
      "move it to the for-each",
    );
  }
}

interface JobKeys {
  tasks: ReadonlyMap<string, TaskSettings>;
  clusters: ReadonlySet<string>;
  environments: ReadonlySet<string>;
}

function unknownKey(key: string, known: Iterable<string>, path: string, what: string, report: Report): void {
  const names = [...known];
  const near = nearest(key, names);
  const hint = near
    ? `did you mean ${near}?`
    : names.length > 0
      ? `it has ${names.slice(0, 10).join(", ")}`
      : undefined;
  report(path, "unknown_reference", `'${key}' is no ${what} of this job`, hint);
}

function checkCompute(task: TaskSettings, path: string, keys: JobKeys, report: Report): void {
  const given = present(task, COMPUTE);
  if (given.length > 1) report(`${path}.${given[1]}`, "exclusive", `${given.join(" and ")} exclude each other`);
  const { job_cluster_key: cluster, environment_key: environment } = task;
  if (typeof cluster === "string" && !keys.clusters.has(cluster) && !isDeferred(cluster)) {
    unknownKey(cluster, keys.clusters, `${path}.job_cluster_key`, "job cluster", report);
  }
  if (typeof environment === "string" && !keys.environments.has(environment) && !isDeferred(environment)) {
    unknownKey(environment, keys.environments, `${path}.environment_key`, "environment", report);
  }
  rowsOf(task.libraries).forEach((library, index) => {
    exactlyOne(library, LIBRARIES, `${path}.libraries[${index}]`, report);
  });
}

function checkDependencies(task: TaskSettings, path: string, keys: JobKeys, report: Report): void {
  const seen = new Set<string>();
  rowsOf(task.depends_on).forEach((dependency, index) => {
    const at = `${path}.depends_on[${index}]`;
    const { task_key: key, outcome } = dependency;
    if (typeof key !== "string") {
      report(at, "missing_field", "task_key is missing");
      return;
    }
    const other = keys.tasks.get(key);
    if (!other) {
      unknownKey(key, keys.tasks.keys(), `${at}.task_key`, "task", report);
      return;
    }
    const same = `${key}\0${String(outcome ?? "")}`;
    if (seen.has(same)) report(at, "duplicate_key", `it depends on '${key}' twice`, undefined, "warning");
    seen.add(same);
    if (outcome === undefined || isDeferred(outcome)) return;
    if (outcome !== "true" && outcome !== "false") {
      report(`${at}.outcome`, "bad_value", `'${String(outcome)}' is none of true, false`);
    } else if (other.condition_task === undefined) {
      report(`${at}.outcome`, "bad_dependency", `'${key}' is no condition task and has no outcome`);
    }
  });
}

/** A cycle of dependencies, its first task again at the end; undefined where there is none. */
export function findCycle(tasks: ReadonlyMap<string, TaskSettings>): string[] | undefined {
  const done = new Set<string>();
  for (const start of tasks.keys()) {
    // Iterative: a chain of a thousand tasks must not exhaust the stack.
    const trail: { key: string; rest: string[] }[] = [];
    const open = new Set<string>();
    const enter = (key: string) => {
      const rest = rowsOf(tasks.get(key)?.depends_on).flatMap((row) =>
        typeof row.task_key === "string" ? row.task_key : [],
      );
      open.add(key);
      trail.push({ key, rest });
    };
    if (!done.has(start)) enter(start);
    for (let top = trail.at(-1); top; top = trail.at(-1)) {
      const next = top.rest.shift();
      if (next === undefined) {
        trail.pop();
        open.delete(top.key);
        done.add(top.key);
      } else if (open.has(next)) {
        const keys = trail.map((step) => step.key);
        return [...keys.slice(keys.indexOf(next)), next];
      } else if (tasks.has(next) && !done.has(next)) enter(next);
    }
  }
  return undefined;
}

/** A path of the workspace is absolute; a relative one is meant where the files come from git. */
function checkNotebook(task: TaskSettings, path: string, inGit: boolean, report: Report): void {
  const notebook = task.notebook_task;
  if (!isObject(notebook) || inGit || notebook.source === "GIT") return;
  const { notebook_path: file } = notebook;
  if (typeof file !== "string" || file.startsWith("/") || isDeferred(file)) return;
  const message = `'${file}' is no path in the workspace`;
  const hint = "begin it with /, or give the job a git_source";
  report(`${path}.notebook_task.notebook_path`, "bad_value", message, hint, "warning");
}

/** Checks all tasks of a job and what they refer to. */
export function checkTasks(settings: JobSettings, report: Report): void {
  const { tasks } = settings;
  const keys: JobKeys = {
    tasks: new Map(rowsOf(tasks).flatMap((task) => (typeof task.task_key === "string" ? [[task.task_key, task]] : []))),
    clusters: uniqueKeys(settings.job_clusters, "job_clusters", "job_cluster_key", report),
    environments: uniqueKeys(settings.environments, "environments", "environment_key", report),
  };
  if (tasks === undefined || (Array.isArray(tasks) && tasks.length === 0)) {
    report("tasks", "no_tasks", "the job has no tasks", undefined, "warning");
    return;
  }
  if (!Array.isArray(tasks)) return;
  const seen = new Set<string>();
  tasks.forEach((task, index) => {
    if (!isObject(task)) return;
    const path = `tasks[${index}]`;
    const key = task.task_key;
    if (typeof key === "string" && !isDeferred(key)) {
      if (!KEY.test(key)) {
        report(`${path}.task_key`, "bad_value", `'${key}' is no task key`, "use 1 to 100 letters, digits, - and _");
      }
      if (seen.has(key)) report(`${path}.task_key`, "duplicate_key", `task_key '${key}' occurs twice`);
      seen.add(key);
    }
    checkKind(task, path, false, report);
    checkNotebook(task, path, settings.git_source !== undefined, report);
    checkCompute(task, path, keys, report);
    checkDependencies(task, path, keys, report);
    const inner = isObject(task.for_each_task) ? task.for_each_task.task : undefined;
    if (isObject(inner)) {
      checkKind(inner, `${path}.for_each_task.task`, true, report);
      checkCompute(inner, `${path}.for_each_task.task`, keys, report);
    }
  });
  const cycle = findCycle(keys.tasks);
  if (cycle) {
    const index = tasks.findIndex((task) => isObject(task) && task.task_key === cycle[0]);
    report(`tasks[${index}].depends_on`, "cycle", `tasks wait for each other: ${cycle.join(" → ")}`);
  }
}
