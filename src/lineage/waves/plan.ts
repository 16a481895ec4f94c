/** Plans the waves of a migration from who reads and writes which table. */
import type {
  Wave,
  WaveBlocker,
  WaveCapacity,
  WaveCut,
  WaveEdge,
  WaveGroup,
  WavePins,
  WavePlan,
  WaveTable,
} from "../../model/wave.ts";
import { byId, type Estate, estateOf } from "./estate.ts";
import { openExplainer } from "./explain.ts";
import { row } from "./graph.ts";
import { type Groups, groupsOf } from "./groups.ts";
import { hubsOf } from "./hubs.ts";
import { placingOrder } from "./order.ts";
import { pinBlockers, pinGroups } from "./pins.ts";
import { type Load, overloaded, place } from "./place.ts";

/** What a plan is made from. */
export interface PlanWavesInput {
  /** Edges as an attribution gives them, in any order. */
  edges: readonly WaveEdge[];
  /** Tables that exist; those that no edge names are planned too. */
  tables?: readonly WaveTable[] | undefined;
  pins?: Partial<WavePins> | undefined;
  capacity?: WaveCapacity | undefined;
}

/**
 * Puts every job and every table into one wave, so that a table moves with its writers and before its readers.
 * The same input, in any order, gives the same plan.
 */
export function planWaves({ edges, tables = [], pins: given = {}, capacity = {} }: PlanWavesInput): WavePlan {
  const pins: WavePins = { jobs: {}, tables: {}, freeze: [], ...given };
  const estate = estateOf(edges, tables, pins);
  const groups = groupsOf(estate);
  const groupPins = pinGroups(estate, groups, pins);
  const loads = loadsOf(estate, groups);
  const placement = place(groups, placingOrder(groups), loads, groupPins.wave, capacity);
  const explainer = openExplainer({ estate, groups, placement, pins: groupPins.wave });

  const waves = wavesOf(placement.wave, loads, (group) => ({
    ...namesOf(estate, row(groups.members, group)),
    bytes: (loads[group] as Load).bytes,
    constraint: explainer.constraint(group),
    why: explainer.why(group),
  }));
  return {
    formatVersion: 1,
    waves,
    blockers: [
      ...pinBlockers(groupPins, groups, placement.wave, explainer.dependency),
      ...groupPins.unknown,
      ...waves.flatMap((wave) => capacityBlockers(wave, capacity)),
    ],
    hubs: hubsOf(estate, groups),
    cut: cutOf(estate, groups, placement.wave),
    excluded: estate.excluded,
    freeze: [...pins.freeze].sort((a, b) => (`${a.from}${a.to}` < `${b.from}${b.to}` ? -1 : 1)),
    capacity,
    unsized: estate.bytes.filter((bytes) => bytes === null).length,
  };
}

function namesOf(estate: Estate, nodes: Uint32Array): Pick<WaveGroup, "jobs" | "tables"> {
  const named: Pick<WaveGroup, "jobs" | "tables"> = { jobs: [], tables: [] };
  for (const node of nodes) {
    const job = estate.jobs[node];
    if (job === undefined) named.tables.push(estate.tables[node - estate.jobs.length] as string);
    else named.jobs.push(job);
  }
  return named;
}

function loadsOf({ jobs, bytes }: Estate, { count, members }: Groups): Load[] {
  return Array.from({ length: count }, (_, group) => {
    const load = { jobs: 0, tables: 0, bytes: 0 };
    for (const node of row(members, group)) {
      if (node < jobs.length) load.jobs++;
      else {
        load.tables++;
        load.bytes += bytes[node - jobs.length] ?? 0;
      }
    }
    return load;
  });
}

function wavesOf(wave: Uint32Array, loads: readonly Load[], groupAt: (group: number) => WaveGroup): Wave[] {
  const waves = new Map<number, Wave>();
  wave.forEach((number, group) => {
    const { jobs, tables, bytes } = loads[group] as Load;
    const into = waves.get(number) ?? { number, jobs: 0, tables: 0, bytes: 0, groups: [] };
    waves.set(number, into);
    into.jobs += jobs;
    into.tables += tables;
    into.bytes += bytes;
    into.groups.push(groupAt(group));
  });
  return [...waves.values()].sort((a, b) => a.number - b.number);
}

/** A wave that holds more than it may: one group is too large, or pins ask for too much. */
function capacityBlockers(wave: Wave, capacity: WaveCapacity): WaveBlocker[] {
  const over = overloaded(wave, capacity);
  if (over.length === 0) return [];
  const held = over.map((kind) => `${wave[kind]} of ${capacity[kind]} ${kind}`).join(", ");
  const large = wave.groups.filter(
    ({ jobs, tables, bytes }) => overloaded({ jobs: jobs.length, tables: tables.length, bytes }, capacity).length > 0,
  );
  const cause = large.length > 0 ? "a group cannot be divided, but by taking hubs out" : "too much is pinned there";
  const jobs = large.flatMap((one) => one.jobs.map(({ id }) => id));
  const tables = large.flatMap((one) => one.tables);
  return [{ kind: "capacity", why: `wave ${wave.number} holds ${held}: ${cause}`, jobs, tables }];
}

/** Soft links that the waves do not keep. */
function cutOf(estate: Estate, groups: Groups, wave: Uint32Array): WaveCut[] {
  const cut: WaveCut[] = [];
  for (const { access, links } of estate.soft) {
    for (let before = 0; before < links.nodes; before++) {
      for (const follower of row(links, before)) {
        const [first, then] = [groups.of[before] as number, groups.of[follower] as number];
        if ((wave[first] as number) <= (wave[then] as number)) continue;
        const { jobs, tables } = namesOf(estate, Uint32Array.of(before, follower));
        cut.push({ job: jobs[0]?.id ?? "", table: tables[0] ?? "", kind: "soft", access });
      }
    }
  }
  return cut.sort((a, b) => byId(a.job, b.job) || (a.table < b.table ? -1 : a.table > b.table ? 1 : 0));
}
