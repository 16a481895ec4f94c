/** YAML as a tree of values that know where they are written: for messages with file, line and column. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  Scalar,
} from "yaml";
import type { Json, JsonObject } from "./json.ts";

/** One text that was read. */
export interface YamlSource {
  /** Name shown in messages. */
  file: string;
  lines: LineCounter;
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

/** A fault of the text itself. */
export interface YamlFault {
  severity: "error" | "warning";
  message: string;
  hint?: string | undefined;
  spot: Spot;
}

/** Line and column, counted from 1. */
export function placeOfSpot(spot: Spot): { file: string; line: number; column: number } {
  const { line, col } = spot.source.lines.linePos(spot.offset);
  return { file: spot.source.file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** The line of a text in which an offset lies, without its indent, at most 60 characters. */
function excerpt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  const line = text.slice(start, end < 0 ? undefined : end).trim();
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

/** More values than this can only come from aliases that multiply. */
const MOST_NODES = 5_000_000;

interface Conversion {
  document: Document;
  source: YamlSource;
  faults: YamlFault[];
  /** Aliases share the tree of their anchor. */
  anchors: Map<Node, Placed>;
  open: Set<Node>;
}

function convertScalar(node: Scalar, spot: Spot): PlacedScalar {
  const { value } = node;
  const text = node.source ?? String(value);
  if (typeof value === "bigint") {
    const small = Number(value);
    return { kind: "scalar", value: Number.isSafeInteger(small) ? small : value, text, ...spot };
  }
  if (value === null || typeof value === "boolean") return { kind: "scalar", value, text, ...spot };
  // .inf and .nan have no JSON form.
  if (typeof value === "number" && Number.isFinite(value)) return { kind: "scalar", value, text, ...spot };
  const string = typeof value === "string" ? value : text;
  return { kind: "scalar", value: string, text: string, ...spot };
}

function convert(node: unknown, parent: Spot, state: Conversion): Placed {
  const spot = { source: state.source, offset: (node as Node | null)?.range?.[0] ?? parent.offset };
  if (isAlias(node)) {
    const anchored = node.resolve(state.document);
    if (anchored && !state.open.has(anchored)) return state.anchors.get(anchored) ?? convert(anchored, spot, state);
    const message = anchored ? `*${node.source} contains itself` : `there is no anchor &${node.source} above`;
    state.faults.push({ severity: "error", message, spot });
    return { kind: "scalar", value: null, text: "", ...spot };
  }
  if (isScalar(node)) {
    const scalar = convertScalar(node, spot);
    if (node.anchor) state.anchors.set(node, scalar);
    return scalar;
  }
  if (isMap(node) || isSeq(node)) {
    state.open.add(node);
    const placed = isMap(node) ? convertMap(node.items, spot, state) : convertList(node.items, spot, state);
    state.open.delete(node);
    if (node.anchor) state.anchors.set(node, placed);
    return placed;
  }
  return { kind: "scalar", value: null, text: "", ...spot };
}

function convertList(items: readonly unknown[], spot: Spot, state: Conversion): PlacedList {
  return { kind: "list", items: items.map((item) => convert(item, spot, state)), ...spot };
}

function convertMap(pairs: readonly { key: unknown; value: unknown }[], spot: Spot, state: Conversion): PlacedMap {
  const map: PlacedMap = { kind: "map", members: new Map(), ...spot };
  const merged: Placed[] = [];
  for (const pair of pairs) {
    const keyNode = isAlias(pair.key) ? pair.key.resolve(state.document) : pair.key;
    const at = { source: state.source, offset: (pair.key as Node | null)?.range?.[0] ?? spot.offset };
    if (keyNode !== null && !isScalar(keyNode)) {
      state.faults.push({ severity: "error", message: "a key must be plain text", spot: at });
      continue;
    }
    const plain = keyNode?.type === Scalar.PLAIN || keyNode?.type === undefined;
    const key = plain ? (keyNode?.source ?? "") : String(keyNode?.value);
    const value = convert(pair.value, at, state);
    if (key === "<<" && plain) {
      merged.push(...(value.kind === "list" ? value.items : [value]));
      continue;
    }
    const before = map.members.get(key);
    if (before) map.duplicates = [...(map.duplicates ?? []), { key, first: before, second: at }];
    map.members.set(key, { value, ...at });
  }
  // What is written here wins over what is merged in, and earlier merges over later ones.
  for (const other of merged) {
    if (other.kind !== "map") {
      state.faults.push({ severity: "error", message: "<< takes a map, or a list of maps", spot: other });
      continue;
    }
    for (const [key, member] of other.members) if (!map.members.has(key)) map.members.set(key, member);
  }
  return map;
}

/**
 * Parses a YAML (or JSON) text. Faults of syntax do not throw: what could be read is still in `root`, which is
 * undefined only for a text without content.
 */
export function parsePlacedYaml(text: string, file: string): { root: Placed | undefined; faults: YamlFault[] } {
  const lines = new LineCounter();
  const source: YamlSource = { file, lines };
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    intAsBigInt: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const faults: YamlFault[] = [];
  if (!Array.isArray(documents)) return { root: undefined, faults };
  const [document, second] = documents;
  if (!document) return { root: undefined, faults };
  for (const { errors, warnings } of documents) {
    for (const fault of [...errors, ...warnings]) {
      const offset = Math.min(fault.pos[0], Math.max(text.length - 1, 0));
      faults.push({
        severity: fault.name === "YAMLWarning" ? "warning" : "error",
        message: `${fault.message.replace(/\s+/g, " ").replace(/\.$/, "")}, near \`${excerpt(text, offset)}\``,
        hint: fault.code === "TAB_AS_INDENT" ? "indent with blanks" : undefined,
        spot: { source, offset },
      });
    }
  }
  if (second) {
    const spot = { source, offset: second.contents?.range?.[0] ?? second.range[0] };
    faults.push({
      severity: "error",
      message: "only one YAML document a file is read",
      hint: "remove the `---`",
      spot,
    });
  }
  if (document.contents === null) return { root: undefined, faults };
  const state: Conversion = { document, source, faults, anchors: new Map(), open: new Set() };
  const root = convert(document.contents, { source, offset: 0 }, state);
  if (countNodes(root) > MOST_NODES) {
    faults.push({ severity: "error", message: "its aliases multiply to millions of values", spot: root });
    return { root: undefined, faults };
  }
  return { root, faults };
}

/** Number of values with aliases written out; stops counting beyond {@link MOST_NODES}. */
function countNodes(root: Placed): number {
  const counted = new Map<Placed, number>();
  const count = (node: Placed): number => {
    if (node.kind === "scalar") return 1;
    let sum = counted.get(node);
    if (sum === undefined) {
      sum = 1;
      for (const inner of childrenOf(node)) sum = Math.min(sum + count(inner), MOST_NODES + 1);
      counted.set(node, sum);
    }
    return sum;
  };
  return count(root);
}

function* childrenOf(node: PlacedList | PlacedMap): Generator<Placed> {
  if (node.kind === "list") yield* node.items;
  else for (const member of node.members.values()) yield member.value;
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

/**
 * The tree with each scalar and key put through a function; untouched parts are shared with the original.
 * `onKey` may return undefined to leave the member out.
 */
export function mapPlaced(
  node: Placed,
  path: string,
  onScalar: (scalar: PlacedScalar, path: string) => Placed,
  onKey?: (key: string, spot: Spot, path: string) => string | undefined,
): Placed {
  if (node.kind === "scalar") return onScalar(node, path);
  if (node.kind === "list") {
    let changed = false;
    const items = node.items.map((item, index) => {
      const mapped = mapPlaced(item, childPath(path, index), onScalar, onKey);
      if (mapped !== item) changed = true;
      return mapped;
    });
    return changed ? { ...node, items } : node;
  }
  let changed = false;
  const members = new Map<string, PlacedMember>();
  for (const [key, member] of node.members) {
    const inner = childPath(path, key);
    const name = onKey ? onKey(key, member, inner) : key;
    if (name === undefined) {
      changed = true;
      continue;
    }
    const value = mapPlaced(member.value, inner, onScalar, onKey);
    if (value !== member.value || name !== key) changed = true;
    members.set(name, value === member.value ? member : { ...member, value });
  }
  return changed ? { ...node, members } : node;
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
export function duplicatesIn(node: Placed, path = ""): { path: string; key: string; first: Spot; second: Spot }[] {
  if (node.kind === "scalar") return [];
  if (node.kind === "list") return node.items.flatMap((item, index) => duplicatesIn(item, childPath(path, index)));
  const found = (node.duplicates ?? []).map((duplicate) => ({ path, ...duplicate }));
  for (const [key, member] of node.members) found.push(...duplicatesIn(member.value, childPath(path, key)));
  return found;
}
