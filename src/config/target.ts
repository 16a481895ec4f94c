/** Targets: which one is meant, and the config with it laid over. */
import type { Problem } from "../model/problem.ts";
import { nearest } from "../util/nearest.ts";
import { jsonOf, memberOf, overlay, type Placed, type PlacedMap, placeOfSpot } from "../util/placed-yaml.ts";
import { OVERLAY_KEYS, TARGET_KEYS } from "./schema.ts";

/** A target as written: its own keys, and the parts that lie over the config. */
export interface WrittenTarget {
  name: string;
  own: PlacedMap;
  over: PlacedMap;
}

/** Name of the one target of a project that declares none. */
const ONLY_TARGET = "default";

/** All targets of a file; a file without any has one that says nothing. */
export function targetsOf(root: PlacedMap): WrittenTarget[] {
  const targets = memberOf(root, "targets");
  if (targets?.kind !== "map" || targets.members.size === 0) {
    const nothing: PlacedMap = { kind: "map", members: new Map(), source: root.source, offset: root.offset };
    return [{ name: ONLY_TARGET, own: nothing, over: nothing }];
  }
  return [...targets.members].map(([name, { value }]) => {
    const own = new Map(value.kind === "map" ? value.members : []);
    const over = new Map(own);
    for (const key of own.keys()) (OVERLAY_KEYS.includes(key) ? own : over).delete(key);
    const at = { source: value.source, offset: value.offset };
    return { name, own: { kind: "map", members: own, ...at }, over: { kind: "map", members: over, ...at } };
  });
}

/** Names of keys a target may have, for "did you mean". */
export const TARGET_NAMES = [...Object.keys(TARGET_KEYS), ...OVERLAY_KEYS];

const isDefault = (target: WrittenTarget) => {
  const node = memberOf(target.own, "default");
  return node !== undefined && jsonOf(node) === true;
};

/** The target that is meant, or the problem that none is. */
export function chooseTarget(
  root: PlacedMap,
  targets: readonly WrittenTarget[],
  wanted: string | undefined,
): { target: WrittenTarget | undefined; problems: Problem[] } {
  const place = placeOfSpot(root.members.get("targets") ?? root);
  const fault = (code: string, message: string, hint: string): Problem => {
    return { severity: "error", code, place, path: "targets", message, hint };
  };
  const names = targets.map((target) => target.name);
  const defaults = targets.filter(isDefault);
  const problems: Problem[] = [];
  if (defaults.length > 1) {
    const message = `${defaults.map((target) => target.name).join(" and ")} are both the default`;
    problems.push(fault("two_defaults", message, "keep `default: true` at one of them"));
  }
  if (wanted !== undefined) {
    const target = targets.find(({ name }) => name === wanted);
    const near = nearest(wanted, names);
    const hint = near ? `did you mean ${near}?` : `there are ${names.join(", ")}`;
    if (!target) problems.push(fault("unknown_target", `there is no target '${wanted}'`, hint));
    return { target, problems };
  }
  const target = defaults[0] ?? (targets.length === 1 ? targets[0] : undefined);
  if (!target) {
    const message = `none of ${names.join(", ")} is the default`;
    problems.push(fault("no_target", message, "name one with --target, or set `default: true`"));
  }
  return { target, problems };
}

/** `sources` and `sinks` are merged element by element. A nameless one is called by its kind. */
function withNames(node: Placed): Placed {
  if (node.kind !== "map") return node;
  const members = new Map(node.members);
  for (const [key, member] of members) {
    const value =
      (key === "sources" || key === "sinks" || key === "inventory" || key === "notify") && member.value.kind === "list"
        ? { ...member.value, items: member.value.items.map(withName) }
        : withNames(member.value);
    members.set(key, { ...member, value });
  }
  return { ...node, members };
}

function withName(node: Placed): Placed {
  const kind = node.kind === "map" ? node.members.get("kind") : undefined;
  if (node.kind !== "map" || !kind || node.members.has("name")) return node;
  return { ...node, members: new Map(node.members).set("name", kind) };
}

/** The config with a target over it: maps merge, lists replace, `sources` and `sinks` merge by name. */
export function layOver(root: PlacedMap, target: WrittenTarget): PlacedMap {
  const base = new Map(root.members);
  base.delete("targets");
  const below = withNames({ ...root, members: base });
  const merged = overlay(below, withNames(target.over), (path) =>
    /\.(?:sources|sinks)$/.test(path) ? "name" : undefined,
  );
  return { ...(merged as PlacedMap), source: root.source, offset: root.offset };
}
