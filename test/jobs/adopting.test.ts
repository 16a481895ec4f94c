/** Adoption that is broken off, overtaken or refused: no job is doubled, no edit is lost. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyAll, type Laptop } from "./laptop.ts";
import { actionsOf, fieldsOf, job, openWorld, rowOf, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const seed = (...names: string[]) =>
  world.fake.control.seedJobs({ jobs: names.map((name) => job(name)) as never, as: "anna@example.com" }).jobIds;
const theirs = (one: Laptop) => one.room.plan().then((plan) => plan.unmanaged);

describe("adopt", () => {
  it("shows what somebody edited while it went on, and overwrites nothing", async () => {
    seed("A");
    const one = world.laptop({
      jobs: {},
      afterWriting: () => {
        world.fake.control.editJob({
          jobId: world.idOf("A"),
          settings: { timeout_seconds: 99, tags: { team: "x" } } as never,
        });
      },
    });
    await one.room.adopt({ all: true });
    expect(world.settingsOf("A")).toMatchObject({ timeout_seconds: 99, tags: { team: "x" } });
    expect(fieldsOf(await rowOf(one, "a"))?.sort()).toEqual(["drift tags.team", "drift timeout_seconds"]);
  });

  it("takes a job it may see and not manage, says so, and never makes it a second time", async () => {
    const [jobId = ""] = seed("A");
    seed("B");
    world.fake.control.grant({ jobId, principal: "user_name:ben@example.com", level: "CAN_VIEW" });
    const ben = world.laptop({ token: "token-ben", jobs: {} });
    const report = await ben.room.adopt({ all: true });
    expect(report.problems).toMatchObject([{ severity: "error", code: "forbidden" }]);
    expect(report.problems[0]?.hint).toContain("CAN_MANAGE");
    expect(await rowOf(ben, "a")).toMatchObject({ action: "update", jobId });
    expect(await applyAll(ben)).toEqual([77]);
    expect(world.jobsOf("A")).toHaveLength(1);
  });

  it("that dies after the YAML was written is recognised by the journal, with and without a state", async () => {
    for (const first of [false, true]) {
      const name = first ? "B" : "A";
      const [jobId] = seed(name);
      const died = world.laptop({
        jobs: {},
        afterWriting: () => {
          throw new Error("killed");
        },
      });
      await expect(died.room.adopt({ names: [name] })).rejects.toThrow("killed");
      // The process is gone before it could tidy up.
      const again = world.laptop({ dir: died.dir, jobs: died.jobs });
      const plan = await again.room.plan();
      expect(plan.changes).toMatchObject([{ action: "recover", jobId, fields: [{ path: "tags.headgate" }] }]);
      expect((await again.room.apply(plan)).exitCode).toBe(0);
      expect(world.jobsOf(name)).toHaveLength(1);
      expect(actionsOf(await again.room.plan())).toEqual({ [name.toLowerCase()]: "noop" });
      again.declare({});
      await again.room.apply(await again.room.plan(), { allowDelete: 1 });
    }
  });

  it("into a folder that no source reads is refused; should it become one, nothing is doubled", async () => {
    const [jobId] = seed("A");
    const one = world.laptop({ jobs: {}, writesAside: true });
    await expect(one.room.adopt({ all: true })).rejects.toMatchObject({ code: "declaration_invalid", exitCode: 65 });
    expect(await theirs(one)).toBe(1);
    one.declare({ a: job("A") });
    expect(await rowOf(one, "a")).toMatchObject({ action: "recover", jobId });
  });

  it("leaves jobs of another headgate deployment alone", async () => {
    const other = world.laptop({ target: "other", jobs: { a: job("A") } });
    await applyAll(other);
    const one = world.laptop({ jobs: {} });
    const report = await one.room.adopt({ all: true });
    expect(report).toMatchObject({ adopted: [], problems: [{ code: "not_adopted" }] });
    expect(await rowOf(other, "a")).toMatchObject({ action: "noop" });
  });

  it("reads and marks many jobs at once, and takes each named job once", async () => {
    const [first = ""] = seed("A", "B");
    let most = 0;
    let now = 0;
    world.fake.hook({
      before: async (request) => {
        if (!/jobs\/(get|update)$/.test(request.path)) return;
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 10));
        now--;
      },
    });
    const one = world.laptop({ jobs: {} });
    const report = await one.room.adopt({ names: ["A", first, "B"] });
    expect(report.adopted.map(({ name }) => name)).toEqual(["A", "B"]);
    expect(most).toBeGreaterThan(1);
  });

  it("in a development target shows what that target will make of the job", async () => {
    world.fake.control.seedJobs({
      jobs: [job("A", { schedule: { quartz_cron_expression: "0 0 2 * * ?", timezone_id: "UTC" } }) as never],
    });
    const one = world.laptop({ jobs: {}, mode: "development", target: "dev" });
    const { problems } = await one.room.adopt({ all: true });
    expect(problems).toMatchObject([{ severity: "warning", code: "development_target", path: "targets.dev.mode" }]);
    expect(fieldsOf(await rowOf(one, "a"))?.sort()).toEqual(["declared name", "declared schedule.pause_status"]);
  });

  it("skips a lock that is held: nothing is written then", async () => {
    seed("A");
    let written = 0;
    const busy = world.laptop({ name: "busy", jobs: { b: job("B") } });
    const one = world.laptop({ name: "one", jobs: {}, afterWriting: () => void written++ });
    let refused: unknown;
    world.fake.hook({
      before: async (request) => {
        if (request.path.endsWith("/jobs/create"))
          refused = await one.room.adopt({ all: true }).catch((error: unknown) => error);
      },
    });
    await applyAll(busy);
    expect(refused).toMatchObject({ code: "lock_held", exitCode: 3 });
    expect(written).toBe(0);
  });
});

describe("forget", () => {
  it("keeps the marker of the only job that a declared resource has", async () => {
    const one = world.laptop({ jobs: { a: job("A") } });
    await applyAll(one);
    const jobId = world.idOf("A");
    world.fake.control.removeFile({ path: "/Workspace/Shared/.headgate/shop/prod/state.json" });
    await expect(one.room.forget(jobId)).rejects.toMatchObject({ code: "owner_conflict", exitCode: 3 });
    expect(await rowOf(one, "a")).toMatchObject({ action: "recover", jobId });
  });

  it("leaves a copy's other tags as they are", async () => {
    const one = world.laptop({ jobs: { a: job("A", { tags: { team: "x" } }) } });
    await applyAll(one);
    const copy = world.fake.control.cloneJob({ jobId: world.idOf("A") }).jobId;
    await one.room.forget(copy);
    expect(world.fake.control.job({ jobId: copy }).settings.tags).toEqual({ team: "x" });
    await expect(one.room.forget(copy)).rejects.toMatchObject({ code: "input_invalid" });
    await expect(one.room.forget("123")).rejects.toMatchObject({ code: "not_found" });
  });
});
