/**
 * What the runs room costs: starts and ends of tasks through it (checked, decided by the state machine, in the log, the
 * step and the run's own row written, durable) against raw driver calls that write the same commands and steps, in the
 * same process and run, on both databases.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openRunsRoom } from "../src/runs/open-room.ts";
import type { RunsRoom } from "../src/runs/room.ts";
import { migrateStore, openStore, type StoreTarget } from "../src/store/open.ts";
import { systemClock } from "../src/util/clock.ts";
import { durablePostgres } from "../test/postgres.ts";
import { median } from "./measure/child.ts";
import { type Headline, headline } from "./measure/headline.ts";
import { callers, groups, type Rate, rate, rawPostgres, rawSqlite, sameWrites } from "./measure/raw-writes.ts";

const TASKS = 300;
const CALLERS = 64;
const ROUNDS = 4;
/** Runs before the first that counts: a server that has worked for a while is what is measured. */
const WARM_UPS = 3;
const RUN = { projectCode: "CORP", processLoad: "WIDE", processingDate: "2026-11-20" };

async function declare(runs: RunsRoom): Promise<void> {
  const tasks = Array.from({ length: TASKS }, (_, n) => ({
    workflowId: 1,
    taskId: n + 1,
    sequenceId: 2,
    name: `Load ${n + 1}`,
  }));
  await runs.setup();
  await runs.registerProcess("CORP", "WIDE");
  for (const task of tasks) await runs.registerTask("CORP", "WIDE", task);
}

/** Every task of a new run, started and ended. */
async function throughRoom(runs: RunsRoom, executionId: string): Promise<Rate> {
  await runs.generateExecutionSteps(executionId, "CORP", "WIDE", RUN.processingDate, { carryForward: false });
  const tasks = Array.from({ length: TASKS }, (_, n) => ({ ...RUN, executionId, workflowId: 1, taskId: n + 1 }));
  return rate(tasks.length * 2, async () => {
    await callers(tasks, CALLERS, (task) => runs.startTask(task));
    await callers(tasks, CALLERS, (task) => runs.endTask({ ...task, metrics: { rowsWritten: 42 } }));
  });
}

async function compare(kind: string, target: StoreTarget): Promise<Headline[]> {
  await migrateStore(target);
  const store = await openStore(target);
  const raw = target.kind === "sqlite" ? await rawSqlite(target.path) : await rawPostgres(target.url);
  const runs = openRunsRoom({
    store,
    clock: systemClock,
    project: "bench",
    actor: "bench",
    timezone: "UTC",
    leaseMs: 300_000,
    random: randomBytes,
    readCatalogue: async () => ({ sequences: [], processes: [], problems: [] }),
    warn: (message) => console.error(message),
  });
  const room: Rate[] = [];
  const single: Rate[] = [];
  const grouped: Rate[] = [];
  try {
    await declare(runs);
    for (let round = 1; round <= WARM_UPS; round++) {
      await throughRoom(runs, `warm-up-${round}`);
      const writes = await sameWrites(store, `warm-up-${round}`, round * 20_000_000, round);
      await raw.write(groups(writes, CALLERS));
    }
    for (let round = WARM_UPS + 1; round <= WARM_UPS + ROUNDS; round++) {
      room.push(await throughRoom(runs, `round-${round}`));
      const writes = await sameWrites(store, `round-${round}`, round * 20_000_000, round);
      grouped.push(await rate(writes.length, () => raw.write(groups(writes, CALLERS))));
      const others = await sameWrites(store, `round-${round}`, round * 20_000_000 + 10_000_000, round);
      single.push(await rate(others.length, () => raw.write(groups(others, 1))));
    }
  } finally {
    await raw.close();
    await store.close();
  }
  const of = (rates: Rate[], which: keyof Rate) => median(rates.map((one) => one[which]));
  return [
    headline({
      name: `${kind} transitions through the room`,
      value: of(room, "perCpu"),
      unit: "per s of user CPU",
      baseline: of(grouped, "perCpu"),
      baselineName: `raw driver, the same commands and steps, ${CALLERS} in a transaction`,
    }),
    headline({
      name: `${kind} transitions through the room, time`,
      value: of(room, "perWall"),
      unit: `per s, ${CALLERS} callers`,
      baseline: of(single, "perWall"),
      baselineName: "raw driver, the same commands and steps, one in a transaction",
    }),
  ];
}

/** Figures for SQLite (`synchronous=FULL`), and for Postgres (`fsync` on) where it is installed. */
export async function run(): Promise<Headline[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "headgate-bench-"));
  try {
    const lines = await compare("sqlite", { kind: "sqlite", path: path.join(folder, "state.db") });
    const postgres = await durablePostgres();
    if ("skipped" in postgres) console.error(`no figures for Postgres: ${postgres.skipped}`);
    else lines.push(...(await compare("postgres", { kind: "postgres", url: await postgres.createDatabase() })));
    return lines;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
