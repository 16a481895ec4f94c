/** Says in words why a group is one, why it stands in its wave, and who waits for it. */
import type { WaveConstraint } from "../../model/wave.ts";
import type { Estate } from "./estate.ts";
import { type Links, reversed, row } from "./graph.ts";
import type { Groups } from "./groups.ts";
import type { Placement } from "./place.ts";

/** What an explanation looks at. */
export interface Explained {
  estate: Estate;
  groups: Groups;
  placement: Placement;
  pins: Uint32Array;
}

const number = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Opens the explanations of one plan. */
export function openExplainer({ estate, groups, placement, pins }: Explained) {
  const { jobs, tables } = estate;
  const inputs = reversed(estate.reads);
  const writers = reversed(estate.writes);
  const mayFollow = estate.soft.map(({ access, links }) => ({ access, links: reversed(links) }));
  const waveOf = (node: number): number => placement.wave[groups.of[node] as number] as number;
  const jobName = (node: number): string => `job ${jobs[node]?.name ?? jobs[node]?.id}`;
  const name = (node: number): string => (node < jobs.length ? jobName(node) : `${tables[node - jobs.length]}`);

  /** The first of what these nodes follow that asks for wave `needed`, in words. */
  function cause(nodes: Uint32Array, links: Links, verb: string, needed: number): string | undefined {
    for (const node of nodes) {
      for (const before of row(links, node)) {
        const group = groups.of[before] as number;
        if (group === groups.of[node]) continue;
        const wave = waveOf(before);
        const writer = row(writers, before)[0];
        if (writer !== undefined && wave + 1 === needed) {
          return `${jobName(node)} ${verb} ${name(before)}, written by ${jobName(writer)} in wave ${wave}`;
        }
        if (wave === needed) return `${jobName(node)} ${verb} ${name(before)}, which moves in wave ${wave}`;
      }
    }
    return undefined;
  }

  /** Why not earlier, by dependencies; undefined where there are none. */
  function dependency(group: number): string | undefined {
    const nodes = row(groups.members, group);
    const needed = placement.needed[group] as number;
    const certain = cause(nodes, inputs, "reads", needed);
    if (certain !== undefined || needed === 1) return certain;
    for (const { access, links } of mayFollow) {
      if (access !== "write") {
        const soft = cause(nodes, links, access === "read" ? "may read" : "maintains", needed);
        if (soft !== undefined) return soft;
        continue;
      }
      for (const table of nodes) {
        const writer = row(links, table).find((job) => waveOf(job) === needed && groups.of[job] !== group);
        if (writer !== undefined) return `${name(table)} may be written by ${jobName(writer)} of wave ${needed}`;
      }
    }
    return undefined;
  }

  /** The table of the group that most jobs of other groups read, in words. */
  function dependents(group: number): string | undefined {
    const wave = placement.wave[group] as number;
    let best: { table: number; later: number; now: number } | undefined;
    for (const table of row(groups.members, group)) {
      if (table < jobs.length) continue;
      let [later, now] = [0, 0];
      for (const job of row(estate.reads, table)) {
        if (waveOf(job) > wave) later++;
        else if (groups.of[job] !== group) now++;
      }
      if (later + now > (best === undefined ? 0 : best.later + best.now)) best = { table, later, now };
    }
    if (best === undefined) return undefined;
    const { table, later, now } = best;
    const readers = [
      ...(now > 0 ? [`${number(now, "job")} of this wave`] : []),
      ...(later > 0 ? [`${number(later, "job")} of later waves`] : []),
    ].join(" and ");
    return row(writers, table).length > 0
      ? `writes ${name(table)}, which is read by ${readers}`
      : `${name(table)} is read by ${readers}`;
  }

  function together(group: number): string | undefined {
    const nodes = row(groups.members, group);
    const inJobs = nodes.filter((node) => node < jobs.length).length;
    const inTables = nodes.length - inJobs;
    if (inJobs > 1) {
      return `${number(inJobs, "job")} and ${number(inTables, "table")} move at once, for they write the same tables or feed one another`;
    }
    if (inJobs === 0) return inTables > 1 ? `${number(inTables, "name")} of one location` : undefined;
    return inTables > 0
      ? `a job moves with ${inTables === 1 ? "the table" : `the ${inTables} tables`} it writes`
      : undefined;
  }

  function standing(group: number): string {
    const nodes = row(groups.members, group);
    const needed = placement.needed[group] as number;
    const wave = placement.wave[group] as number;
    const pin = pins[group] as number;
    const asked = Math.max(needed, pin);
    const onlyTables = (nodes[0] as number) >= jobs.length;
    const needs = dependency(group);
    const reason = needs ?? (onlyTables ? "nobody was seen to write to it" : "reads nothing that another group writes");
    const room =
      wave > asked
        ? `, and ${wave - asked === 1 ? `wave ${asked} has` : `waves ${asked} to ${wave - 1} have`} no room`
        : "";
    return `${pin > needed ? `pinned to wave ${pin}` : reason}${room}`;
  }

  function constraint(group: number): WaveConstraint {
    const nodes = row(groups.members, group);
    const isHard = nodes.some((node) => row(groups.hard, node).length > 0 || row(inputs, node).length > 0);
    if (isHard) return "hard";
    const ties = [...mayFollow, ...estate.soft].some(({ links }) => nodes.some((node) => row(links, node).length > 0));
    return ties ? "soft" : "none";
  }

  return {
    dependency,
    constraint,
    why(group: number): string {
      const dependent = dependents(group);
      return [together(group), standing(group), ...(dependent === undefined ? [] : [dependent])]
        .filter((part) => part !== undefined)
        .join("; ");
    },
  };
}
