/** Which nodes are one thing: claims that an inventory makes, and which node stands for which. Pure. */
import { createHash } from "node:crypto";
import type { TableInventory } from "../model/table-inventory.ts";
import type { Claim, LineageNode, NodeKey } from "../store/lineage.ts";
import { locationResolver } from "./attribute/mounts.ts";
import { datasetOf, type StoragePath } from "./attribute/storage-path.ts";
import { tableNode } from "./names.ts";

/** A claim whose nodes are not in the store yet. */
export interface NamedClaim extends Omit<Claim, "a" | "b" | "actor" | "at"> {
  table: NodeKey;
  location: NodeKey;
}

/** An inventory that was read says where a table lies; it may be of another day than the log. */
const CONFIDENCE = 0.98;
/** Of several names of one catalog for one place. */
const DOUBTFUL = 0.5;

/** Kind of the claims that a job of another producer's naming is the Databricks job it ran in. */
export const RAN_IN = "ran in";

/** Components up to so many nodes may grow as they like; larger ones not to double at once. */
const SMALL = 8;

/** Roots of containers and folders for everybody's leftovers hold many things; nothing is one with them. */
const isShared = ({ segments }: StoragePath): boolean =>
  segments.length === 0 || (segments.length === 1 && /^(tmp|temp)$/i.test(segments[0] as string));

const catalogOf = (table: NodeKey): string => table.name.split(".", 1)[0] as string;

/**
 * Claims that a table by its name is what lies at its location. Two names of one catalog never become one through a
 * path: such claims wait for a person.
 * @param home id of the workspace whose inventory it is
 */
export function inventoryClaims(inventory: TableInventory, home: string): NamedClaim[] {
  const resolve = locationResolver(inventory.mounts);
  const byPlace = new Map<string, { location: NodeKey; tables: Map<string, NodeKey> }>();
  for (const { name, type, location } of inventory.tables) {
    const place = resolve(location);
    if (type === "VIEW" || "blind" in place || isShared(place.path)) continue;
    const node: NodeKey = { kind: "dataset", ...datasetOf(place.path) };
    const key = `${node.namespace}/${node.name}`;
    const known = byPlace.get(key) ?? { location: node, tables: new Map<string, NodeKey>() };
    const table = tableNode(home, name);
    known.tables.set(table.name, table);
    byPlace.set(key, known);
  }
  return [...byPlace.values()].flatMap(({ location, tables }) =>
    [...tables.values()].map((table): NamedClaim => {
      const rivals = [...tables.values()].filter((other) => catalogOf(other) === catalogOf(table)).length;
      const id = createHash("sha256")
        .update(JSON.stringify([table.namespace, table.name, location.namespace, location.name]))
        .digest("hex");
      return {
        id: `inventory:${id.slice(0, 24)}`,
        table,
        location,
        kind: "table location",
        evidence: rivals > 1 ? { names: [...tables.keys()].sort() } : {},
        confidence: rivals > 1 ? DOUBTFUL : CONFIDENCE,
        source: `inventory/${home}`,
        status: rivals > 1 ? "proposed" : "active",
      };
    }),
  );
}

/** A table's name says more than a path, a shorter one more than a longer one. */
function before(a: LineageNode, b: LineageNode): boolean {
  const rank = (node: LineageNode): string => {
    const isTable = node.namespace.startsWith("databricks://") && !node.name.startsWith("dbfs:");
    return `${isTable ? 0 : 1} ${String(node.name.length).padStart(6, "0")} ${node.name} ${node.namespace}`;
  };
  return rank(a) < rank(b);
}

/** Which node stands for which, and which groups were left as they were until somebody has looked. */
export interface Identity {
  /** Only nodes that stand for another. */
  canon: { node: number; canon: number }[];
  waiting: { nodes: number[]; why: string }[];
}

/** Names that were seen in several Databricks jobs, with those: a shell's name is that of every notebook. */
function ranInSeveral(claims: readonly Pick<Claim, "a" | "b" | "kind">[]): Map<number, Set<number>> {
  const jobs = new Map<number, Set<number>>();
  for (const { a, b, kind } of claims) if (kind === RAN_IN) jobs.set(a, (jobs.get(a) ?? new Set()).add(b));
  return new Map([...jobs].filter(([, of]) => of.size > 1));
}

/**
 * Puts nodes together that active claims join. A name that ran in several Databricks jobs is joined to none of them: two
 * jobs of one workspace are never one.
 * @param all the claims
 * @param nodes all nodes the claims name
 * @param former which node stood for which until now
 */
export function identityOf(
  all: readonly Pick<Claim, "a" | "b" | "kind">[],
  nodes: ReadonlyMap<number, LineageNode>,
  former: ReadonlyMap<number, number>,
): Identity {
  const identity: Identity = { canon: [], waiting: [] };
  const shared = ranInSeveral(all);
  const claims = all.filter(({ a, kind }) => kind !== RAN_IN || !shared.has(a));
  for (const [node, jobs] of shared) {
    identity.waiting.push({ nodes: [node], why: `ran in ${jobs.size} jobs, so it is none of them` });
  }
  // a job's commands come one by one; what they are named after is no path, so their number says nothing of a mistake
  const byName = new Set(claims.flatMap(({ a, b, kind }) => (kind === RAN_IN ? [] : [a, b])));
  const parent = new Map<number, number>();
  const rootOf = (node: number): number => {
    let root = node;
    while (parent.get(root) !== undefined && parent.get(root) !== root) root = parent.get(root) as number;
    parent.set(node, root);
    return root;
  };
  for (const { a, b } of claims) parent.set(rootOf(a), rootOf(b));
  const groups = new Map<number, number[]>();
  for (const node of new Set(claims.flatMap(({ a, b }) => [a, b]))) {
    groups.set(rootOf(node), [...(groups.get(rootOf(node)) ?? []), node]);
  }
  for (const group of groups.values()) {
    const formerSizes = new Map<number, number>();
    for (const node of group) {
      const stood = former.get(node) ?? node;
      formerSizes.set(stood, (formerSizes.get(stood) ?? 0) + 1);
    }
    const largest = Math.max(...formerSizes.values());
    const mayBeMistaken = group.some((node) => byName.has(node));
    if (mayBeMistaken && group.length > SMALL && largest > 1 && group.length >= 2 * largest) {
      const why = `would grow from ${largest} to ${group.length} names at once`;
      identity.waiting.push({ nodes: [...group].sort((a, b) => a - b), why });
      for (const node of group) {
        const stood = former.get(node);
        if (stood !== undefined) identity.canon.push({ node, canon: stood });
      }
      continue;
    }
    const [first, ...others] = group.flatMap((id) => nodes.get(id) ?? []);
    if (first === undefined) continue;
    const canon = others.reduce((best, node) => (before(node, best) ? node : best), first);
    for (const node of group) if (node !== canon.id) identity.canon.push({ node, canon: canon.id });
  }
  identity.canon.sort((a, b) => a.node - b.node);
  return identity;
}
