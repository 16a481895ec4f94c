/** A tree of values that know where they are written: for messages with file, line and column. */
import type { Json, JsonObject } from "./json.ts";

/** One text that was read. */
export interface YamlSource {
  /** Name shown in messages. */
  file: string;
  text: string;
}

/** Where something stands. */
export interface Spot {
  source: YamlSource;
  /** Characters from the beginning. */
  offset: number;
}

export interface PlacedScalar extends Spot {
  kind: "scalar";
  value: null | boolean | number | bigint | string;
  /** As written: `1.10`, `0x1F`, `True`. The same as `value` for a string. */
  text: string;
}

export interface PlacedList extends Spot {
  kind: "list";
  items: Placed[];
}

/** A member of a map; its spot is that of the key. */
export interface PlacedMember extends Spot {
  value: Placed;
}

export interface PlacedMap extends Spot {
  kind: "map";
  members: Map<string, PlacedMember>;
  /** Keys that are written more than once: the last one is in `members`. */
  duplicates?: { key: string; first: Spot; second: Spot }[];
}

export type Placed = PlacedScalar | PlacedList | PlacedMap;

const lineStarts = new WeakMap<YamlSource, number[]>();

/** Offsets at which the lines of a text begin; found once, when the first place is asked for. */
function linesOf(source: YamlSource): number[] {
  let starts = lineStarts.get(source);
  if (!starts) {
    starts = [0];
    for (let at = source.text.indexOf("\n"); at >= 0; at = source.text.indexOf("\n", at + 1)) starts.push(at + 1);
    lineStarts.set(source, starts);
  }
  return starts;
}

/** Line and column, counted from 1. */
export function placeOfSpot(spot: Spot): { file: string; line: number; column: number } {
  const starts = linesOf(spot.source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] as number) <= spot.offset) low = middle;
    else high = middle - 1;
  }
  return { file: spot.source.file, line: low + 1, column: spot.offset - (starts[low] as number) + 1 };
}

/** The bare value of a tree. */
export function jsonOf(node: Placed): Json {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(jsonOf);
  const object: JsonObject = {};
  for (const [key, member] of node.members) setMember(object, key, jsonOf(member.value));
  return object;
}

/** Sets a member also where its name is `__proto__`. */
export function setMember(object: JsonObject, key: string, value: Json): void {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  else object[key] = value;
}

/** A tree of a bare value, all of it at one spot. */
export function placedAt(value: Json | undefined, spot: Spot): Placed {
  const at = { source: spot.source, offset: spot.offset };
  if (Array.isArray(value)) return { kind: "list", items: value.map((item) => placedAt(item, at)), ...at };
  if (typeof value === "object" && value !== null) {
    const members = new Map<string, PlacedMember>();
    for (const [key, member] of Object.entries(value)) {
      if (member !== undefined) members.set(key, { value: placedAt(member, at), ...at });
    }
    return { kind: "map", members, ...at };
  }
  const scalar = value ?? null;
  return { kind: "scalar", value: scalar, text: String(scalar ?? ""), ...at };
}

/** Dotted path of a member or element. */
export function childPath(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}['${key.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}']`;
  return path === "" ? key : `${path}.${key}`;
}

/** Where in a tree a walk is: the steps from its root. Its text is made only when it is asked for. */
type Steps = (string | number)[];

const stepsText = (base: string, steps: Steps): string => steps.reduce<string>(childPath, base);

/**
 * The tree with each scalar and key put through a function; untouched parts are shared with the original.
 * `path` is that of the root; the functions ask for the path of what they are given.
 */
export function mapPlaced(
  root: Placed,
  path: string,
  onScalar: (scalar: PlacedScalar, path: () => string) => Placed,
  onKey?: (key: string, spot: Spot, path: () => string) => string,
): Placed {
  const steps: Steps = [];
  const here = () => stepsText(path, steps);
  const walk = (node: Placed): Placed => {
    if (node.kind === "scalar") return onScalar(node, here);
    let changed = false;
    if (node.kind === "list") {
      const items = node.items.map((item, index) => {
        steps.push(index);
        const mapped = walk(item);
        steps.pop();
        if (mapped !== item) changed = true;
        return mapped;
      });
      return changed ? { ...node, items } : node;
    }
    const members = new Map<string, PlacedMember>();
    for (const [key, member] of node.members) {
      steps.push(key);
      const name = onKey ? onKey(key, member, here) : key;
      const value = walk(member.value);
      steps.pop();
      if (value !== member.value || name !== key) changed = true;
      members.set(name, value === member.value ? member : { ...member, value });
    }
    return changed ? { ...node, members } : node;
  };
  return walk(root);
}

/**
 * One tree over another: maps merge, anything else replaces; lists merge element by element where `listKey` names the
 * member that tells their elements apart (new elements go last).
 */
export function overlay(
  below: Placed,
  above: Placed,
  listKey: (path: string) => string | undefined = () => undefined,
  path = "",
): Placed {
  if (below.kind === "map" && above.kind === "map") {
    const members = new Map(below.members);
    for (const [key, member] of above.members) {
      const old = members.get(key);
      const inner = path === "" ? key : `${path}.${key}`;
      members.set(key, old ? { ...member, value: overlay(old.value, member.value, listKey, inner) } : member);
    }
    return {
      ...above,
      members,
      ...(above.duplicates || below.duplicates
        ? { duplicates: [...(below.duplicates ?? []), ...(above.duplicates ?? [])] }
        : {}),
    };
  }
  const key = below.kind === "list" && above.kind === "list" ? listKey(path) : undefined;
  if (key === undefined || below.kind !== "list" || above.kind !== "list") return above;
  const items = [...below.items];
  for (const item of above.items) {
    const name = memberText(item, key);
    const index = name === undefined ? -1 : items.findIndex((other) => memberText(other, key) === name);
    const old = items[index];
    if (old) items[index] = overlay(old, item, listKey, `${path}[*]`);
    else items.push(item);
  }
  return { ...above, items };
}

/** A member of a map, or undefined (also where the node is no map). */
export function memberOf(node: Placed | undefined, key: string): Placed | undefined {
  return node?.kind === "map" ? node.members.get(key)?.value : undefined;
}

/** Text of a scalar member, or undefined. */
export function memberText(node: Placed | undefined, key: string): string | undefined {
  const member = memberOf(node, key);
  return member?.kind === "scalar" && member.value !== null ? String(member.value) : undefined;
}

/** Every key that is written twice, with the path of its map. */
export function duplicatesIn(root: Placed, path = ""): { path: string; key: string; first: Spot; second: Spot }[] {
  const found: { path: string; key: string; first: Spot; second: Spot }[] = [];
  const steps: Steps = [];
  const walk = (node: Placed): void => {
    if (node.kind === "scalar") return;
    if (node.kind === "list") {
      node.items.forEach((item, index) => {
        steps.push(index);
        walk(item);
        steps.pop();
      });
      return;
    }
    for (const duplicate of node.duplicates ?? []) found.push({ path: stepsText(path, steps), ...duplicate });
    for (const [key, member] of node.members) {
      steps.push(key);
      walk(member.value);
      steps.pop();
    }
  };
  walk(root);
  return found;
}
