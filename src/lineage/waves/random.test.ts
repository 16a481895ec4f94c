/** Random estates: what must hold of every plan, and a plan made the slow way. */
import { describe, expect, it } from "vitest";
import { seededDice } from "../../../test/seeded.ts";
import type { WaveEdge, WavePins, WavePlan } from "../../model/wave.ts";
import { planWaves } from "./plan.ts";

interface World {
  edges: WaveEdge[];
  pins: WavePins;
}

function world(seed: number, withSoft: boolean): World {
  const roll = seededDice(seed);
  const [jobs, tables] = [1 + roll(9), 1 + roll(9)];
  const job = () => `${1 + roll(jobs)}`;
  const table = () => `s.t${roll(tables)}`;
  const edges = Array.from({ length: roll(24) }, (): WaveEdge => {
    const soft = withSoft && roll(4) === 0;
    const maintains = withSoft && roll(8) === 0;
    return {
      jobId: soft ? null : job(),
      jobName: null,
      table: table(),
      access: maintains ? "maintenance" : roll(2) === 0 ? "read" : "write",
      candidates: soft ? [job(), job()].map((jobId) => ({ jobId, jobName: null })) : [],
      lastSeen: `2026-09-${10 + roll(20)}`,
    };
  });
  const pins: WavePins = { jobs: {}, tables: {}, freeze: [] };
  if (withSoft && roll(2) === 0) {
    pins.jobs[job()] = 1 + roll(4);
    pins.tables[table()] = roll(3) === 0 ? "exclude" : 1 + roll(4);
  }
  return { edges, pins };
}

const certain = ({ edges }: World): WaveEdge[] =>
  edges.filter(({ jobId, access }) => jobId !== null && (access === "read" || access === "write"));

/** The wave of every job (`j:`) and table (`t:`), each of which must be there once. */
function wavesByName(plan: WavePlan): Map<string, number> {
  const found = new Map<string, number>();
  for (const { number, groups } of plan.waves) {
    for (const { jobs, tables } of groups) {
      for (const name of [...jobs.map(({ id }) => `j:${id}`), ...tables.map((one) => `t:${one}`)]) {
        expect(found.has(name), name).toBe(false);
        found.set(name, number);
      }
    }
  }
  return found;
}

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);

describe("every plan", () => {
  it("has each job and table once, a table with its writers and before its readers, and no wave beyond its room", () => {
    for (const seed of SEEDS) {
      const made = world(seed, true);
      const capacity = seed % 2 === 0 ? { jobs: 3, tables: 4 } : {};
      const plan = planWaves({ ...made, capacity });
      const wave = wavesByName(plan);
      const out = new Set(plan.excluded.tables);
      const names = made.edges.flatMap(({ jobId, candidates, table }) => [
        ...(jobId === null ? candidates.map((one) => `j:${one.jobId}`) : [`j:${jobId}`]),
        ...(out.has(`${table}`) ? [] : [`t:${table}`]),
      ]);
      expect([...wave.keys()].sort(), `seed ${seed}`).toEqual([...new Set(names)].sort());
      const written = new Set(certain(made).flatMap(({ access, table }) => (access === "write" ? [table] : [])));
      const group = new Map<string, object>();
      for (const one of plan.waves.flatMap(({ groups }) => groups)) {
        for (const { id } of one.jobs) group.set(`j:${id}`, one);
        for (const name of one.tables) group.set(`t:${name}`, one);
      }
      for (const { jobId, table, access } of certain(made)) {
        if (out.has(`${table}`)) continue;
        const [job, data] = [`j:${jobId}`, `t:${table}`];
        const told = `seed ${seed}: ${jobId} ${access} ${table}`;
        if (access === "write") expect(group.get(job), told).toBe(group.get(data));
        else if (group.get(job) !== group.get(data)) {
          const least = (wave.get(data) ?? 0) + (written.has(table) ? 1 : 0);
          expect(wave.get(job) ?? 0, told).toBeGreaterThanOrEqual(least);
        }
      }
      for (const one of plan.waves) {
        const isOver = one.jobs > (capacity.jobs ?? 99) || one.tables > (capacity.tables ?? 99);
        const told = plan.blockers.some(
          ({ kind, why }) => kind === "capacity" && why.startsWith(`wave ${one.number} `),
        );
        expect(told, `seed ${seed}, wave ${one.number}`).toBe(isOver);
      }
      // every pin is kept, or said not to be
      for (const [id, pin] of Object.entries(made.pins.jobs)) {
        const kept = wave.get(`j:${id}`) === pin;
        expect(kept || plan.blockers.some(({ jobs }) => jobs.includes(id)), `seed ${seed}: pin of ${id}`).toBe(true);
      }
    }
  });

  it("is the same byte for byte, whatever the order of the edges", () => {
    for (const seed of SEEDS.slice(0, 150)) {
      const { edges, pins } = world(seed, true);
      const roll = seededDice(seed + 9_000);
      const shuffled = edges.map((one) => ({ one, at: roll(1_000_000) })).sort((a, b) => a.at - b.at);
      const capacity = { jobs: 3 };
      const again = planWaves({ edges: [...shuffled.map(({ one }) => one), ...edges.slice(0, 3)], pins, capacity });
      expect(JSON.stringify(again)).toBe(JSON.stringify(planWaves({ edges, pins, capacity })));
    }
  });
});

/** Groups by who reaches whom, waves by asking again until nothing moves; `undefined` names are not there. */
function slowly({ edges }: World): Map<string, string> {
  const arrows = new Set<string>();
  const names = new Set<string>();
  for (const { jobId, table, access } of edges) {
    const [job, data] = [`j:${jobId}`, `t:${table}`];
    names.add(job).add(data);
    if (access === "write") arrows.add(`${job} ${data}`).add(`${data} ${job}`);
    else arrows.add(`${data} ${job}`);
  }
  const reach = new Map([...names].map((name) => [name, new Set([name])]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const seen of reach.values()) {
      for (const arrow of arrows) {
        const [from = "", to = ""] = arrow.split(" ");
        if (seen.has(from) && !seen.has(to)) {
          seen.add(to);
          changed = true;
        }
      }
    }
  }
  const reaches = (a: string, b: string): boolean => reach.get(a)?.has(b) === true;
  const groupOf = (name: string): string[] =>
    [...names].filter((one) => reaches(name, one) && reaches(one, name)).sort();
  const wave = new Map([...names].map((name) => [name, 1]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const arrow of arrows) {
      const [from = "", to = ""] = arrow.split(" ");
      if (reaches(to, from)) continue;
      const step = groupOf(from).some((name) => name.startsWith("j:")) ? 1 : 0;
      const least = (wave.get(from) ?? 0) + step;
      for (const name of groupOf(to)) {
        if ((wave.get(name) ?? 0) < least) {
          wave.set(name, least);
          changed = true;
        }
      }
    }
  }
  return new Map([...names].map((name) => [name, `${wave.get(name)}: ${groupOf(name).join(" ")}`]));
}

describe("a plan without pins, capacity and doubt", () => {
  it("is the one that is found slowly", () => {
    for (const seed of SEEDS) {
      const made = world(seed, false);
      const found = new Map<string, string>();
      for (const { number, groups } of planWaves({ edges: made.edges }).waves) {
        for (const { jobs, tables } of groups) {
          const members = [...jobs.map(({ id }) => `j:${id}`), ...tables.map((name) => `t:${name}`)].sort();
          for (const name of members) found.set(name, `${number}: ${members.join(" ")}`);
        }
      }
      expect(Object.fromEntries(found), `seed ${seed}`).toEqual(Object.fromEntries(slowly(made)));
    }
  });
});
