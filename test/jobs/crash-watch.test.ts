/** A watch with healing that dies or loses an answer at a request: the next watch ends with exactly what is declared. */
import { describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import type { JobSettings } from "../../src/model/job.ts";
import { type Clock, systemClock } from "../../src/util/clock.ts";
import { numbers, sample } from "../sample.ts";
import { doomedFetch, type Fate } from "./doomed.ts";
import { openLaptop } from "./laptop.ts";
import { job } from "./world.ts";

const TOKEN = "token-anna";
const paused = (pause_status: string): JobSettings => ({
  schedule: { quartz_cron_expression: "0 0 6 * * ?", timezone_id: "UTC", pause_status },
});

/** Of six jobs one was paused, one renamed and one deleted by somebody; one is declared otherwise, two are new. */
const BEFORE: Record<string, JobSettings> = {
  paused: job("Paused", paused("UNPAUSED")),
  kept: job("Kept", { description: "ours" }),
  gone: job("Gone"),
  changed: job("Changed"),
  same: job("Same"),
  left: job("Left"),
};
const { left: _left, ...rest } = BEFORE;
const AFTER: Record<string, JobSettings> = {
  ...rest,
  changed: job("Changed", { timeout_seconds: 60 }),
  new_1: job("New 1"),
  new_2: job("New 2", { tasks: [{ task_key: "call", run_job_task: { job_id: "${resources.jobs.new_1.id}" } }] }),
};
/** Theirs by policy, whatever is healed. */
const DRIFT = { fields: { description: "theirs" } } as const;

/** Waits for a repeat are short here: what counts is that there is one. */
const BRISK: Clock = {
  now: systemClock.now,
  sleep: (milliseconds, signal) => systemClock.sleep(milliseconds > 10_000 ? milliseconds : milliseconds / 20, signal),
};
const QUICK = { clock: BRISK, settleMs: 30, drift: DRIFT, token: TOKEN };

async function world(): Promise<{ fake: FakeDatabricks; dir: string }> {
  const fake = await startFakeDatabricks({
    principals: [
      { userName: "anna@example.com", tokens: [TOKEN], admin: true },
      { userName: "carl@example.com", tokens: ["token-carl"] },
    ],
  });
  fake.control.seedJobs({ jobs: [job("New 1"), job("Theirs")] as never, as: "carl@example.com" });
  const first = openLaptop({ ...QUICK, fetch: fake.fetch, url: fake.url, jobs: BEFORE });
  const report = await first.room.apply(await first.room.plan(), { firstDeploy: true });
  if (report.exitCode !== 0) throw new Error(`the first apply ended with ${report.exitCode}`);
  const idOf = (name: string) => fake.control.jobs().find((one) => one.settings.name === name)?.jobId ?? "";
  fake.control.editJob({ jobId: idOf("Paused"), settings: paused("PAUSED") as never });
  fake.control.editJob({ jobId: idOf("Kept"), settings: { description: "theirs" } as never });
  fake.control.deleteJob({ jobId: idOf("Gone") });
  return { fake, dir: first.dir };
}

function expectEnd(fake: FakeDatabricks, label: string): void {
  const ours = fake.control.jobs().filter((one) => one.creator === "anna@example.com");
  expect(ours.map((one) => one.settings.name).sort(), label).toEqual(
    // What is not declared any more is left alone.
    ["Changed", "Gone", "Kept", "Left", "New 1", "New 2", "Paused", "Same"],
  );
  const byName = Object.fromEntries(ours.map((one) => [String(one.settings.name), one.settings as JobSettings]));
  expect(byName.Paused?.schedule?.pause_status, label).toBe("UNPAUSED");
  expect(byName.Kept?.description, label).toBe("theirs");
  expect(byName.Changed?.timeout_seconds, label).toBe(60);
  const theirs = fake.control.jobs().filter((one) => one.creator === "carl@example.com");
  expect(theirs.map((one) => one.settings.name).sort(), label).toEqual(["New 1", "Theirs"]);
  const touched = fake.control.requests({ path: "/jobs/(reset|update|delete)$" }).filter((request) => {
    const id = (request.body as { job_id?: bigint | number } | undefined)?.job_id;
    return theirs.some((one) => one.jobId === String(id));
  });
  expect(touched, label).toEqual([]);
  expect(fake.control.requests({ path: "/jobs/delete$" }), label).toEqual([]);
}

/** Plays one fate; returns how many requests the pass made. */
async function play(fate: Fate, nth: number): Promise<number> {
  const { fake, dir } = await world();
  try {
    const doomed = doomedFetch(fake.fetch, fate, nth);
    doomed.arm();
    const victim = openLaptop({ ...QUICK, url: fake.url, dir, jobs: AFTER, fetch: doomed.fetch });
    await Promise.race([victim.room.watch({ heal: true, maxIterations: 1 }), doomed.death]);
    const again = openLaptop({ ...QUICK, fetch: fake.fetch, url: fake.url, dir, jobs: AFTER });
    const label = `${fate} request ${nth}`;
    const report = await again.room.watch({ heal: true, maxIterations: 2, intervalMs: 1 });
    expect(report, label).toMatchObject({ exitCode: 0, failed: 0 });
    expectEnd(fake, label);
    // Nothing is left to do, and what is kept is still theirs.
    const plan = await again.room.plan();
    const open = plan.changes.filter((change) => change.action !== "noop").map((change) => change.resource);
    expect(open, label).toEqual(["left"]);
    again.throwAway();
    return doomed.requests();
  } finally {
    await fake.close();
  }
}

describe("a watch with healing", () => {
  it.each<[Fate, number]>([
    ["dies before", 0.15],
    ["dies after", 0.5],
    ["loses the answer of", 0.85],
  ])(
    "that %s a request, each in turn, is finished by the next one",
    async (fate, phase) => {
      const made = await play(fate, Number.POSITIVE_INFINITY);
      expect(made).toBeGreaterThan(10);
      for (const nth of sample(`a watch that ${fate} a request`, numbers(1, made), 3, phase)) await play(fate, nth);
    },
    600_000,
  );
});
