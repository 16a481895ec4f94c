/** Pins of jobs and tables as pins of groups, and what they contradict. */
import type { WaveBlocker, WavePins } from "../../model/wave.ts";
import { byId, type Estate } from "./estate.ts";
import { row } from "./graph.ts";
import type { Groups } from "./groups.ts";

/** A pinned job or table. */
interface Pinned {
  kind: "jobs" | "tables";
  name: string;
  wave: number;
}

const words = ({ kind, name, wave }: Pinned): string => `${kind === "jobs" ? "job" : "table"} ${name} to wave ${wave}`;
const named = (pinned: readonly Pinned[], kind: Pinned["kind"]): string[] =>
  pinned.filter((one) => one.kind === kind).map(({ name }) => name);

/** By group: the wave it is pinned to (the latest of several, 0 for none), and all its pins. */
export interface GroupPins {
  wave: Uint32Array;
  of: Map<number, Pinned[]>;
  /** Pins of what is in no edge and no inventory. */
  unknown: WaveBlocker[];
}

export function pinGroups(estate: Estate, groups: Groups, pins: Pick<WavePins, "jobs" | "tables">): GroupPins {
  const found: GroupPins = { wave: new Uint32Array(groups.count), of: new Map(), unknown: [] };
  const { jobs, tables, excluded } = estate;
  const nodes = {
    jobs: new Map(jobs.map(({ id }, node) => [id, node])),
    tables: new Map(tables.map((name, index) => [name, jobs.length + index])),
  };
  const out = { jobs: new Set(excluded.jobs.map(({ id }) => id)), tables: new Set(excluded.tables) };
  for (const kind of ["jobs", "tables"] as const) {
    for (const name of Object.keys(pins[kind]).sort(byId)) {
      const wave = pins[kind][name];
      const node = nodes[kind].get(name);
      if (node !== undefined && typeof wave === "number") {
        const group = groups.of[node] as number;
        found.wave[group] = Math.max(found.wave[group] as number, wave);
        found.of.set(group, [...(found.of.get(group) ?? []), { kind, name, wave }]);
      } else if (!out[kind].has(name)) {
        const why = `the pins name ${kind === "jobs" ? "job" : "table"} ${name}, which no edge${kind === "tables" ? " and no inventory" : ""} names`;
        found.unknown.push({ kind: "unknown", why, jobs: [], tables: [], [kind]: [name] });
      }
    }
  }
  return found;
}

/** One blocker for each group that does not stand where all its pins say. */
export function pinBlockers(
  { of }: GroupPins,
  groups: Groups,
  wave: Uint32Array,
  dependency: (group: number) => string | undefined,
): WaveBlocker[] {
  return [...of]
    .sort(([a], [b]) => a - b)
    .flatMap(([group, pinned]): WaveBlocker[] => {
      const placed = wave[group] as number;
      if (pinned.every((one) => one.wave === placed)) return [];
      const asked = pinned.map(words).join(" and ");
      const differ = new Set(pinned.map((one) => one.wave)).size > 1;
      const late = Math.max(...pinned.map((one) => one.wave)) < placed;
      const reasons = [
        ...(differ ? [`they move at once, in a group of ${row(groups.members, group).length}`] : []),
        ...(late ? [dependency(group) ?? "a dependency asks for a later one"] : []),
      ];
      const why = `pins ask for ${asked}, but ${reasons.join(", and ")}: placed in wave ${placed}`;
      return [{ kind: "pin", why, jobs: named(pinned, "jobs"), tables: named(pinned, "tables") }];
    });
}
