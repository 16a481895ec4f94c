/** A real store with weeks of runs in it, and the real server over it: what the Runs route is tested with. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { causesOf } from "../../src/across/cause.ts";
import { openRunsRoom } from "../../src/runs/open-room.ts";
import type { RunsRoom } from "../../src/runs/room.ts";
import { start, type TestServer } from "../../src/server/testing/start.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/transaction.ts";
import { type Clock, systemClock } from "../../src/util/clock.ts";
import { type HandClock, handClock } from "../runs/world.ts";
import { NOW } from "./retail-fleet.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const DAY = 86_400_000;

/** An open world. */
export interface RunsWorld {
  runs: RunsRoom;
  store: Store;
  clock: HandClock;
  server: TestServer;
  close(): Promise<void>;
}

/** Opens a store, lets `seed` fill it, and serves it with the built page. The clock stands at {@link NOW} from then on. */
export async function runsWorld(
  seed: (runs: RunsRoom, clock: HandClock, store: Store) => Promise<void>,
  from: string,
): Promise<RunsWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), "headgate-runs-page-"));
  const clock = handClock(from);
  const storeClock: Clock = { now: clock.now, sleep: systemClock.sleep };
  const store = await openStore(
    { kind: "sqlite", path: path.join(folder, "state.db") },
    { clock: storeClock, durability: "normal" },
  );
  const runs = openRunsRoom({
    store,
    clock,
    project: "retail",
    actor: "anna",
    timezone: "Europe/London",
    leaseMs: 365 * DAY,
    random: randomBytes,
    readCatalogue: async () => ({ sequences: [], processes: [], problems: [] }),
    warn: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  await runs.setup();
  await seed(runs, clock, store);
  if (clock.now() < NOW) clock.turn(NOW - clock.now());
  const timezone = "Europe/London";
  const server = await start({
    deps: {
      store: store as never,
      runs,
      clock: storeClock,
      webDir: path.join(ROOT, "dist/web"),
      causes: async (run) =>
        causesOf({ steps: await runs.steps({ ...run, limit: 10_000 }), now: clock.now(), timezone }),
    },
  });
  return {
    runs,
    store,
    clock,
    server,
    async close() {
      await server.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A task in the seed: minutes after the start of the run, and how long it takes. */
interface Planned {
  id: number;
  stage: number;
  name: string;
  minutes: number;
  optional?: true;
  watermark?: string;
}

const GL: Planned[] = [
  { id: 1, stage: 2, name: "load_journals", minutes: 12, watermark: "JOURNAL_DT" },
  { id: 2, stage: 2, name: "load_cost_centres", minutes: 3 },
  { id: 3, stage: 3, name: "post_journal", minutes: 25 },
  { id: 4, stage: 4, name: "gl_balances", minutes: 14 },
  { id: 5, stage: 5, name: "publish_gl", minutes: 4 },
];
const SALES: Planned[] = [
  { id: 1, stage: 1, name: "load_config", minutes: 1 },
  { id: 2, stage: 2, name: "load_orders", minutes: 48, watermark: "ORDERS_DT" },
  { id: 3, stage: 2, name: "load_order_lines", minutes: 70 },
  { id: 4, stage: 2, name: "load_returns", minutes: 22 },
  { id: 5, stage: 3, name: "customers_scd2", minutes: 21 },
  { id: 6, stage: 3, name: "products_scd2", minutes: 12 },
  { id: 7, stage: 4, name: "enrich_orders", minutes: 52 },
  { id: 8, stage: 4, name: "score_fraud", minutes: 24, optional: true },
  { id: 9, stage: 5, name: "revenue_by_country", minutes: 18 },
  { id: 10, stage: 5, name: "publish_mart", minutes: 6 },
];
const STOCK: Planned[] = [
  { id: 1, stage: 2, name: "load_stock", minutes: 9 },
  { id: 2, stage: 3, name: "stock_levels", minutes: 7 },
];

export const day = (ago: number): string => new Date(NOW - ago * DAY).toISOString().slice(0, 10);

/** Declares three processes and a fourth without runs. */
async function declare(runs: RunsRoom): Promise<void> {
  const process = async (project: string, load: string, owner: string, by: string, tasks: Planned[]) => {
    await runs.registerProcess(project, load, { owner, timezone: "Europe/London", deadline: { by, days: "all" } });
    for (const task of tasks) {
      if (task.watermark)
        await runs.registerParameter(project, load, {
          name: task.watermark,
          type: "DELTA_DATE",
          description: `Newest row of ${task.name}`,
          value: `${day(9)}T02:00:00Z`,
        });
      await runs.registerTask(project, load, {
        workflowId: 1,
        taskId: task.id,
        sequenceId: task.stage,
        name: task.name,
        sourceType: "DBX_JOB",
        sourceIdentifier: `${load.toLowerCase()}/${task.name}`,
        mandatory: task.optional !== true,
        expectedSeconds: task.minutes * 60,
        ...(task.watermark ? { sourceSystemCode: task.watermark } : {}),
      });
    }
  };
  await process("FINANCE", "GL_DAILY", "Finance data", "05:30", GL);
  await process("RETAIL", "SALES_NIGHTLY", "Retail data", "06:30", SALES);
  await process("RETAIL", "STOCK", "Supply", "06:30", STOCK);
  await process("MARKETING", "LOYALTY", "Marketing", "09:00", [{ id: 1, stage: 2, name: "load_points", minutes: 5 }]);
}

/** Runs of eight days: the last one as somebody finds it at 06:31. */
export async function seedRetail(runs: RunsRoom, clock: HandClock): Promise<void> {
  await declare(runs);
  const until = (at: number) => {
    if (at > clock.now()) clock.turn(at - clock.now());
  };
  const runOf = (project: string, load: string, ago: number) => ({
    projectCode: project,
    processLoad: load,
    processingDate: day(ago),
    executionId: `${load.slice(0, 2).toLowerCase()}-${day(ago)}`,
  });
  type Happening = [at: number, what: () => Promise<unknown>];
  /** What happens in a run, in the order of stages; `odd` says what goes another way. */
  function happenings(
    project: string,
    load: string,
    tasks: Planned[],
    ago: number,
    start: string,
    odd: (task: Planned) => "stop" | "fail" | "twice" | "run" | { minutes: number } | undefined,
  ): Happening[] {
    const run = runOf(project, load, ago);
    const all: Happening[] = [];
    let at = Date.parse(`${day(ago)}T${start}:00.000Z`);
    all.push([at, () => runs.generateExecutionSteps(run.executionId, project, load, run.processingDate)]);
    for (const stage of [...new Set(tasks.map((task) => task.stage))]) {
      let end = at;
      for (const task of tasks.filter((one) => one.stage === stage)) {
        const ref = { ...run, workflowId: 1, taskId: task.id };
        const how = odd(task);
        const source = {
          sourceRunId: `90071992547409${ago}${task.id}`,
          sourceUrl: `https://adb-1.example.com/#job/1/run/${task.id}`,
        };
        if (how === "stop") return all;
        let begin = at + 1_000 * task.id;
        if (how === "twice" || how === "fail") {
          all.push([begin, () => runs.startTask({ ...ref, ...source })]);
          all.push([
            begin + 6 * 60_000,
            () =>
              runs.failTask({
                ...ref,
                logMessage: "\u001b[31mduplicate key\u001b[0m in batch 884\n  at MERGE INTO silver.journals",
                logCode: "DUPLICATE_KEY",
                metrics: { rowsRead: 84_000 },
              }),
          ]);
          if (how === "fail") return all;
          begin += 8 * 60_000;
          all.push([begin - 1_000, () => runs.statusReset({ ...ref, reason: "bad file was taken away" })]);
        }
        all.push([begin, () => runs.startTask({ ...ref, ...source })]);
        if (how === "run") continue;
        const minutes = typeof how === "object" ? how.minutes : task.minutes * (0.9 + ((ago * 7 + task.id) % 5) * 0.04);
        const over = begin + minutes * 60_000;
        all.push([
          over,
          () =>
            runs.endTask({
              ...ref,
              logMessage: `${task.name}: merged`,
              metrics: { rowsRead: 3_912_044, rowsWritten: 3_318_200 },
            }),
        ]);
        end = Math.max(end, over);
      }
      at = end + 20_000;
    }
    return all;
  }
  const all: Happening[] = [];
  for (let ago = 8; ago >= 0; ago -= 1) {
    all.push(
      ...happenings("FINANCE", "GL_DAILY", GL, ago, "03:30", (task) =>
        ago === 0 && task.id === 3 ? "fail" : ago === 3 && task.id === 3 ? "twice" : undefined,
      ),
      ...happenings("RETAIL", "SALES_NIGHTLY", SALES, ago, "02:30", (task) => {
        if (ago !== 0) return ago === 5 && task.id === 2 ? { minutes: 130 } : undefined;
        if (task.id === 2) return { minutes: 130 };
        if (task.id === 7) return "run";
        return task.id === 8 ? "run" : task.stage === 5 ? "stop" : undefined;
      }),
    );
    if (ago % 2 === 0) all.push(...happenings("RETAIL", "STOCK", STOCK, ago, "05:00", () => undefined));
  }
  all.sort((a, b) => a[0] - b[0]);
  for (const [at, what] of all) {
    if (at > NOW) break;
    until(at);
    await what();
  }
}
