/** Faults of what is kept and who may write it: state file, lock, interrupts, answers that are none; each with its documented end. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
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
const untilAborted = (_milliseconds: number, signal?: AbortSignal) =>
  new Promise<void>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }));
const names = () =>
  world.fake.control
    .jobs()
    .map((one) => String(one.settings.name))
    .sort();

describe("the state file", () => {
  it("in a folder that may not be written: 77 with the grant, and no job was made", async () => {
    fault("/workspace/(import|mkdirs)$", { status: 403 }, FOR_EVER);
    const one = laptop({ jobs: many(2) });
    const error = await one.room.apply(await one.room.plan(), { firstDeploy: true }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "forbidden", exitCode: 77 });
    expect(String((error as { hint?: string }).hint)).toContain("CAN_EDIT on /Workspace/Shared/.headgate/shop/prod");
    expect(names()).toEqual([]);
  });

  it("that may not be read is never taken for absent: 77", async () => {
    const one = laptop({ jobs: many(2) });
    await applyAll(one);
    fault("/workspace/export$", { status: 403 }, FOR_EVER);
    await expect(one.room.plan()).rejects.toMatchObject({ code: "forbidden", exitCode: 77 });
  });

  it.each([
    ["no JSON", "{ half", "input_invalid"],
    ["empty", "", "input_invalid"],
    ["something else", '{"formatVersion":1}', "input_invalid"],
    ["of a newer headgate", '{"formatVersion":3}', "store_newer"],
  ])("that is %s is refused, and never taken for absent: 65", async (_what, text, code) => {
    const one = laptop({ jobs: many(2) });
    await applyAll(one);
    const plan = await one.room.plan();
    world.fake.control.writeFile({ path: "/Workspace/Shared/.headgate/shop/prod/state.json", text });
    world.fake.control.clearRequests();
    await expect(one.room.plan()).rejects.toMatchObject({ code, exitCode: 65 });
    one.declare(many(3));
    await expect(one.room.apply(plan, { firstDeploy: true })).resolves.toMatchObject({ summary: { done: 0 } });
    await expect(one.room.plan()).rejects.toMatchObject({ code });
    expect(world.writes()).toEqual([]);
  });

  it("of another deployment in the same folder is refused: 3", async () => {
    const one = laptop({ jobs: many(1) });
    await applyAll(one);
    world.state((state) => {
      state.project = "other";
    });
    await expect(one.room.plan()).rejects.toMatchObject({ code: "owner_conflict", exitCode: 3 });
  });
});

describe("the lock", () => {
  /** A process that dies when it is about to make its first job: from then on neither it nor its clock moves. */
  async function die(options: Partial<LaptopOptions> & { jobs: Record<string, JobSettings> }): Promise<Laptop> {
    let dead: () => void = () => undefined;
    const death = new Promise<void>((resolve) => {
      dead = resolve;
    });
    let isDead = false;
    const victim = world.laptop({
      clock: { now: time.clock.now, sleep: untilAborted },
      settleMs: 1_000,
      fetch: (input, init) => {
        if (String(input).endsWith("/jobs/create")) {
          isDead = true;
          dead();
        }
        return isDead ? new Promise(() => undefined) : time.fetch(input, init);
      },
      ...options,
    });
    void victim.room.apply(await victim.room.plan(), { firstDeploy: true });
    await death;
    return victim;
  }

  it("of somebody else is 3, names who holds it and says when it ends", async () => {
    await die({ name: "anna", jobs: many(2) });
    const other = laptop({ name: "ben", jobs: many(2), settleMs: 1_000 });
    const error = await other.room.apply(await other.room.plan(), { firstDeploy: true }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "lock_held", exitCode: 3 });
    expect(error.message).toContain("anna on anna");
    expect(error.hint).toContain("--break-lock");
    expect(names()).toEqual([]);
  });

  it("of a killed process of the same machine is taken over at once", async () => {
    const killed = await die({ name: "anna", jobs: many(2) });
    const again = laptop({ name: "anna", dir: killed.dir, jobs: many(2), settleMs: 1_000 });
    const before = time.passed();
    expect(await applyAll(again)).toEqual([0]);
    expect(time.passed() - before).toBeLessThan(10_000);
    expect(names()).toEqual(["J0", "J1"]);
  });

  it("of a process that lives is not, on the same machine either", async () => {
    const alive = await die({ name: "anna", jobs: many(2) });
    const second = laptop({ name: "anna", dir: alive.dir, jobs: many(2), settleMs: 1_000, isAlive: () => true });
    await expect(second.room.apply(await second.room.plan(), { firstDeploy: true })).rejects.toMatchObject({
      code: "lock_held",
    });
  });

  it("that expired is taken over; its owner wakes up, sends nothing more, and harms nobody", async () => {
    const first = laptop({ jobs: many(12) });
    await applyAll(first);
    // The owner falls asleep while it reads jobs before their changes: its clock and its requests stand still.
    let asleep: Promise<void> | undefined;
    let wake: () => void = () => undefined;
    let held = 0;
    let armed = false;
    const owner = world.laptop({
      name: "anna",
      jobs: many(12, { timeout_seconds: 5 }),
      settleMs: 1_000,
      clock: { now: () => (asleep ? BEGIN : time.clock.now()), sleep: untilAborted },
      fetch: async (input, init) => {
        if (armed && new URL(String(input)).pathname.endsWith("/jobs/get")) {
          held++;
          asleep ??= new Promise((resolve) => {
            wake = () => {
              armed = false;
              asleep = undefined;
              resolve();
            };
          });
        }
        if (asleep) await asleep;
        return time.fetch(input, init);
      },
    });
    const plan = await owner.room.plan();
    armed = true;
    const applying = owner.room.apply(plan);
    while (held < 8) await new Promise((resolve) => setTimeout(resolve, 5));
    await time.clock.sleep(400_000);

    // Half of the jobs are as the owner found them: only the lock keeps it from changing those.
    const next = laptop({
      name: "ben",
      jobs: { ...many(12), ...many(6, { max_concurrent_runs: 9 }) },
      settleMs: 1_000,
    });
    expect(await applyAll(next)).toEqual([0]);
    const state = world.state();
    world.fake.control.clearRequests();
    wake();
    const report = await applying;
    expect(report.exitCode).toBe(3);
    expect(new Set(report.items.map((item) => item.error?.code))).toEqual(new Set(["plan_stale", "lock_lost"]));
    expect(world.writes()).toEqual([]);
    expect(world.state()).toEqual(state);
    const kept = world.fake.control
      .jobs()
      .map(({ settings }) => [settings.max_concurrent_runs, settings.timeout_seconds]);
    expect(kept.sort()).toEqual([...Array(6).fill([1, 0]), ...Array(6).fill([9, 0])]);
    expect((await next.room.plan()).summary).toMatchObject({ noop: 12, drift: 0 });
  });

  it("of a later holder, found in the state, stops us before anything is sent", async () => {
    const one = laptop({ jobs: many(1) });
    await applyAll(one);
    one.declare(many(1, { timeout_seconds: 5 }));
    const plan = await one.room.plan();
    const late = laptop({
      jobs: many(1),
      dir: one.dir,
      onLock: (lock) => world.state((state) => Object.assign(state, { fence: lock.n + 1 })),
    });
    world.fake.control.clearRequests();
    await expect(late.room.apply(plan)).rejects.toMatchObject({ code: "lock_lost", exitCode: 3 });
    expect(world.writes()).toEqual([]);
  });
});

describe("an interrupt in the middle of an apply", () => {
  it("is 130: what was done is saved, the lock is free, and the next apply finishes", async () => {
    const one = laptop({ jobs: many(20) });
    const stop = new AbortController();
    let done = 0;
    const report = await one.room.apply(await one.room.plan(), {
      firstDeploy: true,
      signal: stop.signal,
      onProgress: (item) => {
        if (item.state === "done" && ++done === 3) stop.abort();
      },
    });
    expect(report.exitCode).toBe(130);
    expect(report.items).toHaveLength(20);
    expect(report.summary.skipped).toBeGreaterThan(0);
    expect(Object.keys(world.state().jobs)).toHaveLength(report.summary.done);
    expect(names()).toHaveLength(report.summary.done);
    const other = laptop({ name: "ben", jobs: many(20) });
    expect(await applyAll(other)).toEqual([0]);
    expect(names()).toHaveLength(20);
  });

  it("does not wait for a creation whose answer was lost", async () => {
    world.fake.control.adjust({ listLagMs: 25_000 });
    const one = laptop({ jobs: many(1) });
    fault("/jobs/create$", { kind: "drop-after" });
    const stop = new AbortController();
    const plan = await one.room.plan();
    world.fake.hook({
      before: (request) => {
        if (request.path.endsWith("/jobs/list")) stop.abort();
      },
    });
    const before = time.passed();
    const report = await one.room.apply(plan, { firstDeploy: true, signal: stop.signal });
    expect(report).toMatchObject({ exitCode: 130, items: [{ state: "failed", error: { code: "retry" } }] });
    expect(time.passed() - before).toBeLessThan(10_000);
    expect(await applyAll(one)).toEqual([0]);
    expect(names()).toEqual(["J0"]);
  });

  it("of a plan that waits for a lagging list ends it", async () => {
    const one = laptop({ jobs: many(1) });
    await applyAll(one);
    world.state((state) => {
      state.pending.x = { at: new Date(time.clock.now()).toISOString(), marker: "none" };
    });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    time.stop();
    await expect(one.room.plan({ signal: stop.signal })).rejects.toBeDefined();
  });
});

describe("a service that does not keep what it was sent", () => {
  it("is told once; from then on what it made of it is as declared", async () => {
    world.fake.control.adjust({ unknownFields: "drop" });
    const one = laptop({ jobs: { j0: job("J0", { brand_new: { on: true } }) } });
    const report = await one.room.apply(await one.room.plan(), { firstDeploy: true });
    expect(report).toMatchObject({ exitCode: 0, items: [{ state: "done", error: { code: "not_kept" } }] });
    expect(report.items[0]?.error?.message).toContain("brand_new.on");
    expect(await rowOf(one, "j0")).toMatchObject({ action: "noop", fields: [] });
    one.declare({ j0: job("J0", { brand_new: { on: false } }) });
    expect(await rowOf(one, "j0")).toMatchObject({ fields: [{ path: "brand_new.on", kind: "declared" }] });
  });
});

describe("answers that are none", () => {
  it("to a list or a read of the state: the plan fails, and takes nothing for absent", async () => {
    const one = laptop({ jobs: many(2) });
    await applyAll(one);
    for (const path of ["/jobs/list$", "/workspace/export$"]) {
      const { id } = fault(path, { kind: "malformed" }, FOR_EVER);
      const error = await one.room.plan().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error, path).toMatchObject({ name: expect.stringMatching(/HeadgateError|HttpFailure/) });
      world.fake.control.removeFaults({ id });
    }
    const { id } = fault("/jobs/list$", { kind: "html", status: 502 }, FOR_EVER);
    await expect(one.room.plan()).rejects.toMatchObject({ code: "unavailable", exitCode: 69 });
    world.fake.control.removeFaults({ id });
  });

  it("to a creation that was made: it is found, and made once", async () => {
    const one = laptop({ jobs: many(3) });
    fault("/jobs/create$", { kind: "malformed" }, { nth: 2 });
    expect(await applyAll(one)).toEqual([0]);
    expect(names()).toEqual(["J0", "J1", "J2"]);
  });

  it("to a change that was made: it fails, and the next apply finds it done", async () => {
    const one = laptop({ jobs: many(2) });
    await applyAll(one);
    one.declare(many(2, { timeout_seconds: 5 }));
    fault("/jobs/reset$", { kind: "malformed" });
    expect((await one.room.apply(await one.room.plan())).exitCode).toBe(1);
    expect(actionsOf(await one.room.plan())).toEqual({ j0: "noop", j1: "noop" });
    expect(await applyAll(one)).toEqual([0]);
    world.fake.control.editJob({ jobId: world.idOf("J0"), settings: { timeout_seconds: 6 } as never });
    expect((await rowOf(one, "j0"))?.fields).toMatchObject([{ path: "timeout_seconds", kind: "drift" }]);
  });
});

describe("a creation that certainly made nothing", () => {
  const quickly = async (one: Laptop) => {
    expect(world.state().pending).toEqual({});
    const before = time.passed();
    const plan = await one.room.plan();
    expect(time.passed() - before).toBeLessThan(1_000);
    return plan;
  };

  it.each([
    ["refused", { status: 400 }, 1],
    ["forbidden", { status: 403 }, 77],
  ])("because it was %s is not waited for by the next plan", async (_what, kind, exitCode) => {
    const one = laptop({ jobs: many(3) });
    fault("/jobs/create$", kind, { nth: 2 });
    const report = await one.room.apply(await one.room.plan(), { firstDeploy: true });
    expect(report).toMatchObject({ exitCode, summary: { done: 2, failed: 1 } });
    expect(Object.values(actionsOf(await quickly(one))).sort()).toEqual(["create", "noop", "noop"]);
    expect(await applyAll(one)).toEqual([0]);
    expect(names()).toEqual(["J0", "J1", "J2"]);
  });

  it("because somebody stopped before it was sent is not waited for either", async () => {
    const one = laptop({ jobs: many(20) });
    const stop = new AbortController();
    const report = await one.room.apply(await one.room.plan(), {
      firstDeploy: true,
      signal: stop.signal,
      onProgress: ({ state }) => {
        if (state === "done") stop.abort();
      },
    });
    expect(report.exitCode).toBe(130);
    expect(report.summary.done).toBeLessThan(20);
    const open = (await quickly(one)).changes.filter(({ action }) => action === "create");
    expect(open).toHaveLength(20 - report.summary.done);
    expect(await applyAll(one)).toEqual([0]);
  });

  it("is told from one whose answer was lost, which stays announced", async () => {
    world.fake.control.adjust({ listLagMs: 60_000 });
    const one = laptop({ jobs: many(2) });
    fault("/jobs/create$", { kind: "drop-after" });
    const report = await one.room.apply(await one.room.plan(), { firstDeploy: true });
    expect(report).toMatchObject({ exitCode: 75, summary: { done: 1, failed: 1 } });
    expect(Object.keys(world.state().pending)).toHaveLength(1);
  });
});
