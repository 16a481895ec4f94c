/** Watching: what is declared is applied pass by pass, what others did is told, and undone only where that is asked for. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WatchEvent, WatchOptions } from "../../src/jobs/room.ts";
import { type Clock, systemClock } from "../../src/util/clock.ts";
import type { Laptop } from "./laptop.ts";
import { applyAll } from "./laptop.ts";
import { job, openWorld, type World } from "./world.ts";

let world: World;
/** What happens between two passes: the first comes after the first pass. */
let between: (() => void | Promise<void>)[];
beforeEach(async () => {
  world = await openWorld();
  between = [];
});
afterEach(() => world.close());

/** The pauses between two passes are where the test does its part; all others are real. */
const INTERVAL = 123_456;
const clock: Clock = {
  now: systemClock.now,
  sleep: async (milliseconds, signal) => {
    if (milliseconds !== INTERVAL) return systemClock.sleep(milliseconds, signal);
    await between.shift()?.();
    signal?.throwIfAborted();
  },
};

async function watch(laptop: Laptop, options: WatchOptions = {}) {
  const events: WatchEvent[] = [];
  const report = await laptop.room.watch({
    intervalMs: INTERVAL,
    maxIterations: between.length + 1,
    firstDeploy: true,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { report, events };
}

const lines = (events: WatchEvent[]) =>
  events.map((event) =>
    [
      event.kind,
      "resource" in event ? event.resource : "",
      "action" in event ? `${event.action} ${event.state}${event.healed ? " healed" : ""}` : "",
      "fields" in event ? event.fields.map((field) => field.path).join(",") : "",
      "code" in event ? event.code : "",
    ]
      .filter((part) => part !== "")
      .join(" "),
  );

const edit = (name: string, settings: object): void => {
  world.fake.control.editJob({ jobId: world.idOf(name), settings: settings as never });
};
const remove = (name: string): void => {
  world.fake.control.deleteJob({ jobId: world.idOf(name) });
};

const schedule = (pause_status: string) => ({
  schedule: { quartz_cron_expression: "0 0 6 * * ?", timezone_id: "UTC", pause_status },
});

describe("a watch", () => {
  it("makes what is declared, and what is declared meanwhile; quiet passes send nothing", async () => {
    const one = world.laptop({ clock, jobs: { a: job("A") } });
    between = [
      () => undefined,
      () => one.declare({ a: job("A", { timeout_seconds: 60 }), b: job("B") }),
      () => world.fake.control.clearRequests(),
    ];
    const { report, events } = await watch(one);
    expect(lines(events).slice(0, 2)).toEqual(["job a create done", "quiet"]);
    expect(lines(events).slice(2, 4).sort()).toEqual(["job a update done timeout_seconds", "job b create done"]);
    expect(lines(events).slice(4)).toEqual(["quiet"]);
    expect(report).toEqual({ passes: 4, done: 3, failed: 0, exitCode: 0 });
    expect(world.settingsOf("A").timeout_seconds).toBe(60);
    expect(world.writes()).toEqual([]);
  });

  it("never deletes what is not declared any more", async () => {
    const one = world.laptop({ clock, jobs: { a: job("A"), b: job("B") } });
    between = [() => one.declare({ a: job("A") })];
    const { report } = await watch(one, { heal: true });
    expect(report.exitCode).toBe(0);
    expect(world.jobsOf("B")).toHaveLength(1);
  });

  it("tells of drift once, leaves it, and leaves it too where the job is changed for another reason", async () => {
    const one = world.laptop({ clock, jobs: { a: job("A", schedule("UNPAUSED")) } });
    between = [
      () => edit("A", schedule("PAUSED")),
      () => undefined,
      () => one.declare({ a: job("A", { ...schedule("UNPAUSED"), timeout_seconds: 60 }) }),
      () => undefined,
    ];
    const { report, events } = await watch(one);
    expect(lines(events)).toEqual([
      "job a create done",
      "drift a schedule.pause_status",
      "quiet",
      "job a update done timeout_seconds",
      "quiet",
    ]);
    expect(report.exitCode).toBe(0);
    expect(world.settingsOf("A")).toMatchObject({ timeout_seconds: 60, schedule: { pause_status: "PAUSED" } });
    // It is still theirs, and no change of ours.
    const [row] = (await one.room.plan()).changes;
    expect(row?.fields).toMatchObject([
      { path: "schedule.pause_status", kind: "drift", before: "UNPAUSED", actual: "PAUSED", after: "UNPAUSED" },
    ]);
  });

  it("with healing puts drift back, and makes anew what was deleted", async () => {
    const one = world.laptop({ clock, jobs: { a: job("A", schedule("UNPAUSED")), b: job("B") } });
    between = [() => edit("A", schedule("PAUSED")), () => remove("B")];
    const { events } = await watch(one, { heal: true });
    expect(lines(events).slice(2, 4)).toEqual([
      "job a update done healed schedule.pause_status",
      "job b recreate done healed",
    ]);
    expect(world.settingsOf("A").schedule?.pause_status).toBe("UNPAUSED");
    expect(world.jobsOf("B")).toHaveLength(1);
  });

  it("without healing leaves a deleted job deleted, and says so", async () => {
    const one = world.laptop({ clock, jobs: { a: job("A") } });
    between = [() => remove("A")];
    const { events } = await watch(one);
    expect(events[1]).toMatchObject({ kind: "drift", resource: "a", gone: true });
    expect(world.jobsOf("A")).toEqual([]);
  });

  it("retries a job that failed with the next pass, and the others are none the worse", async () => {
    const one = world.laptop({ clock, jobs: { a: job("A"), b: job("B") } });
    world.fake.control.addFault({
      path: "/jobs/create",
      nth: 1,
      count: 1,
      fault: { kind: "status", status: 400, errorCode: "BAD" },
    });
    between = [() => undefined];
    const { report, events } = await watch(one);
    expect(lines(events).filter((line) => line.includes("failed"))).toHaveLength(1);
    expect(report).toEqual({ passes: 2, done: 2, failed: 1, exitCode: 0 });
    expect([world.jobsOf("A").length, world.jobsOf("B").length]).toEqual([1, 1]);
  });

  it("says what went wrong with a pass and goes on", async () => {
    const one = world.laptop({ clock, jobs: { a: job("A") } });
    await applyAll(one);
    world.fake.control.addFault({ path: "/jobs/list", fault: { kind: "status", status: 403, errorCode: "DENIED" } });
    between = [() => void world.fake.control.removeFaults(), () => undefined];
    const { report, events } = await watch(one);
    expect(lines(events)).toEqual(["error forbidden", "quiet", "quiet"]);
    expect(report).toMatchObject({ passes: 3, exitCode: 0 });
  });

  it("leaves a field that both sides changed to a person, and tells of it once", async () => {
    const one = world.laptop({ clock, jobs: { a: job("A", { timeout_seconds: 10 }) } });
    await applyAll(one);
    edit("A", { timeout_seconds: 20 });
    one.declare({ a: job("A", { timeout_seconds: 30 }) });
    between = [() => undefined];
    const { report, events } = await watch(one, { heal: true });
    expect(lines(events)).toEqual(["left a field_conflict", "quiet"]);
    expect(report.exitCode).toBe(3);
    expect(world.settingsOf("A").timeout_seconds).toBe(20);
  });

  it("ends after the change that is under way when it is told to stop", async () => {
    const jobs = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`j${n}`, job(`J${n}`)]));
    const one = world.laptop({ clock, jobs });
    const stop = new AbortController();
    let creations = 0;
    world.fake.hook({
      before: async ({ path }) => {
        if (path.endsWith("/jobs/create") && ++creations === 3) stop.abort();
      },
    });
    const { report } = await watch(one, { signal: stop.signal, maxIterations: undefined });
    expect(report.exitCode).toBe(0);
    const made = world.fake.control.jobs().length;
    expect(made).toBeGreaterThan(2);
    expect(made).toBeLessThan(30);
    // All that was made is known: nothing is made twice.
    world.fake.hook({});
    expect(await applyAll(one)).toEqual([0]);
    expect(world.fake.control.jobs()).toHaveLength(30);
  });
});

describe("a policy", () => {
  it("decides field by field: theirs stays, fail waits for a person, the rest is put back", async () => {
    const declared = {
      a: job("A", { ...schedule("UNPAUSED"), timeout_seconds: 10 }),
      b: job("B", { description: "ours" }),
    };
    const one = world.laptop({
      clock,
      jobs: declared,
      drift: { fields: { "schedule.pause_status": "theirs", description: "fail" } },
    });
    await applyAll(one);
    edit("A", { ...schedule("PAUSED"), timeout_seconds: 20 });
    edit("B", { description: "theirs" });
    between = [() => undefined];
    const { events } = await watch(one, { heal: true });
    expect(lines(events)).toEqual([
      "drift a schedule.pause_status",
      "left b drift_policy",
      "job a update done healed timeout_seconds",
      "quiet",
    ]);
    expect(world.settingsOf("A")).toMatchObject({ timeout_seconds: 10, schedule: { pause_status: "PAUSED" } });
    expect(world.settingsOf("B").description).toBe("theirs");
    // An apply goes by the same policy.
    expect(await applyAll(one)).toEqual([3]);
    expect(world.settingsOf("A").schedule?.pause_status).toBe("PAUSED");
  });

  it("that is written settles conflicts too", async () => {
    const one = world.laptop({ clock, jobs: { a: job("A", { timeout_seconds: 10 }) }, drift: { policy: "ours" } });
    await applyAll(one);
    edit("A", { timeout_seconds: 20 });
    one.declare({ a: job("A", { timeout_seconds: 30 }) });
    expect(await applyAll(one)).toEqual([0]);
    expect(world.settingsOf("A").timeout_seconds).toBe(30);
  });
});
