/** A project that collects the runs of a fake workspace into a store, for tests: everything real but the workspace. */
import { randomBytes } from "node:crypto";
import type { FakeDatabricks } from "../../fakes/databricks/index.ts";
import { reconcile } from "../../src/across/reconcile.ts";
import type { ObserveReport } from "../../src/model/observe-report.ts";
import { type ObserveOptions, observeOnce } from "../../src/runs/observe.ts";
import { openRunsRoom } from "../../src/runs/open-room.ts";
import type { RunsRoom } from "../../src/runs/room.ts";
import type { RunSource } from "../../src/sources/run-source.ts";
import { openDatabricksRuns } from "../../src/sources/runs/databricks/index.ts";
import type { Store } from "../../src/store/transaction.ts";
import type { Clock } from "../../src/util/clock.ts";
import type { JsonObject } from "../../src/util/json.ts";
import { startFakeWorkspace } from "../fake-workspace.ts";

export const START = Date.UTC(2026, 10, 1, 1);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** See {@link openPlatform}. */
export interface Platform {
  fake: FakeDatabricks;
  room: RunsRoom;
  source: RunSource;
  store: Store;
  /** The workspace's time, which stands still; the project's clock is the same. */
  clock: Clock;
  advance(milliseconds: number): void;
  /** Makes a job. @returns its id */
  job(settings: JsonObject): string;
  start(jobId: string, options?: { at?: number; parameters?: Record<string, string> }): string;
  repair(runId: string, tasks?: string[]): Promise<void>;
  /** One pass. */
  observe(options?: Partial<ObserveOptions>): Promise<ObserveReport>;
}

/** A task of a job. */
export const task = (key: string, after: string[] = [], more: JsonObject = {}) => ({
  task_key: key,
  notebook_task: { notebook_path: `/etl/${key}` },
  new_cluster: { spark_version: "15.4.x-scala2.12", num_workers: 1, node_type_id: "x" },
  ...(after.length > 0 ? { depends_on: after.map((one) => ({ task_key: one })) } : {}),
  ...more,
});

/** Opens a platform over a store; the caller closes `fake`. */
export async function openPlatform(store: Store, project = "retail"): Promise<Platform> {
  const { fake, workspace } = await startFakeWorkspace({ clock: { start: START, speed: 0 } });
  const now = () => Number(fake.control.clock({}).now);
  const clock: Clock = { now, sleep: async () => undefined };
  const room = openRunsRoom({
    store,
    clock,
    project,
    actor: "anna",
    timezone: "UTC",
    leaseMs: 5 * MINUTE,
    random: (count) => randomBytes(count),
    readCatalogue: async () => ({ sequences: [], processes: [], problems: [] }),
    warn: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  await room.setup();
  const source = openDatabricksRuns({ kind: "databricks" }, workspace);
  return {
    fake,
    room,
    source,
    store,
    clock,
    advance: (milliseconds) => void fake.control.clock({ advance: milliseconds }),
    job: (settings) => {
      const job = { max_concurrent_runs: 100, ...settings };
      return fake.control.seedJobs({ jobs: [job] }).jobIds[0] ?? "";
    },
    start: (jobId, options = {}) => fake.control.startRun({ jobId, ...options }).runId,
    repair: async (runId, tasks) => {
      const { repair_history: past } = fake.control.runs().find((run) => String(run.run_id) === runId) ?? {};
      const last = (past as { id: unknown; type: string }[] | undefined)?.at(-1);
      const asked = tasks ? `"rerun_tasks":${JSON.stringify(tasks)}` : '"rerun_all_failed_tasks":true';
      const latest = last?.type === "REPAIR" ? `,"latest_repair_id":${last.id}` : "";
      const response = await fetch(`${fake.url}/api/2.2/jobs/runs/repair`, {
        method: "POST",
        headers: { authorization: `Bearer ${fake.token}`, "content-type": "application/json" },
        body: `{"run_id":${runId},${asked},"rerun_dependent_tasks":true${latest}}`,
      });
      if (!response.ok) throw new Error(await response.text());
    },
    observe: (options = {}) =>
      observeOnce({
        source,
        runs: store.runs,
        cursors: store.cursors,
        clock,
        holder: "test",
        project,
        target: "prod",
        timezone: "UTC",
        reconcile: (observed) => reconcile(room, observed),
        ...options,
      }),
  };
}
