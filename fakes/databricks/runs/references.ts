/** Dynamic references in a task's values: `{{job.parameters.NAME}}` and its like. */
import { isObject, type Json, type JsonObject } from "../json.ts";
import type { Run, TaskRun } from "./model.ts";

const REFERENCE = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** Fills in the references known here; others stay as they are. */
export function resolve(text: string, run: Run, task: TaskRun): string {
  return text.replace(REFERENCE, (whole, path: string) => lookUp(path.split("."), run, task) ?? whole);
}

/** Fills in the references of all texts inside a value. */
export function resolveAll(value: Json, run: Run, task: TaskRun): Json {
  if (typeof value === "string") return resolve(value, run, task);
  if (Array.isArray(value)) return value.map((item) => resolveAll(item, run, task));
  if (!isObject(value)) return value;
  const resolved: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) resolved[key] = resolveAll(item, run, task);
  }
  return resolved;
}

function lookUp(path: string[], run: Run, task: TaskRun): string | undefined {
  const [head, second = "", third = "", ...rest] = path;
  if (head === "input") return task.input;
  if (head === "task") {
    if (second === "name") return task.key;
    if (second === "run_id") return task.runId;
    return second === "execution_count" ? String(task.attempt + 1) : undefined;
  }
  if (head === "tasks") {
    const other = run.latest.get(second);
    if (third === "values") return other?.behaviour?.values?.[rest.join(".")];
    if (third === "result_state") return other?.result?.toLowerCase();
    return third === "run_id" ? other?.runId : undefined;
  }
  if (head !== "job") return undefined;
  if (second === "parameters") {
    const name = [third, ...rest].join(".");
    return run.parameters.find((parameter) => parameter.name === name)?.value;
  }
  if (second === "id") return run.jobId;
  if (second === "name") return run.name;
  if (second === "run_id") return run.runId;
  if (second === "trigger" && third === "type") return run.trigger.toLowerCase();
  if (second !== "start_time") return undefined;
  const iso = new Date(run.startTime).toISOString();
  if (third === "iso_date") return iso.slice(0, 10);
  if (third === "iso_datetime") return iso;
  return third === "timestamp_ms" ? String(run.startTime) : undefined;
}

/** Whether a condition task's comparison holds: text for equality, numbers for order. */
export function holds(condition: JsonObject, run: Run, task: TaskRun): boolean {
  const left = resolve(String(condition.left ?? ""), run, task);
  const right = resolve(String(condition.right ?? ""), run, task);
  switch (condition.op) {
    case "NOT_EQUAL":
      return left !== right;
    case "GREATER_THAN":
      return Number(left) > Number(right);
    case "GREATER_THAN_OR_EQUAL":
      return Number(left) >= Number(right);
    case "LESS_THAN":
      return Number(left) < Number(right);
    case "LESS_THAN_OR_EQUAL":
      return Number(left) <= Number(right);
    default:
      return left === right;
  }
}
