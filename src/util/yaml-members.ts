/** Members of a map as YAML adds them: duplicates noted, `<<` merged. */
import type { Placed, PlacedMap, PlacedMember } from "./placed-yaml.ts";

/** Sets a member; a key that was there already is noted as written twice. */
export function addMember(map: PlacedMap, key: string, member: PlacedMember): void {
  const before = map.members.get(key);
  if (before) map.duplicates = [...(map.duplicates ?? []), { key, first: before, second: member }];
  map.members.set(key, member);
}

/**
 * Adds the members of merged maps: what is written in the map wins, and earlier merges win over later ones.
 * @returns what is no map and cannot be merged
 */
export function mergeInto(map: PlacedMap, merged: readonly Placed[]): Placed[] {
  const refused: Placed[] = [];
  for (const other of merged) {
    if (other.kind !== "map") refused.push(other);
    else for (const [key, member] of other.members) if (!map.members.has(key)) map.members.set(key, member);
  }
  return refused;
}
