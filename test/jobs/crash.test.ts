/** An apply that dies or loses an answer at every request in turn: after one more apply, exactly the declared jobs. */
import { describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import type { JobSettings } from "../../src/model/job.ts";
import { type Clock, systemClock } from "../../src/util/clock.ts";
import { numbers, sample } from "../sample.ts";
import { doomedFetch, type Fate } from "./doomed.ts";
import { type Laptop, openLaptop } from "./laptop.ts";

const job = (name: string, more: JobSettings = {}): JobSettings => ({
  name,
  tasks: [{ task_key: "main", notebook_task: { notebook_path: `/etl/${name}` } }],
  ...more,
});

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => n + from);
const all = (numbers: number[], more: JobSettings = {}) =>
  Object.fromEntries(numbers.map((n) => [`job_${n}`, job(`Job ${n}`, more)]));

/** 20 jobs are there; then 10 are new, 10 change (two of them call a new one), 5 go, 5 were deleted by somebody. */
const BEFORE = all(range(0, 20));
const AFTER: Record<string, JobSettings> = {
  ...all(range(0, 10), { max_concurrent_runs: 4 }),
  ...all(range(10, 15)),
  ...all(range(20, 30)),
  job_0: job("Job 0", { tasks: [{ task_key: "call", run_job_task: { job_id: "${resources.jobs.job_25.id}" } }] }),
  job_21: job("Job 21", { tasks: [{ task_key: "call", run_job_task: { job_id: "${resources.jobs.job_22.id}" } }] }),
};
const CHANGES = 30;

/** Waits for a repeat are short here: what counts is that there is one. */
const BRISK: Clock = {
  now: systemClock.now,
  sleep: (milliseconds, signal) => systemClock.sleep(milliseconds > 10_000 ? milliseconds : milliseconds / 20, signal),
};
/** The list of this workspace does not lag. */
const QUICK = { clock: BRISK, settleMs: 30 };

const TOKEN = "token-anna";
const EMPTY_HANDED = "stranger@example.com";

async function world(): Promise<{ fake: FakeDatabricks; dir: string }> {
  const fake = await startFakeDatabricks({
    principals: [
      { userName: "anna@example.com", tokens: [TOKEN], admin: true },
      { userName: EMPTY_HANDED, tokens: ["token-stranger"] },
    ],
  });
  fake.control.seedJobs({ jobs: [job("Job 3"), job("Job 22"), job("Theirs")] as never, as: EMPTY_HANDED });
  const first = openLaptop({ ...QUICK, fetch: fake.fetch, url: fake.url, token: TOKEN, jobs: BEFORE });
  const report = await first.room.apply(await first.room.plan(), { firstDeploy: true });
  if (report.exitCode !== 0) throw new Error(`the first apply ended with ${report.exitCode}`);
  for (const found of fake.control.jobs()) {
    if (found.creator === "anna@example.com" && /^Job 1[0-4]$/.test(String(found.settings.name)))
      fake.control.deleteJob({ jobId: found.jobId });
  }
  return { fake, dir: first.dir };
}

function expectExactly(fake: FakeDatabricks, after: Laptop["jobs"], label: string): void {
  const ours = fake.control.jobs().filter((found) => found.creator === "anna@example.com");
  const names = ours.map((found) => String(found.settings.name)).sort();
  expect(names, label).toEqual(
    Object.values(after)
      .map((settings) => String(settings.name))
      .sort(),
  );
  const theirs = fake.control.jobs().filter((found) => found.creator === EMPTY_HANDED);
  expect(
    theirs.map((found) => found.settings.name),
    label,
  ).toEqual(["Job 3", "Job 22", "Theirs"]);
  const touched = fake.control.requests({ path: "/jobs/(reset|update|delete)" }).flatMap((request) => {
    const id = (request.body as { job_id?: bigint | number } | undefined)?.job_id;
    return theirs.some((found) => found.jobId === String(id)) ? [request.path] : [];
  });
  expect(touched, label).toEqual([]);
}

/** Plays one fate; returns how many requests the apply made, so that the caller knows when it is through. */
async function play(fate: Fate, nth: number): Promise<number> {
  const { fake, dir } = await world();
  try {
    const doomed = doomedFetch(fake.fetch, fate, nth);
    const victim = openLaptop({ ...QUICK, url: fake.url, token: TOKEN, dir, jobs: AFTER, fetch: doomed.fetch });
    const plan = await victim.room.plan();
    expect(plan.changes.filter((change) => change.action !== "noop")).toHaveLength(CHANGES);
    doomed.arm();
    await Promise.race([
      victim.room.apply(plan, { allowDelete: 5 }).then(
        () => "ended",
        () => "failed",
      ),
      doomed.death,
    ]);
    const again = openLaptop({ ...QUICK, fetch: fake.fetch, url: fake.url, token: TOKEN, dir, jobs: AFTER });
    const report = await again.room.apply(await again.room.plan(), { allowDelete: 5 });
    const label = `${fate} request ${nth}`;
    expect(report.exitCode, label).toBe(0);
    expectExactly(fake, AFTER, label);
    const rest = await again.room.plan();
    expect(
      rest.changes.filter((change) => change.action !== "noop"),
      label,
    ).toEqual([]);
    again.throwAway();
    return doomed.requests();
  } finally {
    await fake.close();
  }
}

describe("an apply of 30 changes", () => {
  it.each<[Fate, number]>([
    ["dies before", 0.15],
    ["dies after", 0.5],
    ["loses the answer of", 0.85],
  ])(
    "that %s a request, each in turn, is finished by the next one",
    async (fate, phase) => {
      const made = await play(fate, Number.POSITIVE_INFINITY);
      expect(made).toBeGreaterThan(CHANGES);
      for (const nth of sample(`an apply that ${fate} a request`, numbers(1, made), 3, phase)) await play(fate, nth);
    },
    600_000,
  );
});
