/** Gives each group the first wave that its dependencies, its pin and the capacity allow. */
import type { WaveCapacity } from "../../model/wave.ts";
import { reversed, row } from "./graph.ts";
import type { Groups } from "./groups.ts";

/** What a group takes of a wave. */
export interface Load {
  jobs: number;
  tables: number;
  bytes: number;
}

/** By group. Waves begin with 1. */
export interface Placement {
  wave: Uint32Array;
  /** What dependencies alone ask for; where a pin goes before soft ones, what the certain ones ask for. */
  needed: Uint32Array;
}

const KINDS = ["jobs", "tables", "bytes"] as const;

/** The kinds of capacity that `load` goes beyond. */
export const overloaded = (load: Load, capacity: WaveCapacity): (typeof KINDS)[number][] =>
  KINDS.filter((kind) => load[kind] > (capacity[kind] ?? Number.POSITIVE_INFINITY));

/**
 * @param order each group after those it depends on
 * @param pins the wave a group is pinned to, 0 for none; certain dependencies may move it later, nothing earlier
 *
 * What is too large for any wave gets one that is empty. Pinned groups take their room before all others do.
 */
export function place(
  groups: Pick<Groups, "count" | "along" | "after" | "soft">,
  order: Uint32Array,
  loads: readonly Load[],
  pins: Uint32Array,
  capacity: WaveCapacity,
): Placement {
  const wave = new Uint32Array(groups.count);
  const needed = new Uint32Array(groups.count);
  const filled: Load[] = [];
  const at = (number: number): Load => (filled[number] ??= { jobs: 0, tables: 0, bytes: 0 });
  const take = (number: number, load: Load, sign: 1 | -1): void => {
    for (const kind of KINDS) at(number)[kind] += sign * load[kind];
  };
  const fits = (number: number, load: Load): boolean => {
    const used = at(number);
    if (used.jobs + used.tables === 0) return true;
    return KINDS.every((kind) => load[kind] === 0 || used[kind] + load[kind] <= (capacity[kind] ?? Infinity));
  };
  for (const group of order) if (pins[group] !== 0) take(pins[group] as number, loads[group] as Load, 1);
  const certain = { along: reversed(groups.along), after: reversed(groups.after) };
  const soft = { along: reversed(groups.soft.along), after: reversed(groups.soft.after) };
  const firstAfter = (group: number, { along, after }: typeof soft): number => {
    let first = 1;
    for (const before of row(along, group)) first = Math.max(first, wave[before] as number);
    for (const before of row(after, group)) first = Math.max(first, (wave[before] as number) + 1);
    return first;
  };
  for (const group of order) {
    const load = loads[group] as Load;
    const pin = pins[group] as number;
    const least = firstAfter(group, certain);
    const wanted = Math.max(least, firstAfter(group, soft));
    let first = pin !== 0 && pin < wanted ? least : wanted;
    needed[group] = first;
    if (pin >= first) {
      wave[group] = pin;
      continue;
    }
    if (pin !== 0) take(pin, load, -1);
    while (!fits(first, load)) first++;
    wave[group] = first;
    take(first, load, 1);
  }
  return { wave, needed };
}
