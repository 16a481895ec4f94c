/** Faults of the service and of other people over HTTP, each with the outcome and the exit code that is documented for it. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { oauthM2mCredentials } from "../../src/clients/databricks/auth/oauth-m2m.ts";
import type { JobSettings } from "../../src/model/job.ts";
import { BEGIN, type EventClock, eventClock } from "./event-clock.ts";
import { applyAll, type Laptop, type LaptopOptions } from "./laptop.ts";
import { actionsOf, job, openWorld, rowOf, type World } from "./world.ts";

let world: World;
let time: EventClock;
beforeEach(async () => {
  world = await openWorld({ clock: { start: BEGIN, speed: 0 } });
  time = eventClock(world.fake);
});
afterEach(async () => {
  time.stop();
  await world.close();
});

const laptop = (options: Partial<LaptopOptions> & { jobs: Record<string, JobSettings> }): Laptop =>
  world.laptop({ clock: time.clock, fetch: time.fetch, working: time.working, settleMs: 30_000, ...options });
const many = (count: number, more: JobSettings = {}) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`j${n}`, job(`J${n}`, more)]));
const fault = (path: string, kind: object, when: object = {}) =>
  world.fake.control.addFault({ path, fault: { kind: "status", ...kind } as never, ...when });
const FOR_EVER = { count: 0 };
const names = () =>
  world.fake.control
    .jobs()
    .map((one) => String(one.settings.name))
    .sort();

describe("429 with Retry-After in the middle of an apply", () => {
  it("is waited for, and the apply succeeds", async () => {
    const one = laptop({ jobs: many(6) });
    fault("/jobs/create$", { status: 429, retryAfter: 7 }, { nth: 3, count: 4 });
    expect(await applyAll(one)).toEqual([0]);
    expect(names()).toEqual(Object.values(many(6)).map(({ name }) => name));
    expect(time.passed()).toBeGreaterThanOrEqual(7_000);
  });

  it("is not waited for once the user wants to stop: 130, and the next apply finishes", async () => {
    const one = laptop({ jobs: many(3) });
    await applyAll(one);
    one.declare(many(3, { timeout_seconds: 5 }));
    fault("/jobs/reset$", { status: 429, retryAfter: 200 }, FOR_EVER);
    const stop = new AbortController();
    const plan = await one.room.plan();
    const before = time.passed();
    void time.clock.sleep(50_000).then(() => stop.abort());
    const report = await one.room.apply(plan, { signal: stop.signal });
    expect(report).toMatchObject({ exitCode: 130, summary: { done: 0 } });
    expect(time.passed() - before).toBeLessThan(200_000);
    world.fake.control.removeFaults();
    expect(await applyAll(one)).toEqual([0]);
  });
});

describe("503 for ever", () => {
  it("on changes: the others are done, 75, and the next apply finishes", async () => {
    const one = laptop({ jobs: many(2) });
    await applyAll(one);
    fault("/jobs/reset$", { status: 503 }, FOR_EVER);
    one.declare({ ...many(2, { timeout_seconds: 5 }), extra: job("Extra") });
    const report = await one.room.apply(await one.room.plan());
    expect(report).toMatchObject({ exitCode: 75, summary: { done: 1, failed: 2 } });
    // The lock was renewed all the while.
    expect(time.passed()).toBeGreaterThan(280_000);
    world.fake.control.removeFaults();
    expect(await applyAll(one)).toEqual([0]);
    expect(world.settingsOf("J1").timeout_seconds).toBe(5);
  });

  it("on creations, whose effect nobody knows: 75, none doubled, and the next apply finishes", async () => {
    const one = laptop({ jobs: many(3) });
    const id = fault("/jobs/create$", { status: 503 }, FOR_EVER).id;
    expect((await one.room.apply(await one.room.plan(), { firstDeploy: true })).exitCode).toBe(75);
    world.fake.control.removeFaults({ id });
    expect(await applyAll(one)).toEqual([0]);
    expect(names()).toEqual(["J0", "J1", "J2"]);
  });

  it("on everything: the plan is refused with 69", async () => {
    fault("/api/2.[02]/(jobs|workspace)/", { status: 503 }, FOR_EVER);
    await expect(laptop({ jobs: many(1) }).room.plan()).rejects.toMatchObject({ code: "unavailable", exitCode: 69 });
  });

  it("on the state file at the end: 75, and the next apply takes it from the markers", async () => {
    const one = laptop({ jobs: many(2) });
    // The announcement is written, what came of it is not.
    world.fake.hook({
      after: (request) => {
        if (request.path.endsWith("/jobs/create")) fault("/workspace/import$", { status: 503 }, FOR_EVER);
      },
    });
    const report = await one.room.apply(await one.room.plan(), { firstDeploy: true });
    expect(report.exitCode).toBe(75);
    expect(report.error).toContain("the state file could not be saved");
    world.fake.hook({});
    world.fake.control.removeFaults();
    expect(await applyAll(one)).toEqual([0]);
    expect(names()).toEqual(["J0", "J1"]);
    expect(actionsOf(await one.room.plan())).toEqual({ j0: "noop", j1: "noop" });
  });

  it("when only the lock cannot be released: what was done is done, 0, and it is said", async () => {
    const one = laptop({ jobs: many(1) });
    let armed = false;
    const arm = () => {
      armed = true;
    };
    const late = laptop({ jobs: many(1), dir: one.dir, onLock: arm });
    world.fake.hook({
      after: (request) => {
        // The state is saved; the next import is the release.
        if (armed && request.path.endsWith("/workspace/import") && world.state().jobs.j0) {
          armed = false;
          fault("/workspace/import$", { status: 400, errorCode: "BAD_REQUEST" }, FOR_EVER);
        }
      },
    });
    const report = await late.room.apply(await late.room.plan(), { firstDeploy: true });
    expect(report).toMatchObject({ exitCode: 0, summary: { done: 1 } });
    expect(report.error).toContain("not tidied up");
  });
});

describe("a list that lags ten seconds behind", () => {
  beforeEach(() => world.fake.control.adjust({ listLagMs: 10_000 }));

  it("doubles nothing and calls nothing drift: after a creation, a change, a deletion of our own", async () => {
    const one = laptop({ jobs: many(3) });
    expect(await applyAll(one)).toEqual([0]);
    expect(actionsOf(await one.room.plan())).toEqual({ j0: "noop", j1: "noop", j2: "noop" });
    one.declare(many(3, { timeout_seconds: 5 }));
    expect(await applyAll(one)).toEqual([0]);
    const after = await one.room.plan();
    expect(actionsOf(after)).toEqual({ j0: "noop", j1: "noop", j2: "noop" });
    expect(after.summary.drift).toBe(0);
    one.declare({ j0: job("J0", { timeout_seconds: 5 }) });
    expect(await applyAll(one, { allowDelete: 2 })).toEqual([0]);
    expect(actionsOf(await one.room.plan())).toEqual({ j0: "noop" });
    // Declared again while the list still shows the deleted ones with their markers.
    one.declare(many(3, { timeout_seconds: 5 }));
    expect(actionsOf(await one.room.plan())).toEqual({ j0: "noop", j1: "create", j2: "create" });
    expect(await applyAll(one)).toEqual([0]);
    expect(names()).toEqual(["J0", "J1", "J2"]);
  });

  it("does not hide that a change was taken back at once", async () => {
    const one = laptop({ jobs: many(1) });
    await applyAll(one);
    await time.clock.sleep(60_000);
    one.declare(many(1, { timeout_seconds: 5 }));
    await applyAll(one);
    one.declare(many(1));
    expect(await rowOf(one, "j0")).toMatchObject({ action: "update", fields: [{ path: "timeout_seconds" }] });
    expect(await applyAll(one)).toEqual([0]);
    expect(world.settingsOf("J0").timeout_seconds).toBe(0);
  });

  it("costs requests only for what was changed a moment ago and is shown as it was", async () => {
    const one = laptop({ jobs: many(5) });
    await applyAll(one);
    one.declare({ ...many(5), j0: job("J0", { timeout_seconds: 5 }) });
    await time.clock.sleep(12_000);
    await applyAll(one);
    const reads = async () => {
      world.fake.control.clearRequests();
      await one.room.plan();
      return world.fake.control.requests({ path: "/jobs/get$" }).length;
    };
    expect(await reads()).toBe(1);
    await time.clock.sleep(60_000);
    expect(await reads()).toBe(0);
  });

  it("does not double a job whose creation was answered by nobody", async () => {
    const one = laptop({ jobs: many(2) });
    fault("/jobs/create$", { kind: "drop-after" }, FOR_EVER);
    expect(await applyAll(one)).toEqual([0]);
    expect(names()).toEqual(["J0", "J1"]);
    expect(time.passed()).toBeGreaterThanOrEqual(10_000);
  });
});

describe("403 on one job of many", () => {
  it("is 77 with the grant; the others are done", async () => {
    const one = laptop({ jobs: many(5) });
    await applyAll(one);
    one.declare(many(5, { timeout_seconds: 5 }));
    fault("/jobs/reset$", { status: 403 }, { nth: 2 });
    const report = await one.room.apply(await one.room.plan());
    expect(report).toMatchObject({ exitCode: 77, summary: { done: 4, failed: 1 } });
    const failed = report.items.find((item) => item.state === "failed");
    expect(failed?.error).toMatchObject({ code: "forbidden" });
    expect(failed?.error?.hint).toContain(`CAN_MANAGE on job ${failed?.jobId}`);
    expect(await applyAll(one)).toEqual([0]);
  });
});

describe("a token that ends in the middle of an apply", () => {
  const ROBOT = "11111111-2222-3333-4444-555555555555";

  it("is renewed (OAuth M2M), and the apply succeeds", async () => {
    world.fake.control.addPrincipal({ userName: ROBOT, kind: "service_principal", secrets: ["s3cret"], admin: true });
    const one = laptop({
      jobs: many(6),
      credentials: (http) =>
        oauthM2mCredentials({ host: world.fake.url, clientId: ROBOT, clientSecret: "s3cret", http, clock: time.clock }),
    });
    let creations = 0;
    world.fake.hook({
      after: (request) => {
        if (request.path.endsWith("/jobs/create") && ++creations % 2 === 0) world.fake.control.dropTokens();
      },
    });
    expect(await applyAll(one)).toEqual([0]);
    expect(names()).toHaveLength(6);
    expect(world.fake.control.requests({ path: "/oidc/v1/token" }).length).toBeGreaterThan(1);
  });

  it("and cannot be renewed is 77, and the next apply finishes", async () => {
    const one = laptop({ jobs: many(6) });
    world.fake.hook({
      after: (request) => {
        if (request.path.endsWith("/jobs/create")) world.fake.control.dropTokens({ token: "token-root" });
      },
    });
    const report = await one.room.apply(await one.room.plan(), { firstDeploy: true });
    expect(report.exitCode).toBe(77);
    world.fake.hook({});
    world.fake.control.addToken({ token: "token-root", userName: "root@example.com" });
    const next = laptop({ jobs: many(6), dir: one.dir });
    expect(await applyAll(next)).toEqual([0]);
    expect(names()).toEqual(["J0", "J1", "J2", "J3", "J4", "J5"]);
  });
});
