/** A world that runs: from the runs that happened to the lines of the logs and the truth about them. */

import { type Lake, openLake } from "./lake.ts";
import { arrive, deliver, type Gap, type LogLine, type Noise, type Sent } from "./logs/delivery.ts";
import { playVisit } from "./logs/guests.ts";
import { type Act, mergeByTime } from "./logs/merge.ts";
import { play } from "./logs/play.ts";
import { recordWriter } from "./logs/record.ts";
import { guestSender, notebookSender, runSender, type Sender } from "./logs/sender.ts";
import { openRandom, type Random } from "./random.ts";
import { driver } from "./request.ts";
import { type Counts, openTruth, type Truth } from "./truth.ts";
import type { HappenedRun, Renaming, World } from "./world.ts";

/** What {@link simulate} takes. Times are milliseconds since 1970 UTC. */
export interface SimulateOptions {
  seed: string;
  /** Begin of the time that is simulated, and its end. */
  from: number;
  to: number;
  /** Runs that happened, in any order. What is outside of the time is played too. */
  runs: readonly HappenedRun[];
  noise?: Partial<Noise>;
  gaps?: readonly Gap[];
}

/** A simulation: the lines first, then the truth. */
export interface Simulation {
  /** Lines as they are delivered, hour by hour. To be walked once. */
  lines: Generator<LogLine>;
  /** @throws Error before all lines were taken */
  truth(): Truth;
}

/** Of a real four-day set every 190th line was there twice and every 200th was a retry. */
const NOISE: Noise = { retries: 0.005, duplicates: 0.005, late: 0.01, lost: 0.002 };
const DAY = 24 * 3_600_000;
const MINUTE = 60_000;

/** Begins of the days from `from` on, UTC. */
function days({ from, to }: SimulateOptions): number[] {
  const first = Math.floor(from / DAY) * DAY;
  return Array.from({ length: Math.max(0, Math.ceil((to - first) / DAY)) }, (_, day) => first + day * DAY);
}

function* withSender(played: Iterable<Omit<Sent, "sender">>, sender: Sender): Generator<Sent> {
  for (const one of played) yield { ...one, sender };
}

function* rename({ table }: Renaming, to: World["tables"][number], lake: Lake, time: number, random: Random) {
  const folder = to.folder ?? { account: "", container: "", path: "" };
  const abfs = driver(table, folder, () => random.hex(12));
  const lying = lake.at(table);
  yield { time, request: abfs.status("", "GF", false), access: "write" as const };
  const moved = abfs.renameFolder("", {
    shows: "moved",
    after: () => {
      lying.folder = folder;
    },
  });
  yield { time: time + 40, request: moved, access: "write" as const };
  moved.after?.();
}

/** All that is done in the world, by its begin. */
function actsOf(world: World, options: SimulateOptions, lake: Lake, randomOf: (text: string) => Random): Act<Sent>[] {
  const programs = new Map(world.programs.map((program) => [program.task, program]));
  const acts: Act<Sent>[] = [];
  const counts = new Map<string, number>();
  for (const run of [...options.runs].sort((a, b) => a.ready - b.ready || (a.runId < b.runId ? -1 : 1))) {
    const program = programs.get(run.program);
    if (program === undefined) continue;
    const number = counts.get(run.program) ?? 0;
    counts.set(run.program, number + 1);
    const steps = program.steps.filter(({ every = 1 }) => number % every === every - 1);
    const random = randomOf(`run/${run.program}/${run.runId}/${run.attempt}`);
    const show = { steps, start: run.ready, end: run.end, failed: run.failed, random };
    if (steps.length === 0 || run.ready >= run.end) continue;
    acts.push({ start: run.ready, open: () => withSender(play(show, lake), runSender(run, random)) });
  }
  const within = (start: number): boolean => start >= options.from && start < options.to;
  for (const [day, begin] of days(options).entries()) {
    for (const [index, visit] of world.visits.entries()) {
      const random = randomOf(`visit/${index}/${begin}`);
      const start = begin + (visit.hour * 60 + visit.minute) * MINUTE + random.int(MINUTE);
      if (!within(start)) continue;
      const sender = guestSender(visit.guest, random);
      acts.push({ start, open: () => withSender(playVisit(visit, start, random, lake), sender) });
    }
    for (const [index, { clusterId, hour, minute, minutes, steps }] of world.notebooks.entries()) {
      const start = begin + (hour * 60 + minute) * MINUTE;
      if (!within(start)) continue;
      const random = randomOf(`notebook/${index}/${begin}`);
      const show = { steps, start, end: start + minutes * MINUTE, failed: false, random };
      acts.push({ start, open: () => withSender(play(show, lake), notebookSender(clusterId, random)) });
    }
    for (const renaming of world.renamings.filter((one) => one.day === day)) {
      const table = world.tables.find(({ name }) => name === renaming.table);
      const random = randomOf(`renaming/${renaming.table}`);
      const start = begin + renaming.minute * MINUTE;
      if (table === undefined) throw new Error(`no table ${renaming.table} to rename`);
      const sender = notebookSender(renaming.clusterId, random);
      acts.push({ start, open: () => withSender(rename(renaming, table, lake, start, random), sender) });
    }
  }
  return acts.sort((a, b) => a.start - b.start);
}

/**
 * Runs a world. Pure: the same world, options and seed give the same lines and the same truth; memory holds the tables,
 * the runs' list and who is at work, however long the time is.
 * @throws Error where a program names what the world does not have
 */
export function simulate(world: World, options: SimulateOptions): Simulation {
  const { seed, from, to } = options;
  const randomOf = (text: string): Random => openRandom(`${seed}/${text}`);
  const lake = openLake(world, from, (name) => randomOf(`table/${name}`));
  const book = openTruth(world, options.runs);
  const counts: Counts = {
    requests: 0,
    lines: 0,
    duplicates: 0,
    late: 0,
    lost: 0,
    torn: 0,
    notLogged: 0,
    retries: 0,
    denied: 0,
    probes: 0,
    otherServices: 0,
  };
  const logged = new Set(world.accounts.filter((account) => account.logged).map(({ name }) => name));
  const delivery = {
    noise: { ...NOISE, ...options.noise },
    gaps: options.gaps ?? [],
    random: randomOf("delivery"),
    write: recordWriter(world, (text) => openRandom(`${world.tenant}/${text}`).guid()),
    isLogged: (account: string) => logged.has(account),
    truth: book,
    counts,
  };
  const tearsAt = world.accounts.find((account) => account.logged)?.name ?? "";
  let isDone = false;
  function* lines(): Generator<LogLine> {
    yield* arrive(deliver(mergeByTime(actsOf(world, options, lake, randomOf)), delivery), delivery, tearsAt);
    isDone = true;
  }
  return {
    lines: lines(),
    truth() {
      if (!isDone) throw new Error("the truth is known when all lines were taken");
      return { seed, from: new Date(from).toISOString(), to: new Date(to).toISOString(), ...book.close(), counts };
    },
  };
}
