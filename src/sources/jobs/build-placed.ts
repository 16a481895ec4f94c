/** Makes trees of values out of parts of others, so that what is made still knows where it was written. */
import type { Json } from "../../util/json.ts";
import { type Placed, type PlacedMap, type PlacedMember, placedAt, type Spot } from "../../util/placed-yaml.ts";

/** A member with a value of its own, at the place of another. */
export function memberAt(value: Placed, spot: Spot): PlacedMember {
  return { value, source: spot.source, offset: spot.offset };
}

/** A map of the members that are there. */
export function mapOf(members: readonly (readonly [string, PlacedMember | undefined])[], spot: Spot): PlacedMap {
  const given = members.filter((member): member is [string, PlacedMember] => member[1] !== undefined);
  return { kind: "map", members: new Map(given), source: spot.source, offset: spot.offset };
}

/** A list at a place. */
export function listOf(items: Placed[], spot: Spot): Placed {
  return { kind: "list", items, source: spot.source, offset: spot.offset };
}

/** The map with members put in; one that is undefined is taken out. */
export function withMembers(node: PlacedMap, changes: Readonly<Record<string, PlacedMember | undefined>>): PlacedMap {
  const members = new Map(node.members);
  for (const [key, member] of Object.entries(changes)) {
    if (member === undefined) members.delete(key);
    else members.set(key, member);
  }
  return { ...node, members };
}

/** A plain value as a member. */
export function valueMember(value: Json, spot: Spot): PlacedMember {
  return memberAt(placedAt(value, spot), spot);
}

/** True for a member that says nothing: `key:` without a value. */
export function isEmptyMember(member: PlacedMember | undefined): boolean {
  return member === undefined || (member.value.kind === "scalar" && member.value.value === null);
}
