/** Settings as a flat list of leaves: one path and value for each thing that can differ. */
import { isObject, type Json, type JsonObject } from "../util/json.ts";
import { stableJson } from "../util/stable-json.ts";
import { listIdentity, PRESENCE } from "../workspace/fields.ts";

/** One leaf: a scalar, a whole list of scalars, or a whole set. */
export interface Leaf {
  /** `tasks[task_key=load].max_retries`. */
  path: string;
  /** The same with `[*]` for list elements: `tasks[*].max_retries`. */
  pattern: string;
  value: Json;
}

/** Settings taken apart. */
export interface Flat {
  /** By path, in document order. */
  leaves: Map<string, Leaf>;
  /** Every object, keyed list and list of objects by path; "" is the root. */
  containers: Map<string, Json>;
  /** Path of the container around a leaf or container. */
  parents: Map<string, string>;
}

const WORD = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Path of a member: `a.b`, or `a['b.c']` where the key is no plain word. */
export function memberPath(parent: string, key: string): string {
  if (!WORD.test(key)) return `${parent}['${key.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}']`;
  return parent === "" ? key : `${parent}.${key}`;
}

const dotted = (parent: string, key: string) => (parent === "" ? key : `${parent}.${key}`);

/** True for what the service does not tell from absence: null, `{}` and `[]`, also nested. */
function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.every(isEmpty) && value.length === 0;
  return isObject(value) && Object.values(value).every(isEmpty);
}

/** A list element without empty members. */
function pruned(value: Json): Json {
  if (Array.isArray(value)) return value.map(pruned);
  if (!isObject(value)) return value;
  const kept: JsonObject = {};
  for (const [key, member] of Object.entries(value)) if (!isEmpty(member)) kept[key] = pruned(member as Json);
  return kept;
}

/** Keys of a keyed list's elements, or undefined when one is missing or occurs twice. */
function keysOf(list: Json[], key: string): string[] | undefined {
  const keys: string[] = [];
  const seen = new Set<string>();
  for (const element of list) {
    const value = isObject(element) ? element[key] : undefined;
    if (value === undefined || value === null || typeof value === "object" || seen.has(String(value))) return undefined;
    seen.add(String(value));
    keys.push(String(value));
  }
  return keys;
}

/**
 * The leaves of a job's settings, in document order. Keyed lists are told by key (`tasks[task_key=load]`), lists of
 * objects by position (`health.rules[0]`); lists of scalars and sets are one leaf (sets sorted). Empty maps and lists
 * are left out: the service returns neither.
 */
export function flatten(settings: JsonObject): Flat {
  const flat: Flat = { leaves: new Map(), containers: new Map([["", settings]]), parents: new Map() };
  walkObject(settings, "", "", flat);
  return flat;
}

function enter(flat: Flat, path: string, parent: string, value: Json): void {
  flat.containers.set(path, value);
  flat.parents.set(path, parent);
}

function leaf(flat: Flat, path: string, pattern: string, parent: string, value: Json): void {
  flat.leaves.set(path, { path, pattern, value });
  flat.parents.set(path, parent);
}

function walkObject(object: JsonObject, path: string, pattern: string, flat: Flat, skip?: string): void {
  for (const key in object) {
    if (key === skip) continue;
    const value = object[key];
    if (value !== undefined && value !== null) walk(value, memberPath(path, key), dotted(pattern, key), path, flat);
  }
}

function walk(value: Json, path: string, pattern: string, parent: string, flat: Flat): void {
  if (Array.isArray(value)) {
    walkList(value, path, pattern, parent, flat);
    return;
  }
  if (!isObject(value)) {
    if (value !== null) leaf(flat, path, pattern, parent, value);
    return;
  }
  enter(flat, path, parent, value);
  if (PRESENCE.has(pattern)) leaf(flat, path, pattern, parent, {});
  walkObject(value, path, pattern, flat);
}

function walkList(list: Json[], path: string, pattern: string, parent: string, flat: Flat): void {
  if (list.length === 0) return;
  const identity = listIdentity(pattern);
  const keys = identity.kind === "keyed" ? keysOf(list, identity.key) : undefined;
  if (identity.kind === "keyed" && keys) {
    enter(flat, path, parent, list);
    list.forEach((element, index) => {
      const at = `${path}[${identity.key}=${keys[index]}]`;
      enter(flat, at, path, element);
      // The key itself is a leaf, so that an element that is nothing but its key (a webhook's id) is seen.
      leaf(flat, dotted(at, identity.key), `${pattern}[*].${identity.key}`, at, keys[index] as string);
      walkObject(element as JsonObject, at, `${pattern}[*]`, flat, identity.key);
    });
    return;
  }
  const kept = list.filter((element) => !isEmpty(element)).map(pruned);
  if (kept.length === 0) return;
  // A keyed list whose keys are missing or doubled is told by position, like any list of objects.
  if (identity.kind !== "set" && kept.every(isObject)) {
    enter(flat, path, parent, kept);
    kept.forEach((element, index) => {
      enter(flat, `${path}[${index}]`, path, element);
      walkObject(element, `${path}[${index}]`, `${pattern}[*]`, flat);
    });
    return;
  }
  const value = identity.kind !== "set" ? kept : [...kept].sort((a, b) => (stableJson(a) < stableJson(b) ? -1 : 1));
  leaf(flat, path, pattern, parent, value);
}

/**
 * A copy of the settings in which every text went through `change`, which gets the text, the path of its leaf and the
 * name of the member it stands in. What does not change is shared with the original.
 */
export function mapTexts(
  settings: JsonObject,
  change: (text: string, path: string, member: string) => Json,
): JsonObject {
  return mapValue(settings, "", "", "", change) as JsonObject;
}

function mapValue(
  value: Json,
  path: string,
  pattern: string,
  member: string,
  change: (text: string, path: string, member: string) => Json,
): Json {
  if (typeof value === "string") return change(value, path, member);
  if (Array.isArray(value)) {
    const identity = listIdentity(pattern);
    const keys = identity.kind === "keyed" ? keysOf(value, identity.key) : undefined;
    const byPosition = identity.kind !== "set" && !keys && value.every(isObject);
    let changed = false;
    const mapped = value.map((element, index) => {
      const at =
        keys && identity.kind === "keyed"
          ? `${path}[${identity.key}=${keys[index]}]`
          : byPosition
            ? `${path}[${index}]`
            : path;
      const now = mapValue(element, at, `${pattern}[*]`, member, change);
      if (now !== element) changed = true;
      return now;
    });
    return changed ? mapped : value;
  }
  if (!isObject(value)) return value;
  let copy: JsonObject | undefined;
  for (const key in value) {
    const inner = value[key];
    if (inner === undefined) continue;
    const now = mapValue(inner, memberPath(path, key), dotted(pattern, key), key, change);
    if (now !== inner) {
      copy ??= { ...value };
      copy[key] = now;
    }
  }
  return copy ?? value;
}
