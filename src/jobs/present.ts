/** Makes leaf changes readable: objects that come or go as one change, renamed list elements, single elements of lists. */
import type { JobSettings } from "../model/job.ts";
import type { FieldChange, FieldKind } from "../model/plan.ts";
import { isObject, type Json, type JsonObject } from "../util/json.ts";
import { stableJson } from "../util/stable-json.ts";
import { defaultOf, listIdentity, ruleOf } from "../workspace/fields.ts";
import type { LeafChange } from "./diff.ts";
import type { Flat } from "./leaves.ts";
import { memberPath } from "./pattern.ts";

/** Both sides taken apart, and how to show them. */
export interface Sides {
  desired: Flat;
  actual: Flat;
  /** The desired side as it may be shown. */
  shown: Flat;
  isSecret(path: string): boolean;
}

/** What stands for a secret that is never kept. */
export const HIDDEN = "(hidden)";

/** A copy of the settings with the leaves that `isSecret` names hidden. */
export function hideSecrets(settings: JobSettings, isSecret: (path: string) => boolean): JobSettings {
  return masked(settings, "", isSecret) as JobSettings;
}

function masked(value: Json, path: string, isSecret: (path: string) => boolean): Json {
  if (isSecret(path)) return HIDDEN;
  if (Array.isArray(value)) {
    return value.map((element, index) => masked(element, elementPath(element, index, path), isSecret));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, masked(member as Json, memberPath(path, key), isSecret)]),
  );
}

function elementPath(element: Json, index: number, list: string): string {
  const identity = listIdentity(list.replace(/\[[^\]]*\]/g, "[*]"));
  if (identity.kind === "keyed" && isObject(element))
    return `${list}[${identity.key}=${String(element[identity.key])}]`;
  return `${list}[${index}]`;
}

/** Value of the desired side at a path, as it may be shown. */
function shownAfter(path: string, sides: Sides): Json | undefined {
  return sides.shown.containers.get(path) ?? sides.shown.leaves.get(path)?.value;
}

function shownFound(path: string, value: Json | undefined, sides: Sides): Json | undefined {
  return value === undefined ? undefined : masked(value, path, sides.isSecret);
}

/** before, actual and after of one change. */
function values(
  kind: FieldKind,
  untouched: boolean,
  found: Json | undefined,
  after: Json | undefined,
): Partial<FieldChange> {
  const out: Partial<FieldChange> = {};
  if (kind === "drift") {
    // We did not move, so what we last applied is what is declared.
    if (after !== undefined) out.before = after;
    if (found !== undefined) out.actual = found;
  } else if (kind === "conflict" && !untouched) {
    if (found !== undefined) out.actual = found;
  } else if (found !== undefined) out.before = found;
  if (after !== undefined) out.after = after;
  return out;
}

/** The outermost container that exists on one side only, for a leaf that exists on one side only. */
function rootOf(path: string, here: Flat, there: Flat): string {
  let root = path;
  for (let parent = here.parents.get(root); parent; parent = here.parents.get(parent)) {
    if (there.containers.has(parent)) break;
    root = parent;
  }
  return root;
}

interface Group {
  root: string;
  kind: FieldKind;
  side: "desired" | "actual";
  members: LeafChange[];
}

/** Groups leaves that come or go together; leaves present on both sides stay alone. */
function grouped(changes: LeafChange[], sides: Sides): (LeafChange | Group)[] {
  const out: (LeafChange | Group)[] = [];
  const groups = new Map<string, Group>();
  for (const change of changes) {
    if (change.desired && change.actual) {
      out.push(change);
      continue;
    }
    const side = change.desired ? "desired" : "actual";
    const [here, there] = side === "desired" ? [sides.desired, sides.actual] : [sides.actual, sides.desired];
    const root = rootOf(change.path, here, there);
    const key = `${side} ${change.kind} ${root}`;
    const group = groups.get(key);
    if (group) group.members.push(change);
    else {
      const made: Group = { root, kind: change.kind, side, members: [change] };
      groups.set(key, made);
      out.push(made);
    }
  }
  return out;
}

const ELEMENT = /^(.*)\[([A-Za-z_]+)=([^\]]*)\]$/;

/** Pairs an element that went with one that came in the same keyed list and is otherwise equal: its key was changed. */
function renames(items: (LeafChange | Group)[], sides: Sides): (LeafChange | Group | FieldChange)[] {
  const gone = new Map<string, { group: Group; key: string; old: string }[]>();
  const rest = (element: Json | undefined, key: string) => {
    const copy = isObject(element) ? { ...element } : {};
    delete copy[key];
    return stableJson(copy);
  };
  for (const item of items) {
    const match = "members" in item && item.side === "actual" ? ELEMENT.exec(elementRoot(item)) : null;
    if (!match || !("members" in item)) continue;
    const [, list = "", key = "", old = ""] = match;
    const id = `${list} ${item.kind} ${rest(strippedOf(item, sides.actual), key)}`;
    gone.set(id, [...(gone.get(id) ?? []), { group: item, key, old }]);
  }
  if (gone.size === 0) return items;
  const replaced = new Map<Group, FieldChange | undefined>();
  for (const item of items) {
    const match = "members" in item && item.side === "desired" ? ELEMENT.exec(elementRoot(item)) : null;
    if (!match || !("members" in item)) continue;
    const [, list = "", key = "", now = ""] = match;
    const partner = gone.get(`${list} ${item.kind} ${rest(strippedOf(item, sides.desired), key)}`)?.shift();
    if (!partner) continue;
    replaced.set(partner.group, undefined);
    const path = memberPath(elementRoot(partner.group), key);
    replaced.set(item, { path, kind: item.kind, ...values(item.kind, true, partner.old, now) });
  }
  return items.flatMap((item): (LeafChange | Group | FieldChange)[] => {
    if (!("members" in item) || !replaced.has(item)) return [item];
    const change = replaced.get(item);
    return change ? [change] : [];
  });
}

/** Root of a group as a list element, also when its only leaf is the element's key. */
function elementRoot(group: Group): string {
  const only = group.members.length === 1 ? group.members[0]?.path : undefined;
  const match = only === group.root ? /^(.*\[([A-Za-z_]+)=[^\]]*\])\.(.+)$/.exec(group.root) : null;
  return match && match[2] === match[3] ? (match[1] ?? group.root) : group.root;
}

/** The element with only the leaves that somebody wrote, so that what the service adds does not hide a rename. */
function strippedOf(group: Group, flat: Flat): Json | undefined {
  const root = elementRoot(group);
  if (!flat.containers.has(root)) return undefined;
  const settings = flat.containers.get("") as JsonObject;
  const written = group.members.flatMap((member): [string, Json][] => {
    const leaf = member.desired ?? member.actual;
    const rule = ruleOf(member.pattern);
    if (!leaf || rule?.kind === "computed" || rule?.kind === "volatile") return [];
    if (rule?.kind === "default" && String(leaf.value) === String(defaultOf(rule, settings))) return [];
    return [[member.path.slice(root.length + 1), leaf.value]];
  });
  return Object.fromEntries(written);
}

/** A list whose length stayed and in which elements were replaced: one change an element. */
function refined(change: LeafChange, sides: Sides): FieldChange[] | undefined {
  const found = change.actual?.value;
  const wanted = change.desired?.value;
  const shown = sides.shown.leaves.get(change.path)?.value;
  if (!Array.isArray(found) || !Array.isArray(wanted) || !Array.isArray(shown)) return undefined;
  if (found.length !== wanted.length || sides.isSecret(change.path)) return undefined;
  const asSet = listIdentity(change.pattern).kind === "set";
  const declared = sides.desired.leaves.get(change.path)?.value as Json[];
  const pairs: [number, Json, Json, Json][] = [];
  if (asSet) {
    const left = found.map((value) => stableJson(value));
    const spare = new Map<string, number>();
    for (const text of left) spare.set(text, (spare.get(text) ?? 0) + 1);
    const fresh = declared.flatMap((value, index) => {
      const text = stableJson(value);
      const count = spare.get(text) ?? 0;
      if (count === 0) return [index];
      spare.set(text, count - 1);
      return [];
    });
    const old = found.filter((value) => {
      const text = stableJson(value);
      const count = spare.get(text) ?? 0;
      if (count > 0) spare.set(text, count - 1);
      return count > 0;
    });
    if (old.length !== fresh.length) return undefined;
    fresh.forEach((index, n) => {
      pairs.push([index, old[n] as Json, declared[index] as Json, shown[index] as Json]);
    });
  } else {
    found.forEach((value, index) => {
      const want = wanted[index] as Json;
      if (comparableText(value) !== comparableText(want)) pairs.push([index, value, want, shown[index] as Json]);
    });
  }
  if (pairs.length === 0) return undefined;
  return pairs.flatMap(([index, old, now, visible]) =>
    elementChanges(`${change.path}[${index}]`, change, old, now, visible),
  );
}

const comparableText = (value: Json) => (typeof value === "object" ? stableJson(value) : String(value));

/** Fields in which two elements of a set differ, or the element itself where it is a scalar. */
function elementChanges(path: string, change: LeafChange, old: Json, now: Json, visible: Json): FieldChange[] {
  if (Array.isArray(old) && Array.isArray(now) && Array.isArray(visible) && old.length === now.length) {
    return now.flatMap((value, index) =>
      comparableText(old[index] as Json) === comparableText(value)
        ? []
        : elementChanges(`${path}[${index}]`, change, old[index] as Json, value, visible[index] as Json),
    );
  }
  if (!isObject(old) || !isObject(now) || !isObject(visible)) {
    return [{ path, kind: change.kind, ...values(change.kind, change.untouched, old, visible) }];
  }
  const out: FieldChange[] = [];
  for (const key of new Set([...Object.keys(now), ...Object.keys(old)])) {
    if (stableJson(old[key] ?? null) === stableJson(now[key] ?? null)) continue;
    out.push(
      ...elementChanges(
        memberPath(path, key),
        change,
        (old[key] ?? null) as Json,
        (now[key] ?? null) as Json,
        (visible[key] ?? null) as Json,
      ),
    );
  }
  return out.map((field) => {
    const clean: FieldChange = { ...field };
    for (const side of ["before", "actual", "after"] as const) if (clean[side] === null) delete clean[side];
    return clean;
  });
}

/** Leaf changes as a reader wants them; see the module's head. */
export function presentChanges(changes: LeafChange[], sides: Sides): FieldChange[] {
  return renames(grouped(changes, sides), sides).flatMap((item): FieldChange[] => {
    if ("members" in item) return [groupChange(item, sides)];
    if (!("pattern" in item)) return [item];
    const elements = refined(item, sides);
    if (elements) return elements;
    const found = shownFound(item.path, item.actual?.value, sides);
    return [
      { path: item.path, kind: item.kind, ...values(item.kind, item.untouched, found, shownAfter(item.path, sides)) },
    ];
  });
}

function groupChange(group: Group, sides: Sides): FieldChange {
  const [first] = group.members;
  const path = group.members.length === 1 && first ? first.path : group.root;
  const pattern = group.members.length === 1 && first ? first.pattern : "";
  const found =
    group.side === "actual"
      ? shownFound(path, sides.actual.containers.get(path) ?? sides.actual.leaves.get(path)?.value, sides)
      : defaultAt(path, pattern, sides.actual);
  const after = group.side === "desired" ? shownAfter(path, sides) : defaultAt(path, pattern, sides.desired);
  const untouched = group.members.every((member) => member.untouched);
  return { path, kind: group.kind, ...values(group.kind, untouched, found, after) };
}

/** What absence means at a path: the service's default, where the object around it is there. */
function defaultAt(path: string, pattern: string, side: Flat): Json | undefined {
  const rule = ruleOf(pattern);
  if (rule?.kind !== "default") return undefined;
  const parent = path.slice(0, Math.max(0, path.lastIndexOf(".")));
  return side.containers.has(parent) ? defaultOf(rule, side.containers.get("") as JsonObject) : undefined;
}
