/** Move groups: what must move at once, and the order between groups. */
import { type Components, componentsOf } from "./components.ts";
import type { Estate } from "./estate.ts";
import { type Links, link, linksOf, membersOf, noPairs, reversed, row } from "./graph.ts";

/** The order of groups. */
interface Order {
  /** Group → groups that move in the same wave or later. */
  along: Links;
  /** Group → groups that move in a later wave, because they read what the first one writes. */
  after: Links;
}

/** Numbered by the smallest node. */
export interface Groups extends Components, Order {
  /** Group → nodes. */
  members: Links;
  /** Certain links between nodes: table and writer both ways, table to reader, tables of one location both ways. */
  hard: Links;
  /** The order that only may be: a pin goes before it. */
  soft: Order;
}

/** Visits the links that cross groups, as links between groups. */
function eachCrossing(links: Links, of: Uint32Array, visit: (from: number, to: number) => void): void {
  for (let node = 0; node < links.nodes; node++) {
    const from = of[node] as number;
    for (const target of row(links, node)) {
      const to = of[target] as number;
      if (from !== to) visit(from, to);
    }
  }
}

/**
 * A table moves with all its writers, and jobs and tables that feed one another move at once. Who reads a table moves
 * a wave after its writers; where nobody writes it, in the same wave or later. Soft links order groups too, but join
 * none: where they run in a ring, with each other or against certain ones, the soft ones of the ring are let go.
 */
export function groupsOf(estate: Estate): Groups {
  const { writes, reads, same, soft, jobs } = estate;
  const nodes = writes.nodes;
  const pairs = noPairs();
  for (const links of [writes, reversed(writes), reads, same]) {
    for (let node = 0; node < nodes; node++) for (const target of row(links, node)) link(pairs, node, target);
  }
  const hard = linksOf(nodes, pairs);
  const components = componentsOf(hard);
  const { count, of } = components;
  const members = membersOf(count, of);
  // jobs are the first nodes, so a group's first member tells whether it has any
  const hasJobs = (group: number): boolean => (row(members, group)[0] as number) < jobs.length;

  const [along, after, ring] = [noPairs(), noPairs(), noPairs()];
  const may = { along: noPairs(), after: noPairs() };
  eachCrossing(hard, of, (from, to) => {
    link(hasJobs(from) ? after : along, from, to);
    link(ring, from, to);
  });
  for (const { links } of soft) eachCrossing(links, of, (from, to) => link(ring, from, to));
  const rings = componentsOf(linksOf(count, ring));
  for (const { access, links } of soft) {
    eachCrossing(links, of, (from, to) => {
      if (rings.of[from] === rings.of[to]) return;
      link(access === "read" && hasJobs(from) ? may.after : may.along, from, to);
    });
  }
  return {
    ...components,
    members,
    hard,
    along: linksOf(count, along),
    after: linksOf(count, after),
    soft: { along: linksOf(count, may.along), after: linksOf(count, may.after) },
  };
}
