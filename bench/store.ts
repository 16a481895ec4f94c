/**
 * What the store's door costs: transitions (a command in the log and the step that follows, durable) against raw
 * driver calls that do the same writes, in the same process and run, on both databases.
 *
 * The door also looks for repeats, reads the step, and decides; the raw calls get their values ready made.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Command, StoredStep } from "../src/model/step.ts";
import { migrateStore, openStore, type StoreTarget } from "../src/store/open.ts";
import { EVENT_COLUMNS, eventValues } from "../src/store/sql/runs/event-row.ts";
import { STEP_COLUMNS, stepValues } from "../src/store/sql/runs/step-row.ts";
import type { Store } from "../src/store/transaction.ts";
import { durablePostgres } from "../test/postgres.ts";
import { tinyCommand, tinyTransition } from "../test/tiny-transition.ts";
import { median } from "./measure/child.ts";
import { type Headline, headline } from "./measure/headline.ts";

const TASKS = 1_000;
const CALLERS = 64;
const ROUNDS = 3;

/** Transitions a second of user CPU, and of time. */
interface Rate {
  perCpu: number;
  perWall: number;
}

type Write = { event: unknown[]; step: unknown[] };

const KEYS = ["run_id", "workflow_id", "task_id", "attempt"];
const EVENTS = `etl_event (${EVENT_COLUMNS.map(([name]) => name).join(", ")})`;
const STEPS = `step_state (${STEP_COLUMNS.map(([name]) => name).join(", ")})`;
const UPSERT = `on conflict (${KEYS.join(", ")}) do update set ${STEP_COLUMNS.filter(([name]) => !KEYS.includes(name))
  .map(([name]) => `${name} = excluded.${name}`)
  .join(", ")} where step_state.version < excluded.version`;

async function rate(count: number, work: () => Promise<void>): Promise<Rate> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const { user } = process.cpuUsage(cpu);
  return { perCpu: count / (user / 1e6), perWall: count / ((performance.now() - started) / 1e3) };
}

/** Lets many callers take from one list. */
async function callers<T>(list: readonly T[], many: number, one: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const caller = async () => {
    for (let item = list[next++]; item !== undefined; item = list[next++]) await one(item);
  };
  await Promise.all(Array.from({ length: many }, caller));
}

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

/** The rows that the door wrote for a run, as they would be written for another one that is there already. */
async function sameWrites(store: Store, from: string, seq: number, runId: number): Promise<Write[]> {
  const steps = new Map(
    (await store.runs.steps({ executionId: from, limit: TASKS })).map((step) => [step.taskId, step]),
  );
  const events = (await store.runs.eventsAfter(0, 1_000_000)).filter(
    (one) => one.executionId === from && one.taskId !== null,
  );
  return events.map((event, index) => {
    const step = { ...(steps.get(event.taskId ?? 0) as StoredStep), version: 10 + index };
    return {
      event: eventValues({ ...event, seq: seq + index, eventId: `raw-${seq + index}` }),
      step: stepValues(runId, step),
    };
  });
}

function groups<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
}

/** Writes groups of rows, each group in one transaction. */
type Raw = (groups: readonly Write[][]) => Promise<void>;

async function rawSqlite(file: string): Promise<{ write: Raw; close: () => void }> {
  const { DatabaseSync } = await import("@photostructure/sqlite");
  const db = new DatabaseSync(file, { timeout: 1_000 });
  db.exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -16000");
  const marks = (count: number) => Array(count).fill("?").join(", ");
  const begin = db.prepare("begin immediate");
  const event = db.prepare(`insert into ${EVENTS} values (${marks(EVENT_COLUMNS.length)})`);
  const step = db.prepare(`insert into ${STEPS} values (${marks(STEP_COLUMNS.length)}) ${UPSERT}`);
  const commit = db.prepare("commit");
  return {
    write: async (all) => {
      for (const group of all) {
        begin.run();
        for (const row of group) {
          event.run(...row.event);
          step.run(...row.step);
        }
        commit.run();
        // As the door does: others get a turn after each commit.
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    close: () => db.close(),
  };
}

async function rawPostgres(url: string): Promise<{ write: Raw; close: () => Promise<void> }> {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({ connectionString: url, max: 8 });
  const lists = (columns: typeof STEP_COLUMNS) =>
    `unnest(${columns.map(([, type], index) => `$${index + 1}::${type}[]`).join(", ")})`;
  const event = { name: "raw_event", text: `insert into ${EVENTS} select * from ${lists(EVENT_COLUMNS)}` };
  const step = { name: "raw_step", text: `insert into ${STEPS} select * from ${lists(STEP_COLUMNS)} ${UPSERT}` };
  const turn = (rows: readonly unknown[][]) => (rows[0] ?? []).map((_, index) => rows.map((row) => row[index]));
  return {
    write: (all) =>
      callers(all, 8, async (group) => {
        const client = await pool.connect();
        try {
          await client.query("begin");
          await client.query({ ...event, values: turn(group.map((row) => row.event)) });
          await client.query({ ...step, values: turn(group.map((row) => row.step)) });
          await client.query("commit");
        } finally {
          client.release();
        }
      }),
    close: () => pool.end(),
  };
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
