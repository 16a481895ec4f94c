/** The settings of a job as a list of paths and values, for showing a new one field by field. */
import { isObject, type Json, type JsonObject } from "../../util/json.ts";

/** One value that is no map or list, with its path. */
export interface Leaf {
  path: string;
  value: Json;
}

/** Members by which elements of a list are told apart in a path, as in plans. */
const KEYS = ["task_key", "job_cluster_key", "environment_key", "name"];

function step(path: string, key: string): string {
  if (!/^\w+$/.test(key)) return `${path}['${key}']`;
  return path === "" ? key : `${path}.${key}`;
}

function elementPath(path: string, element: Json, index: number): string {
  const key = isObject(element) ? KEYS.find((name) => typeof element[name] === "string") : undefined;
  return key === undefined ? `${path}[${index}]` : `${path}[${key}=${String((element as JsonObject)[key])}]`;
}

/** All leaves in written order; an empty map or list is one. */
export function leavesOf(value: Json, path = ""): Leaf[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((element, index) => leavesOf(element, elementPath(path, element, index)));
  }
  if (isObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, inner]) =>
      inner === undefined ? [] : leavesOf(inner, step(path, key)),
    );
  }
  return [{ path, value }];
}
