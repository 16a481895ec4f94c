/** The stricter checks: types and enumerations of every known field, unknown fields, and references between the parts of a job. */
import { invalid, malformed } from "../api-error.ts";
import { isObject, type Json, type JsonObject, objectsIn } from "../json.ts";
import type { Field, Fields } from "./field.ts";
import { SETTINGS } from "./schema.ts";
import { tasksOf } from "./walk.ts";

const COMPUTE = ["job_cluster_key", "existing_cluster_id", "new_cluster", "environment_key"];

/**
 * Deletes unknown fields, or refuses them.
 * @throws ApiError 400 `MALFORMED_REQUEST` on an unknown field when `mode` is `reject`
 */
export function treatUnknown(settings: JsonObject, mode: "drop" | "reject"): void {
  visitUnknown(settings, SETTINGS, "", (owner, key, path) => {
    if (mode === "reject") throw malformed(`Could not parse request object: unknown field '${path}'.`);
    delete owner[key];
  });
}

function visitUnknown(
  owner: JsonObject,
  fields: Fields,
  path: string,
  found: (owner: JsonObject, key: string, path: string) => void,
): void {
  for (const [key, value] of Object.entries(owner)) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    const place = path ? `${path}.${key}` : key;
    if (field === undefined) {
      if (path !== "" || key !== "access_control_list") found(owner, key, place);
    } else if (Array.isArray(field)) {
      for (const item of objectsIn(value)) visitUnknown(item, field[0], place, found);
    } else if (typeof field !== "string" && isObject(value)) visitUnknown(value, field as Fields, place, found);
  }
}

/** @throws ApiError 400 on a wrong type, a value outside its enumeration, or a reference to nothing */
export function checkStrictly(settings: JsonObject): void {
  checkTypes(settings, SETTINGS, "");
  const keys = new Set(objectsIn(settings.tasks).map((task) => task.task_key));
  const clusters = new Set(objectsIn(settings.job_clusters).map((cluster) => cluster.job_cluster_key));
  const environments = new Set(objectsIn(settings.environments).map((environment) => environment.environment_key));
  for (const task of tasksOf(settings)) {
    const name = String(task.task_key);
    const types = Object.keys(task).filter((key) => key.endsWith("_task"));
    if (types.length !== 1) throw invalid(`Task ${name} must have exactly one task type, it has ${types.length}.`);
    const computes = COMPUTE.filter((key) => task[key] !== undefined);
    if (computes.length > 1) throw invalid(`Task ${name} can have only one of ${computes.join(", ")}.`);
    for (const dependency of objectsIn(task.depends_on)) {
      if (!keys.has(dependency.task_key)) {
        throw invalid(`Task ${name} depends on ${dependency.task_key}, which is not a task of the job.`);
      }
    }
    if (task.job_cluster_key !== undefined && !clusters.has(task.job_cluster_key)) {
      throw invalid(`Task ${name} uses the job cluster ${task.job_cluster_key}, which is not defined.`);
    }
    if (task.environment_key !== undefined && !environments.has(task.environment_key)) {
      throw invalid(`Task ${name} uses the environment ${task.environment_key}, which is not defined.`);
    }
  }
  checkCycle(settings);
}

function checkTypes(owner: JsonObject, fields: Fields, path: string): void {
  for (const [key, value] of Object.entries(owner)) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    const place = path ? `${path}.${key}` : key;
    if (field !== undefined && value !== undefined && value !== null) checkValue(value, field, place);
  }
}

function checkValue(value: Json, field: Field, place: string): void {
  const wrong = (what: string) => malformed(`Could not parse request object: expected ${what} for field '${place}'.`);
  if (Array.isArray(field)) {
    if (!Array.isArray(value)) throw wrong("a list");
    value.forEach((item, index) => {
      if (!isObject(item)) throw wrong("a list of objects");
      checkTypes(item, field[0], `${place}[${index}]`);
    });
  } else if (typeof field !== "string") {
    if (!isObject(value)) throw wrong("an object");
    checkTypes(value, field as Fields, place);
  } else if (field === "string") {
    if (typeof value !== "string") throw wrong("a string");
  } else if (field === "boolean") {
    if (typeof value !== "boolean") throw wrong("a boolean");
  } else if (field === "double") {
    if (typeof value !== "number") throw wrong("a number");
  } else if (field === "int32" || field === "int64") {
    if (typeof value !== "bigint" && !Number.isInteger(value)) throw wrong("an integer");
  } else if (field === "strings") {
    if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) throw wrong("a list of strings");
  } else if (field === "map") {
    if (!isObject(value) || Object.values(value).some((item) => typeof item !== "string")) {
      throw wrong("a map of strings");
    }
  } else if (!field.split("|").includes(String(value))) {
    throw invalid(`${place} must be one of ${field.split("|").filter(Boolean).join(", ")}, not '${value}'.`);
  }
}

function checkCycle(settings: JsonObject): void {
  const waiting = new Map<Json | undefined, Set<Json | undefined>>(
    objectsIn(settings.tasks).map((task) => [
      task.task_key,
      new Set(objectsIn(task.depends_on).map((dependency) => dependency.task_key)),
    ]),
  );
  const ready = [...waiting].filter(([, needs]) => needs.size === 0).map(([key]) => key);
  for (let key = ready.pop(); waiting.size > 0; key = ready.pop()) {
    if (key === undefined) throw invalid("The task dependencies of the job contain a cycle.");
    waiting.delete(key);
    for (const [other, needs] of waiting) if (needs.delete(key) && needs.size === 0) ready.push(other);
  }
}
