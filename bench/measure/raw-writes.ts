/** The writes of transitions by the raw drivers, to measure doors and rooms against; and rates of what is measured. */
import type { StoredStep } from "../../src/model/step.ts";
import { EVENT_COLUMNS, eventValues } from "../../src/store/sql/runs/event-row.ts";
import { STEP_COLUMNS, stepValues } from "../../src/store/sql/runs/step-row.ts";
import type { Store } from "../../src/store/transaction.ts";

/** Steps of a run at most. */
const STEPS_OF_RUN = 10_000;

/** Transitions a second of user CPU, and of time. */
export interface Rate {
  perCpu: number;
  perWall: number;
}

/** Values of the two rows that a transition writes. */
export type Write = { event: unknown[]; step: unknown[] };

const KEYS = ["run_id", "workflow_id", "task_id", "attempt"];
const EVENTS = `etl_event (${EVENT_COLUMNS.map(([name]) => name).join(", ")})`;
const STEPS = `step_state (${STEP_COLUMNS.map(([name]) => name).join(", ")})`;
const UPSERT = `on conflict (${KEYS.join(", ")}) do update set ${STEP_COLUMNS.filter(([name]) => !KEYS.includes(name))
  .map(([name]) => `${name} = excluded.${name}`)
  .join(", ")} where step_state.version < excluded.version`;

/** Measures work of so many transitions. */
export async function rate(count: number, work: () => Promise<void>): Promise<Rate> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const { user } = process.cpuUsage(cpu);
  return { perCpu: count / (user / 1e6), perWall: count / ((performance.now() - started) / 1e3) };
}

/** Lets many callers take from one list. */
export async function callers<T>(list: readonly T[], many: number, one: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const caller = async () => {
    for (let item = list[next++]; item !== undefined; item = list[next++]) await one(item);
  };
  await Promise.all(Array.from({ length: many }, caller));
}

/** The rows that the door wrote for a run, as they would be written for another one that is there already. */
export async function sameWrites(store: Store, from: string, seq: number, runId: number): Promise<Write[]> {
  const steps = new Map(
    (await store.runs.steps({ executionId: from, limit: STEPS_OF_RUN })).map((step) => [step.taskId, step]),
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

/** A list in groups. */
export function groups<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
}

/** Writes groups of rows, each group in one transaction. */
export type Raw = (groups: readonly Write[][]) => Promise<void>;

/** Writes with the bare SQLite driver. */
export async function rawSqlite(file: string): Promise<{ write: Raw; close: () => void }> {
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

/** Writes with the bare Postgres driver. */
export async function rawPostgres(url: string): Promise<{ write: Raw; close: () => Promise<void> }> {
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
