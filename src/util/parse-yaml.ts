/** YAML (and JSON) text → a tree of values with their places. */
import type { Placed, PlacedList, PlacedMap, YamlSource } from "./placed-yaml.ts";
import { parseLeniently, type YamlFault } from "./yaml-lenient.ts";
import { parseStrictly } from "./yaml-strict.ts";

/** More values than this can only come from aliases that multiply. */
const MOST_NODES = 5_000_000;

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

/**
 * Parses a YAML (or JSON) text. Faults of syntax do not throw: what could be read is still in `root`, which is
 * undefined only for a text without content.
 */
export function parsePlacedYaml(text: string, file: string): { root: Placed | undefined; faults: YamlFault[] } {
  const source: YamlSource = { file, text };
  const strict = parseStrictly(source);
  const { root, faults } = strict ? { ...strict, faults: [] } : parseLeniently(source);
  if (root && text.includes("&") && countNodes(root) > MOST_NODES) {
    const fault: YamlFault = { severity: "error", message: "its aliases multiply to millions of values", spot: root };
    return { root: undefined, faults: [...faults, fault] };
  }
  return { root, faults };
}
