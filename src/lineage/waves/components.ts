/** Strongly connected components: nodes that reach one another (Tarjan 1972, with a stack of its own). */
import type { Links } from "./graph.ts";

/** The component of each node; components are numbered by their smallest node. */
export interface Components {
  count: number;
  of: Uint32Array;
}

/** Marks a node that was not visited, and one that was taken out. */
const NONE = 0xffffffff;

/** @param removed nodes (1) that count as not there; their component is 0xffffffff */
export function componentsOf({ nodes, offsets, targets }: Links, removed?: Uint8Array): Components {
  const found = new Uint32Array(nodes).fill(NONE); // order of discovery
  const low = new Uint32Array(nodes);
  const root = new Uint32Array(nodes).fill(NONE); // number of the finished component
  const next = offsets.slice(0, nodes); // where each node's row is read on
  const open = new Uint32Array(nodes); // Tarjan's stack
  const path = new Uint32Array(nodes); // what recursion would hold
  let [discovered, opened, roots] = [0, 0, 0];

  for (let start = 0; start < nodes; start++) {
    if (found[start] !== NONE || removed?.[start] === 1) continue;
    let depth = 0;
    path[0] = start;
    while (depth >= 0) {
      const node = path[depth] as number;
      if (found[node] === NONE) {
        found[node] = low[node] = discovered++;
        open[opened++] = node;
      }
      const end = offsets[node + 1] as number;
      let at = next[node] as number;
      let deeper = false;
      for (; at < end && !deeper; at++) {
        const target = targets[at] as number;
        if (removed?.[target] === 1) continue;
        if (found[target] === NONE) {
          path[depth + 1] = target;
          deeper = true;
        } else if (root[target] === NONE && (found[target] as number) < (low[node] as number)) {
          low[node] = found[target] as number;
        }
      }
      next[node] = at;
      if (deeper) {
        depth++;
        continue;
      }
      if (low[node] === found[node]) {
        let member: number;
        do {
          member = open[--opened] as number;
          root[member] = roots;
        } while (member !== node);
        roots++;
      }
      depth--;
      if (depth >= 0) {
        const parent = path[depth] as number;
        if ((low[node] as number) < (low[parent] as number)) low[parent] = low[node] as number;
      }
    }
  }
  return renumbered(roots, root);
}

/** Numbers the components in the order of their smallest nodes: the order they were found in depends on the links. */
function renumbered(count: number, root: Uint32Array): Components {
  const names = new Uint32Array(count).fill(NONE);
  let named = 0;
  const of = root.map((component) => {
    if (component === NONE) return NONE;
    if (names[component] === NONE) names[component] = named++;
    return names[component] as number;
  });
  return { count, of };
}
