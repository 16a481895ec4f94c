import { afterEach, expect, it } from "vitest";
import { type JsonObject, objectsIn } from "../json.ts";
import { type FakeDatabricks, startFakeDatabricks } from "../start.ts";
import { clientOf } from "../testing-client.ts";

const JOBS = 8;
const RULES = ["ALL_SUCCESS", "ALL_DONE", "NONE_FAILED", "AT_LEAST_ONE_SUCCESS", "ALL_FAILED", "AT_LEAST_ONE_FAILED"];
const OUTCOMES = ["success", "success", "success", "fail", "hang", "cancel", "timeout", "internal_error"] as const;

let fake: FakeDatabricks;
afterEach(() => fake.close());

/** Numbers below n, the same for the same seed. */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

function pick<T>(list: readonly T[], roll: (n: number) => number): T {
  return list[roll(list.length)] as T;
}

/** A job of up to eight tasks of all kinds; it may call jobs made before it. */
function anyJob(roll: (n: number) => number, callable: string[]): JsonObject {
  const notebook = { notebook_task: { notebook_path: "/n" } };
  const work = (): JsonObject => {
    if (callable.length > 0 && roll(5) === 0) return { run_job_task: { job_id: BigInt(pick(callable, roll)) } };
    const inner = { task_key: "inner", ...notebook };
    return roll(6) === 0 ? { for_each_task: { inputs: "[1,2,3,4]", concurrency: 1 + roll(3), task: inner } } : notebook;
  };
  const tasks = Array.from({ length: 1 + roll(8) }, (_, index) => ({
    task_key: `t${index}`,
    ...work(),
    depends_on: Array.from({ length: index > 0 ? roll(3) : 0 }, () => ({ task_key: `t${roll(index)}` })),
    run_if: pick(RULES, roll),
    max_retries: roll(3),
    timeout_seconds: roll(3) === 0 ? 300 : 0,
    disabled: roll(10) === 0,
  }));
  return {
    tasks,
    max_concurrent_runs: 1 + roll(3),
    timeout_seconds: roll(2) * 3600,
    queue: { enabled: roll(2) === 0 },
  };
}

it.each([1, 2, 3])("whatever is started, cancelled and repaired comes to its end (seed %i)", async (seed) => {
  const roll = dice(seed);
  fake = await startFakeDatabricks({ clock: { start: Date.UTC(2026, 0, 1), speed: 0 } });
  fake.decide(() => ({ outcome: pick(OUTCOMES, roll), durationMs: roll(100_000) }));
  const client = clientOf(fake.url, fake.token);
  const jobs: string[] = [];
  for (let index = 0; index < JOBS; index++) {
    jobs.push(String(fake.control.seedJobs({ jobs: [anyJob(roll, jobs)] }).jobIds[0]));
  }
  const runs: string[] = [];
  for (let step = 0; step < 300; step++) {
    const what = roll(10);
    if (what < 4) {
      const { body } = await client.post("/api/2.2/jobs/run-now", { job_id: BigInt(pick(jobs, roll)) });
      runs.push(String(body.run_id));
    } else if (what < 5 && runs.length > 0) {
      await client.post("/api/2.2/jobs/runs/cancel", { run_id: BigInt(pick(runs, roll)) });
    } else if (what < 6 && runs.length > 0) {
      const body = { run_id: BigInt(pick(runs, roll)), rerun_all_failed_tasks: true };
      expect((await client.post("/api/2.2/jobs/runs/repair", body)).status).toBeLessThan(500);
    } else fake.control.clock({ advance: roll(200_000) });
  }
  // What hangs is cancelled; the queue behind it gets its turn, and is cancelled in turn.
  for (let hour = 0; hour < 20; hour++) {
    for (const jobId of jobs) await client.post("/api/2.2/jobs/runs/cancel-all", { job_id: BigInt(jobId) });
    fake.control.clock({ advance: 3_600_000 });
  }
  const ended = fake.control.runs();
  expect(fake.control.counts()).toEqual({ jobs: JOBS, runs: ended.length, events: 0 });
  const tally: Record<string, number> = {};
  for (const run of ended) {
    const { life_cycle_state: life, result_state: result } = run.state as JsonObject;
    tally[String(result ?? life)] = (tally[String(result ?? life)] ?? 0) + 1;
    expect((run.status as JsonObject).state).toBe("TERMINATED");
    expect(Number(run.end_time)).toBeGreaterThanOrEqual(Number(run.start_time));
    for (const task of objectsIn(run.tasks)) {
      expect((task.status as JsonObject).state).toBe("TERMINATED");
      expect(Number(task.end_time)).toBeGreaterThanOrEqual(Number(task.start_time));
      expect(Number(task.end_time)).toBeLessThanOrEqual(Number(run.end_time));
    }
  }
  expect(Object.keys(tally)).toEqual(expect.arrayContaining(["SUCCESS", "FAILED", "CANCELED", "SKIPPED"]));
});
