/**
 * What the store's door costs: transitions (a command in the log and the step that follows, durable) against raw
 * driver calls that do the same writes, in the same process and run, on both databases.
 *
 * The door also looks for repeats, reads the step, and decides; the raw calls get their values ready made.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Command } from "../src/model/step.ts";
import { migrateStore, openStore, type StoreTarget } from "../src/store/open.ts";
import type { Store } from "../src/store/transaction.ts";
import { durablePostgres } from "../test/postgres.ts";
import { tinyCommand, tinyTransition } from "../test/tiny-transition.ts";
import { median } from "./measure/child.ts";
import { type Headline, headline } from "./measure/headline.ts";
import { callers, groups, type Rate, rate, rawPostgres, rawSqlite, sameWrites } from "./measure/raw-writes.ts";

const TASKS = 1_000;
const CALLERS = 64;
const ROUNDS = 3;

/** Starts and ends of every task of a new run. */
async function commandsOfRun(store: Store, executionId: string): Promise<Command[]> {
  const tasks = Array.from({ length: TASKS }, (_, n) => ({ workflowId: 1, taskId: n + 1 }));
  await store.runs.append([tinyCommand("GENERATE", { executionId, payload: { tasks } })], tinyTransition);
  const of = (type: string) =>
    tasks.map((task) => tinyCommand(type, { ...task, executionId, payload: { metrics: { rowsWritten: 42 } } }));
  return [...of("START"), ...of("END")];
}

async function throughDoor(store: Store, executionId: string): Promise<Rate> {
  const commands = await commandsOfRun(store, executionId);
  return rate(commands.length, () =>
    callers(commands, CALLERS, (command) => store.runs.append([command], tinyTransition)),
  );
}

async function compare(kind: string, target: StoreTarget): Promise<Headline[]> {
  await migrateStore(target);
  const store = await openStore(target);
  const raw = target.kind === "sqlite" ? await rawSqlite(target.path) : await rawPostgres(target.url);
  const door: Rate[] = [];
  const grouped: Rate[] = [];
  const single: Rate[] = [];
  try {
    await throughDoor(store, "warm-up");
    await raw.write(groups(await sameWrites(store, "warm-up", 10_000_000, 1), CALLERS));
    for (let round = 1; round <= ROUNDS; round++) {
      const run = `round-${round}`;
      door.push(await throughDoor(store, run));
      const writes = await sameWrites(store, run, round * 20_000_000, round + 1);
      grouped.push(await rate(writes.length, () => raw.write(groups(writes, CALLERS))));
      const others = await sameWrites(store, run, round * 20_000_000 + 10_000_000, round + 1);
      single.push(await rate(others.length, () => raw.write(groups(others, 1))));
    }
  } finally {
    await raw.close();
    await store.close();
  }
  const of = (rates: Rate[], which: keyof Rate) => median(rates.map((one) => one[which]));
  return [
    headline({
      name: `${kind} transitions`,
      value: of(door, "perCpu"),
      unit: "per s of user CPU",
      baseline: of(grouped, "perCpu"),
      baselineName: `raw driver, the same writes, ${CALLERS} in a transaction`,
    }),
    headline({
      name: `${kind} transitions, time`,
      value: of(door, "perWall"),
      unit: `per s, ${CALLERS} callers`,
      baseline: of(single, "perWall"),
      baselineName: "raw driver, the same writes, one in a transaction",
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
