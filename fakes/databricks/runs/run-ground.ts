/** Ground of the tests of runs: a workspace whose clock stands still, three people, and short ways to start and read runs. */
import type { Control } from "../control/control.ts";
import { type JsonObject, objectsIn } from "../json.ts";
import type { FakeDatabricksOptions } from "../options.ts";
import { type FakeDatabricks, startFakeDatabricks } from "../start.ts";
import { type Client, clientOf } from "../testing-client.ts";

export const START = Date.UTC(2026, 10, 1);
export const MINUTE = 60_000;
const PEOPLE = [
  { userName: "admin@example.com", admin: true, tokens: ["admin"] },
  { userName: "anna@example.com", tokens: ["anna"] },
  { userName: "ben@example.com", tokens: ["ben"] },
];

let fake: FakeDatabricks | undefined;

/** Closes what a test has started; call it once in each test file, with the runner's hook. */
export function closeAfterEach(afterEach: (close: () => Promise<void>) => void): void {
  afterEach(async () => {
    await fake?.close();
    fake = undefined;
  });
}

/** The workspace that a test has started. */
export const workspace = (): FakeDatabricks | undefined => fake;

export interface Ground {
  control: Control;
  anna: Client;
  ben: Client;
  admin: Client;
  /** Makes a job as Anna. */
  job(settings: JsonObject): string;
  /** Starts it now. */
  run(jobId: string, more?: object): Promise<string>;
  read(runId: string, query?: string): Promise<JsonObject>;
  pass(milliseconds: number): void;
}

/** A workspace whose clock stands still; tasks take a minute and need no start-up unless said otherwise. */
export async function start(options: FakeDatabricksOptions = {}): Promise<Ground> {
  fake = await startFakeDatabricks({
    principals: PEOPLE,
    clock: { start: START, speed: 0 },
    startup: { clusterMs: 0, serverlessMs: 0, cancelMs: 1000 },
    ...options,
  });
  const { control, url } = fake;
  const anna = clientOf(url, "anna");
  return {
    control,
    anna,
    ben: clientOf(url, "ben"),
    admin: clientOf(url, "admin"),
    job: (settings) => String(control.seedJobs({ jobs: [settings], as: "anna@example.com" }).jobIds[0]),
    async run(jobId, more = {}) {
      const { status, body, text } = await anna.post("/api/2.2/jobs/run-now", { job_id: BigInt(jobId), ...more });
      if (status !== 200) throw new Error(`${status}: ${text}`);
      return String(body.run_id);
    },
    async read(runId, query = "") {
      const { status, body, text } = await anna.get(`/api/2.2/jobs/runs/get?run_id=${runId}${query}`);
      if (status !== 200) throw new Error(`${status}: ${text}`);
      return body;
    },
    pass: (milliseconds) => void control.clock({ advance: milliseconds }),
  };
}

export const task = (key: string, needs: string[] = [], more: JsonObject = {}): JsonObject => ({
  task_key: key,
  notebook_task: { notebook_path: "/n" },
  depends_on: needs.map((need) => ({ task_key: need })),
  ...more,
});
export const results = (run: JsonObject) =>
  Object.fromEntries(
    objectsIn(run.tasks).map((entry) => {
      const state = entry.state as JsonObject;
      return [entry.task_key, state.result_state ?? state.life_cycle_state];
    }),
  );
export const stateOf = (run: JsonObject) => run.state as JsonObject;
