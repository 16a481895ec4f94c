/** New jobs are read from a list, many at once: a read for each would take half of what the rate limit allows. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ApplyItem } from "../../src/model/view.ts";
import { numbers } from "../sample.ts";
import { actionsOf, job, openWorld, type World } from "./world.ts";

const MANY = 120;
const many = (count: number) => Object.fromEntries(numbers(1, count).map((n) => [`job_${n}`, job(`Job ${n}`)]));

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** Creates jobs; `reads` are the requests that read jobs after the plan. */
async function create(jobs: Parameters<World["laptop"]>[0]["jobs"], settleMs = 30) {
  const laptop = world.laptop({ jobs, settleMs });
  const plan = await laptop.room.plan();
  world.fake.control.clearRequests();
  const told: ApplyItem[] = [];
  const report = await laptop.room.apply(plan, { firstDeploy: true, onProgress: (item) => told.push(item) });
  const count = (verb: string) => world.fake.control.requests({ path: `/jobs/${verb}$` }).length;
  return { laptop, report, told, gets: count("get"), lists: count("list") };
}

describe("new jobs", () => {
  it("are read by page, and the next plan is empty", async () => {
    const { laptop, report, gets, lists } = await create(many(MANY));
    expect(report).toMatchObject({ exitCode: 0, summary: { done: MANY } });
    expect(gets).toBe(0);
    expect(lists).toBeLessThanOrEqual(4);
    const { summary } = await laptop.room.plan();
    expect(summary).toMatchObject({ noop: MANY, update: 0, recover: 0 });
  });

  it("are read one by one where they are few", async () => {
    const { gets, lists } = await create(many(2));
    expect([gets, lists]).toEqual([2, 0]);
  });

  it("are read one by one where the list lags", async () => {
    world.fake.control.adjust({ listLagMs: 60_000 });
    const { report, gets } = await create(many(5));
    expect(report.exitCode).toBe(0);
    expect(gets).toBe(5);
  });

  it("are not looked for in a list that is longer than what it saves", async () => {
    world.fake.control.seedJobs({
      jobs: numbers(1, 900).map((n) => job(`Other ${n}`)) as never,
      as: "ben@example.com",
    });
    const { report, gets, lists } = await create(many(5));
    expect(report.exitCode).toBe(0);
    // The list shows the newest jobs first, or is given up after 250 of them.
    expect(gets).toBeLessThanOrEqual(5);
    expect(lists).toBeLessThanOrEqual(3);
  });

  it("are told of again where the service did not keep what was sent", async () => {
    await world.close();
    world = await openWorld({ unknownFields: "drop" });
    const { laptop, report, told, gets } = await create({ ...many(9), odd: job("Odd", { brand_new_field: "kept?" }) });
    expect(report.exitCode).toBe(0);
    expect(gets).toBe(1);
    const odd = told.filter(({ resource, state }) => resource === "odd" && state === "done");
    expect(odd.map(({ error }) => error?.code ?? null)).toEqual([null, "not_kept"]);
    expect(report.items.find(({ resource }) => resource === "odd")?.error?.message).toContain("brand_new_field");
    expect(new Set(Object.values(actionsOf(await laptop.room.plan())))).toEqual(new Set(["noop"]));
  });

  it("that cannot be read are found again by the next apply, and made once", async () => {
    const jobs = many(6);
    const laptop = world.laptop({ jobs, settleMs: 30 });
    const plan = await laptop.room.plan();
    const { id } = world.fake.control.addFault({
      path: "/jobs/list$",
      count: 0,
      fault: { kind: "status", status: 403 },
    });
    const report = await laptop.room.apply(plan, { firstDeploy: true });
    expect(report.summary).toMatchObject({ done: 0, failed: 6 });
    expect(report.exitCode).not.toBe(0);
    world.fake.control.removeFaults({ id });
    const again = await laptop.room.apply(await laptop.room.plan());
    expect(again).toMatchObject({ exitCode: 0, summary: { done: 6 } });
    expect(numbers(1, 6).map((n) => world.jobsOf(`Job ${n}`).length)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(new Set(Object.values(actionsOf(await laptop.room.plan())))).toEqual(new Set(["noop"]));
  });
});
