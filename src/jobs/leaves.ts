/** Settings as a flat list of leaves: one path and value for each thing that can differ. */
import { childShape, type FieldShape } from "../model/job-fields.ts";
import { isObject, type Json, type JsonObject } from "../util/json.ts";
import { stableJson } from "../util/stable-json.ts";
import { elementPattern, memberPattern, type Pattern, pathBelow, rootPattern } from "./pattern.ts";

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

/** Told of what a walk through settings comes to, in document order. */
interface Visitor {
  /** An object, keyed list or list of objects. */
  enter(path: string, parent: string, value: Json): void;
  leaf(path: string, parent: string, value: Json, pattern: Pattern): void;
}

/**
 * The leaves of a job's settings, in document order. Keyed lists are told by key (`tasks[task_key=load]`), lists of
 * objects by position (`health.rules[0]`); lists of scalars and sets are one leaf (sets sorted). Empty maps and lists
 * are left out: the service returns neither.
 */
export function flatten(settings: JsonObject): Flat {
  const flat: Flat = { leaves: new Map(), containers: new Map([["", settings]]), parents: new Map() };
  walkMembers(settings, "", rootPattern(), {
    enter(path, parent, value) {
      flat.containers.set(path, value);
      flat.parents.set(path, parent);
    },
    leaf(path, parent, value, { text, shape }) {
      flat.leaves.set(path, { path, pattern: text, value, known: shape !== undefined });
      flat.parents.set(path, parent);
    },
  });
  return flat;
}

const nothing = () => undefined;

/** Visits the leaves that {@link flatten} finds, without keeping anything of them. */
export function eachLeaf(settings: JsonObject, visit: (path: string, pattern: string, value: Json) => void): void {
  walkMembers(settings, "", rootPattern(), {
    enter: nothing,
    leaf: (path, _parent, value, pattern) => visit(path, pattern.text, value),
  });
}

function walkMembers(object: JsonObject, path: string, pattern: Pattern, visitor: Visitor, skip?: string): void {
  for (const key in object) {
    if (key === skip) continue;
    const value = object[key];
    if (value === undefined || value === null) continue;
    const member = memberPattern(pattern, key);
    walk(value, pathBelow(path, member), member, path, visitor);
  }
}

function walk(value: Json, path: string, pattern: Pattern, parent: string, visitor: Visitor): void {
  if (typeof value !== "object") {
    visitor.leaf(path, parent, value, pattern);
    return;
  }
  if (Array.isArray(value)) {
    walkList(value, path, pattern, parent, visitor);
    return;
  }
  if (value === null) return;
  visitor.enter(path, parent, value);
  if (pattern.presence) visitor.leaf(path, parent, {}, pattern);
  walkMembers(value, path, pattern, visitor);
}

function walkList(list: Json[], path: string, pattern: Pattern, parent: string, visitor: Visitor): void {
  if (list.length === 0) return;
  const { identity } = pattern;
  const keys = identity.kind === "keyed" ? keysOf(list, identity.key) : undefined;
  if (identity.kind === "keyed" && keys) {
    visitor.enter(path, parent, list);
    const element = elementPattern(pattern);
    const key = memberPattern(element, identity.key);
    for (let index = 0; index < list.length; index += 1) {
      const at = `${path}[${identity.key}=${keys[index]}]`;
      visitor.enter(at, path, list[index] as Json);
      // The key itself is a leaf, so that an element that is nothing but its key (a webhook's id) is seen.
      visitor.leaf(pathBelow(at, key), at, keys[index] as string, key);
      walkMembers(list[index] as JsonObject, at, element, visitor, identity.key);
    }
    return;
  }
  const full = list.filter((element) => !isEmpty(element));
  if (full.length === 0) return;
  // A keyed list whose keys are missing or doubled is told by position, like any list of objects.
  if (identity.kind !== "set" && full.every(isObject)) {
    visitor.enter(path, parent, full);
    const element = elementPattern(pattern);
    full.forEach((object, index) => {
      const at = `${path}[${index}]`;
      visitor.enter(at, path, object);
      walkMembers(object, at, element, visitor);
    });
    return;
  }
  const items = childShape(pattern.shape, 0);
  const kept = full.map((element) => pruned(element, items));
  const value = identity.kind !== "set" ? kept : [...kept].sort((a, b) => (stableJson(a) < stableJson(b) ? -1 : 1));
  visitor.leaf(path, parent, value, pattern);
}

/** True where some text of a value holds a reference `${…}`. */
export function hasReference(value: Json | undefined): boolean {
  if (typeof value === "string") return value.includes("${");
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(hasReference);
  for (const key in value) if (hasReference(value[key])) return true;
  return false;
}

/**
 * A copy of the settings in which every text went through `change`, which gets the text, the path of its leaf and the
 * name of the member it stands in. What does not change is shared with the original.
 */
export function mapTexts(
  settings: JsonObject,
  change: (text: string, path: string, member: string) => Json,
): JsonObject {
  return mapValue(settings, "", rootPattern(), "", change) as JsonObject;
}

function mapValue(
  value: Json,
  path: string,
  pattern: Pattern,
  member: string,
  change: (text: string, path: string, member: string) => Json,
): Json {
  if (typeof value === "string") return change(value, path, member);
  if (Array.isArray(value)) {
    const { identity } = pattern;
    const keys = identity.kind === "keyed" ? keysOf(value, identity.key) : undefined;
    const elements = elementPattern(pattern);
    const byPosition = identity.kind !== "set" && !keys && value.every(isObject);
    let changed = false;
    const mapped = value.map((element, index) => {
      const at =
        keys && identity.kind === "keyed"
          ? `${path}[${identity.key}=${keys[index]}]`
          : byPosition
            ? `${path}[${index}]`
            : path;
      const now = mapValue(element, at, elements, member, change);
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
    const inside = memberPattern(pattern, key);
    const now = mapValue(inner, pathBelow(path, inside), inside, key, change);
    if (now !== inner) {
      copy ??= { ...value };
      copy[key] = now;
    }
  }
  return copy ?? value;
}
