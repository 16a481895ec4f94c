/**
 * A target's part of a job over the job, as bundles do: maps merge, lists go one after the other, elements with the same
 * key become one (databricks/cli `libs/dyn/merge` and `bundle/config/mutator/resourcemutator/merge_*`).
 */
import { memberText, type Placed, type PlacedList, type PlacedMap } from "../../../util/placed-yaml.ts";
import { jobListKey } from "../settings.ts";

const isEmpty = (node: Placed) => node.kind === "scalar" && node.value === null;

/**
 * `above` over `below`; an empty value leaves the other one, and anything but two maps or two lists is replaced.
 * References are filled already: an element is found by its key as it is sent. `path` is that in the job.
 */
export function mergeOverride(below: Placed, above: Placed, path = ""): Placed {
  if (isEmpty(above)) return below;
  if (isEmpty(below)) return above;
  if (below.kind === "map" && above.kind === "map") return mergeMaps(below, above, path);
  if (below.kind === "list" && above.kind === "list") return mergeLists(below, above, path);
  return above;
}

function mergeMaps(below: PlacedMap, above: PlacedMap, path: string): PlacedMap {
  const members = new Map(below.members);
  for (const [key, member] of above.members) {
    const old = members.get(key);
    if (old === undefined) members.set(key, member);
    else if (!isEmpty(member.value)) {
      const value = mergeOverride(old.value, member.value, path === "" ? key : `${path}.${key}`);
      members.set(key, { ...member, value });
    }
  }
  const duplicates = [...(below.duplicates ?? []), ...(above.duplicates ?? [])];
  return { ...above, members, ...(duplicates.length > 0 ? { duplicates } : {}) };
}

function mergeLists(below: PlacedList, above: PlacedList, path: string): PlacedList {
  const key = jobListKey(path);
  if (key === undefined) return { ...above, items: [...below.items, ...above.items] };
  const items = [...below.items];
  for (const item of above.items) {
    const name = memberText(item, key);
    const index = name === undefined ? -1 : items.findIndex((other) => memberText(other, key) === name);
    const old = items[index];
    if (old === undefined) items.push(item);
    else items[index] = mergeOverride(old, item, `${path}[*]`);
  }
  return { ...above, items };
}
