/** Settings as a flat list of leaves: one path and value for each thing that can differ. */
import { childShape, type FieldShape, JOB } from "../model/job-fields.ts";
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
  /** False for a field that the table of the Jobs API does not have: what only the workspace has of it is not ours to judge. */
  known: boolean;
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

/** A list element without empty members, and without members the Jobs API is not known to have. */
function pruned(value: Json, shape: FieldShape | undefined): Json {
  if (Array.isArray(value)) return value.map((element, index) => pruned(element, childShape(shape, index)));
  if (!isObject(value)) return value;
  const kept: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    const inner = childShape(shape, key);
    if (!isEmpty(member) && (shape === undefined || inner !== undefined)) kept[key] = pruned(member as Json, inner);
  }
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
  walkObject(settings, { path: "", pattern: "", shape: JOB }, flat);
  return flat;
}

/** Where a walk is: the path and pattern of a value, and its shape where the Jobs API is known to have it. */
interface Spot {
  path: string;
  pattern: string;
  shape: FieldShape | undefined;
}

function enter(flat: Flat, path: string, parent: string, value: Json): void {
  flat.containers.set(path, value);
  flat.parents.set(path, parent);
}

function leaf(flat: Flat, { path, pattern, shape }: Spot, parent: string, value: Json): void {
  flat.leaves.set(path, { path, pattern, value, known: shape !== undefined });
  flat.parents.set(path, parent);
}

function walkObject(object: JsonObject, { path, pattern, shape }: Spot, flat: Flat, skip?: string): void {
  for (const key in object) {
    if (key === skip) continue;
    const value = object[key];
    if (value === undefined || value === null) continue;
    walk(
      value,
      { path: memberPath(path, key), pattern: dotted(pattern, key), shape: childShape(shape, key) },
      path,
      flat,
    );
  }
}

function walk(value: Json, spot: Spot, parent: string, flat: Flat): void {
  if (Array.isArray(value)) {
    walkList(value, spot, parent, flat);
    return;
  }
  if (!isObject(value)) {
    if (value !== null) leaf(flat, spot, parent, value);
    return;
  }
  enter(flat, spot.path, parent, value);
  if (PRESENCE.has(spot.pattern)) leaf(flat, spot, parent, {});
  walkObject(value, spot, flat);
}

function walkList(list: Json[], spot: Spot, parent: string, flat: Flat): void {
  if (list.length === 0) return;
  const { path, pattern, shape } = spot;
  const identity = listIdentity(pattern);
  const items = childShape(shape, 0);
  const keys = identity.kind === "keyed" ? keysOf(list, identity.key) : undefined;
  if (identity.kind === "keyed" && keys) {
    enter(flat, path, parent, list);
    list.forEach((element, index) => {
      const at = `${path}[${identity.key}=${keys[index]}]`;
      enter(flat, at, path, element);
      // The key itself is a leaf, so that an element that is nothing but its key (a webhook's id) is seen.
      const key = {
        path: dotted(at, identity.key),
        pattern: `${pattern}[*].${identity.key}`,
        shape: childShape(items, identity.key),
      };
      leaf(flat, key, at, keys[index] as string);
      walkObject(element as JsonObject, { path: at, pattern: `${pattern}[*]`, shape: items }, flat, identity.key);
    });
    return;
  }
  const full = list.filter((element) => !isEmpty(element));
  if (full.length === 0) return;
  // A keyed list whose keys are missing or doubled is told by position, like any list of objects.
  if (identity.kind !== "set" && full.every(isObject)) {
    enter(flat, path, parent, full);
    full.forEach((element, index) => {
      const at = `${path}[${index}]`;
      enter(flat, at, path, element);
      walkObject(element, { path: at, pattern: `${pattern}[*]`, shape: items }, flat);
    });
    return;
  }
  const kept = full.map((element) => pruned(element, items));
  const value = identity.kind !== "set" ? kept : [...kept].sort((a, b) => (stableJson(a) < stableJson(b) ? -1 : 1));
  leaf(flat, spot, parent, value);
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
