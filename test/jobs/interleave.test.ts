/** Two people on two machines with two branches apply at the same time, request by request in a seeded order: nothing is doubled, nothing foreign touched. */
import { describe, expect, it } from "vitest";
import { startFakeDatabricks } from "../../fakes/databricks/index.ts";
import type { JobSettings } from "../../src/model/job.ts";
import { numbers, sample } from "../sample.ts";
import { seeded } from "../seeded.ts";
import { gate, persist } from "./gate.ts";
import { type Laptop, openLaptop } from "./laptop.ts";

const job = (name: string, more: JobSettings = {}): JobSettings => ({
  name,
  tasks: [{ task_key: "main", notebook_task: { notebook_path: `/etl/${name}` } }],
  ...more,
});

const ANNAS = Object.fromEntries([1, 2, 3, 4].map((n) => [`job_${n}`, job(`Job ${n}`)]));
const BENS = Object.fromEntries([3, 4, 5, 6].map((n) => [`job_${n}`, job(`Job ${n}`, { max_concurrent_runs: 2 })]));
async function play(seed: number): Promise<number[][]> {
  const random = seeded(seed);
  // In every second world the two may not read each other's jobs.
  const admin = seed % 2 === 0;
  const fake = await startFakeDatabricks({
    principals: [
      { userName: "anna@example.com", tokens: ["token-anna"], admin },
      { userName: "ben@example.com", tokens: ["token-ben"], admin },
      { userName: "carl@example.com", tokens: ["token-carl"] },
    ],
  });
  const { gated, working, drive, stop } = gate(random, fake.fetch);
  const open = (name: string, jobs: Record<string, JobSettings>) =>
    openLaptop({ url: fake.url, token: `token-${name}`, name, jobs, fetch: gated, working });
  const laptops = [open("anna", ANNAS), open("ben", BENS)];
  try {
    fake.control.seedJobs({ jobs: [job("Job 1"), job("Job 5")] as never, as: "carl@example.com" });
    const driver = drive();
    const codes = await Promise.all(laptops.map((laptop) => persist(laptop, 12)));
    codes.push(await persist(laptops[1] as Laptop, 3));
    stop();
    await driver;
    const label = `seed ${seed}, exit codes ${JSON.stringify(codes)}`;
    const ours = fake.control.jobs().filter((found) => found.creator !== "carl@example.com");
    expect(ours.map((found) => found.settings.name).sort(), label).toEqual([1, 2, 3, 4, 5, 6].map((n) => `Job ${n}`));
    expect(
      codes.map((list) => list.at(-1)),
      label,
    ).toEqual(admin ? [0, 0, 0] : expect.arrayContaining([77]));
    const carls = fake.control.jobs().filter((found) => found.creator === "carl@example.com");
    expect(
      carls.map((found) => found.settings),
      label,
    ).toEqual(carls.map((found) => fake.control.job({ jobId: found.jobId }).settings));
    const touched = fake.control.requests({ path: "/jobs/(reset|update|delete)" }).filter((request) => {
      const id = (request.body as { job_id?: bigint | number } | undefined)?.job_id;
      return carls.some((found) => found.jobId === String(id));
    });
    expect(touched, label).toEqual([]);
    return codes;
  } finally {
    stop();
    for (const laptop of laptops) laptop.throwAway();
    await fake.close();
  }
}

describe("two principals on two machines with two branches", () => {
  it("end with each job once, in 100 seeded interleavings", async () => {
    // An odd number, so that both kinds of worlds are among them.
    const seeds = sample("seeded interleavings", numbers(1, 100), 7);
    let refused = 0;
    for (const seed of seeds) refused += (await play(seed)).flat().filter((code) => code === 3).length;
    // The seeds must bring the two into each other's way, or this proves nothing.
    expect(refused).toBeGreaterThan(seeds.length / 2);
  }, 300_000);
});
