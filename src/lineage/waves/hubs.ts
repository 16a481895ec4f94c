/** Tables that glue jobs into one group: what is left of the group without them. */
import type { WaveHub } from "../../model/wave.ts";
import { componentsOf } from "./components.ts";
import type { Estate } from "./estate.ts";
import { type Links, link, linksOf, noPairs, row } from "./graph.ts";
import type { Groups } from "./groups.ts";

/** Tables of a group that are tried, those with most links first: each try walks the whole group. */
const TRIES = 12;

/** Links within a group, its members numbered from 0. */
function innerLinks(hard: Links, members: Uint32Array): Links {
  const local = new Map<number, number>();
  members.forEach((node, index) => void local.set(node, index));
  const pairs = noPairs();
  members.forEach((node, index) => {
    for (const target of row(hard, node)) {
      const inner = local.get(target);
      if (inner !== undefined) link(pairs, index, inner);
    }
  });
  return linksOf(members.length, pairs);
}

/** Hubs of one group. Where no table splits it alone, the fewest of its best-linked ones that do together. */
function hubsOfGroup(estate: Estate, hard: Links, members: Uint32Array, jobs: number): WaveHub[] {
  const inner = innerLinks(hard, members);
  const degree = (local: number): number => row(inner, local).length;
  const tried = Array.from(members, (_, local) => local)
    .slice(jobs)
    .filter((local) => degree(local) > 1)
    .sort((a, b) => degree(b) - degree(a) || a - b)
    .slice(0, TRIES);
  const name = (local: number): string => estate.tables[(members[local] as number) - estate.jobs.length] as string;
  const split = (out: readonly number[]): number => {
    const removed = new Uint8Array(members.length);
    for (const local of out) removed[local] = 1;
    return componentsOf(inner, removed).count;
  };
  const alone = tried
    .map((local) => ({ table: name(local), jobs, groupsBefore: 1, groupsAfter: split([local]) }))
    .filter(({ groupsAfter }) => groupsAfter > 1);
  if (alone.length > 0) return alone;
  for (let most = 2; most <= tried.length; most++) {
    const [first, ...others] = tried.slice(0, most);
    const groupsAfter = split(tried.slice(0, most));
    if (first !== undefined && groupsAfter > 1) {
      return [{ table: name(first), with: others.map(name), jobs, groupsBefore: 1, groupsAfter }];
    }
  }
  return [];
}

/** Hubs of all groups of several jobs, the one that splits most first. */
export function hubsOf(estate: Estate, { count, members, hard }: Groups): WaveHub[] {
  const hubs: WaveHub[] = [];
  for (let group = 0; group < count; group++) {
    const nodes = row(members, group);
    const tables = nodes.findIndex((node) => node >= estate.jobs.length);
    if (tables > 1) hubs.push(...hubsOfGroup(estate, hard, nodes, tables));
  }
  return hubs.sort((a, b) => b.groupsAfter - a.groupsAfter || (a.table < b.table ? -1 : 1));
}
