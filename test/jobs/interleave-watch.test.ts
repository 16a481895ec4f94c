/**
 * A watch that heals, somebody who edits its jobs by hand, and another branch that is applied, request by request in a
 * seeded order; the lock is broken, or the watch is killed and started again: each job is there once, nobody else's is
 * touched, and once the hand rests everything is as declared.
 */
import { describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import type { WatchEvent } from "../../src/jobs/room.ts";
import type { JobSettings } from "../../src/model/job.ts";
import type { DeployState } from "../../src/model/state.ts";
import { numbers, sample } from "../sample.ts";
import { seeded } from "../seeded.ts";
import { doomedFetch } from "./doomed.ts";
import { gate, persist } from "./gate.ts";
import { openLaptop } from "./laptop.ts";
import { job } from "./world.ts";

const CARL = "carl@example.com";
const schedule = (pause_status: string) => ({
  schedule: { quartz_cron_expression: "0 0 6 * * ?", timezone_id: "UTC", pause_status },
});

const WATCHED = Object.fromEntries(
  [1, 2, 3, 4].map((n) => [`job_${n}`, job(`Job ${n}`, { description: "declared", ...schedule("UNPAUSED") })]),
);
/** Another branch: two of the jobs otherwise, two more. */
const BRANCH = Object.fromEntries(
  [3, 4, 5, 6].map((n) => [`job_${n}`, job(`Job ${n}`, { description: "branch", ...schedule("UNPAUSED") })]),
);

/** How the watch loses its lock. */
const WAYS = ["nobody breaks in", "the branch breaks the lock", "the watch is killed and started again"] as const;

/** What a hand does to a job; a value is never the one that it had before. */
const HAND: ((n: number) => { path: string; settings?: JobSettings })[] = [
  (n) => ({ path: "update", settings: { timeout_seconds: 100 + n } }),
  (n) => ({
    path: "update",
    settings: { schedule: { ...schedule("PAUSED").schedule, quartz_cron_expression: `0 ${n} 7 * * ?` } },
  }),
  (n) => ({ path: "update", settings: { name: `By hand ${n}` } }),
  (n) => ({ path: "update", settings: { tags: { hand: `${n}` } } }),
  (n) => ({
    path: "update",
    settings: { tasks: [{ task_key: `hand_${n}`, notebook_task: { notebook_path: "/hand" } }] },
  }),
  () => ({ path: "delete" }),
];

/** Ids of the jobs that the state knows: a job that was just made is not told from what the service makes of it. */
function knownIds(fake: FakeDatabricks): Set<string> {
  const file = fake.control.files().find(({ path }) => path.endsWith("/shop/prod/state.json"));
  const { jobs } = JSON.parse(file?.text ?? `{"jobs":{}}`) as Pick<DeployState, "jobs">;
  return new Set(Object.values(jobs).map(({ jobId }) => jobId));
}

/** Edits jobs of ours, one request after the other. */
async function edit(fake: FakeDatabricks, send: typeof fetch, random: () => number, times: number): Promise<void> {
  for (let n = 1; n <= times; n++) {
    const known = knownIds(fake);
    const ours = fake.control.jobs().filter(({ jobId }) => known.has(jobId));
    const found = ours[Math.floor(random() * ours.length)];
    const { path, settings } = HAND[Math.floor(random() * HAND.length)]?.(n) ?? { path: "" };
    const body = settings ? `,"new_settings":${JSON.stringify(settings)}` : "";
    await send(`${fake.url}/api/2.2/jobs/${path}`, {
      method: "POST",
      headers: { authorization: "Bearer token-root", "content-type": "application/json" },
      body: `{"job_id":${found?.jobId}${body}}`,
    });
  }
}

/** @returns how often something was healed, and how often somebody was refused or thrown out */
async function play(seed: number): Promise<{ healed: number; refused: number }> {
  const random = seeded(seed);
  const way = WAYS[seed % WAYS.length];
  const fake = await startFakeDatabricks({
    principals: [
      { userName: "root@example.com", tokens: ["token-root"], admin: true },
      { userName: "anna@example.com", tokens: ["token-anna"], admin: true },
      { userName: "ben@example.com", tokens: ["token-ben"], admin: true },
      { userName: CARL, tokens: ["token-carl"] },
    ],
  });
  const { gated, working, drive, stop } = gate(random, fake.fetch);
  const base = { url: fake.url, drift: { policy: "ours" as const }, working, settleMs: 30 };
  const anna = { ...base, name: "anna", token: "token-anna", jobs: WATCHED };
  const first = openLaptop({ ...anna, fetch: fake.fetch });
  const { dir } = first;
  const ben = openLaptop({ ...base, name: "ben", token: "token-ben", jobs: BRANCH, fetch: gated });
  const events: WatchEvent[] = [];
  const label = () => `seed ${seed}, ${way}: ${JSON.stringify(events)}`;
  const watch = (send: typeof fetch, maxIterations: number, signal?: AbortSignal) =>
    openLaptop({ ...anna, dir, fetch: send }).room.watch({
      ...{ heal: true, intervalMs: 1, maxIterations, signal },
      onEvent: (event) => events.push(event),
    });
  try {
    fake.control.seedJobs({ jobs: [job("Job 1"), job("Job 5")] as never, as: CARL });
    await first.room.apply(await first.room.plan(), { firstDeploy: true });
    const driver = drive();
    const end = new AbortController();
    const watching = (async () => {
      if (way === "the watch is killed and started again") {
        const doomed = doomedFetch(gated, "dies after", 5 + Math.floor(random() * 40));
        doomed.arm();
        await Promise.race([watch(doomed.fetch, 100, end.signal), doomed.death]);
      }
      return watch(gated, 100, end.signal);
    })();
    const codes = persist(ben, 12, { breakLock: way === "the branch breaks the lock" });
    await Promise.all([edit(fake, gated, random, 12), codes]);
    end.abort();
    await watching;
    stop();
    await driver;

    // Everybody is through: the branch has its jobs, and one watch ends as declared.
    const last = openLaptop({
      ...base,
      name: "ben",
      token: "token-ben",
      jobs: BRANCH,
      fetch: fake.fetch,
      dir: ben.dir,
    });
    expect((await persist(last, 3)).at(-1), label()).toBe(0);
    const report = await watch(fake.fetch, 3);
    expect(report, label()).toMatchObject({ exitCode: 0, failed: 0 });
    expectEnd(fake, label());
    const open = (await first.room.plan()).changes.filter(({ action }) => action !== "noop");
    expect(
      open.map(({ resource, action }) => `${action} ${resource}`),
      label(),
    ).toEqual(["delete job_5", "delete job_6"]);
    return {
      healed: events.filter((event) => event.kind === "job" && event.healed).length,
      refused:
        events.filter((event) => event.kind === "error" || (event.kind === "job" && event.error !== null)).length +
        (await codes).filter((code) => code !== 0).length,
    };
  } finally {
    stop();
    first.throwAway();
    ben.throwAway();
    await fake.close();
  }
}

function expectEnd(fake: FakeDatabricks, label: string): void {
  const jobs = fake.control.jobs();
  const ours = jobs.filter(({ creator }) => creator !== CARL);
  const byName = (one: { settings: unknown }, other: { settings: unknown }) =>
    String((one.settings as JobSettings).name) < String((other.settings as JobSettings).name) ? -1 : 1;
  const shown = ours.sort(byName).map(({ settings }) => {
    const { name, description, timeout_seconds, schedule, tasks, tags } = settings as JobSettings;
    return {
      name,
      description,
      timeout: timeout_seconds ?? 0,
      schedule,
      tasks: tasks?.length,
      tags: Object.keys(tags ?? {}),
    };
  });
  expect(shown, label).toEqual(
    [1, 2, 3, 4, 5, 6].map((n) => ({
      ...{ name: `Job ${n}`, description: n > 4 ? "branch" : "declared", timeout: 0, tasks: 1, tags: ["headgate"] },
      ...schedule("UNPAUSED"),
    })),
  );
  const theirs = new Set(jobs.flatMap(({ creator, jobId }) => (creator === CARL ? [jobId] : [])));
  expect(theirs.size, label).toBe(2);
  const requests = fake.control.requests({ path: "/jobs/(reset|update|delete)$" });
  const idOf = ({ body }: (typeof requests)[number]) => String((body as { job_id?: bigint } | undefined)?.job_id);
  expect(
    requests.filter((request) => theirs.has(idOf(request))),
    label,
  ).toEqual([]);
  // Only the hand deletes.
  expect(
    requests.filter(({ path, principal }) => path.endsWith("/delete") && principal !== "root@example.com"),
    label,
  ).toEqual([]);
}

describe("a watch that heals, beside a hand and another branch", () => {
  it("ends as declared, in 90 seeded interleavings", async () => {
    const seeds = sample("seeded interleavings of a watch", numbers(1, 90), 6, 0.4);
    const played = [];
    for (const seed of seeds) played.push(await play(seed));
    // The seeds must bring them into each other's way, or this proves nothing.
    for (const what of ["healed", "refused"] as const)
      expect(
        played.reduce((sum, one) => sum + one[what], 0),
        what,
      ).toBeGreaterThan(seeds.length);
  }, 600_000);
});
