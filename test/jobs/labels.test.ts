/** Who moved a field: what happened between the last apply and now must not blur who changed what. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyAll } from "./laptop.ts";
import { fieldsOf, job, openWorld, rowOf, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const edit = (name: string, settings: object) =>
  world.fake.control.editJob({ jobId: world.idOf(name), settings: settings as never });

describe("a drift that was taken into the declaration", () => {
  it("is nothing to do; what either side changes next is its own, and no conflict", async () => {
    const one = world.laptop({ jobs: { a: job("A", { timeout_seconds: 10 }) } });
    await applyAll(one);
    edit("A", { timeout_seconds: 20 });
    one.declare({ a: job("A", { timeout_seconds: 20 }) });
    expect(await rowOf(one, "a")).toMatchObject({ action: "noop", fields: [] });
    world.fake.control.clearRequests();
    expect(await applyAll(one)).toEqual([0]);
    expect(world.writes()).toEqual([]);
    edit("A", { timeout_seconds: 30 });
    expect(fieldsOf(await rowOf(one, "a"))).toEqual(["drift timeout_seconds"]);
    edit("A", { timeout_seconds: 20 });
    one.declare({ a: job("A", { timeout_seconds: 40 }) });
    expect(fieldsOf(await rowOf(one, "a"))).toEqual(["declared timeout_seconds"]);
  });

  it("is remembered once: the next apply neither locks nor writes", async () => {
    const one = world.laptop({ jobs: { a: job("A", { timeout_seconds: 10 }) } });
    await applyAll(one);
    edit("A", { timeout_seconds: 20 });
    one.declare({ a: job("A", { timeout_seconds: 20 }) });
    await applyAll(one);
    const { serial } = world.state();
    await applyAll(one);
    expect(world.state().serial).toBe(serial);
  });

  it("does not make an apply fail that has nothing else to do while somebody else holds the lock", async () => {
    const one = world.laptop({ name: "one", jobs: { a: job("A", { timeout_seconds: 10 }), b: job("B") } });
    await applyAll(one);
    edit("A", { timeout_seconds: 20 });
    one.declare({ a: job("A", { timeout_seconds: 20 }), b: job("B") });
    let codes: number[] = [];
    const late = world.laptop({
      name: "late",
      jobs: { a: job("A", { timeout_seconds: 20 }), b: job("B", { timeout_seconds: 1 }) },
    });
    world.fake.hook({
      before: async (request) => {
        if (request.path.endsWith("/jobs/reset")) codes = await applyAll(one);
      },
    });
    expect(await applyAll(late)).toEqual([0]);
    expect(codes).toEqual([0]);
  });
});

describe("an apply whose last read failed", () => {
  it("leaves nothing behind that a later edit would be blamed for", async () => {
    const one = world.laptop({ jobs: { a: job("A", { timeout_seconds: 10 }) } });
    await applyAll(one);
    one.declare({ a: job("A", { timeout_seconds: 20 }) });
    const plan = await one.room.plan();
    // The read after the change is refused for good, the one before it is not.
    world.fake.control.addFault({
      path: "/jobs/get",
      nth: 2,
      count: 1,
      fault: { kind: "status", status: 400, errorCode: "BAD" },
    });
    expect((await one.room.apply(plan)).exitCode).toBe(1);
    expect(await applyAll(one)).toEqual([0]);
    edit("A", { timeout_seconds: 30 });
    expect(fieldsOf(await rowOf(one, "a"))).toEqual(["drift timeout_seconds"]);
  });
});

describe("an edit between plan and apply", () => {
  it("of a value that the service may compute, and that we declare, is not overwritten", async () => {
    const cluster = (type: string) => ({
      job_clusters: [
        { job_cluster_key: "c", new_cluster: { spark_version: "15.4", node_type_id: type, num_workers: 1 } },
      ],
    });
    const one = world.laptop({ jobs: { a: job("A", cluster("small")) } });
    await applyAll(one);
    one.declare({ a: job("A", { ...cluster("small"), timeout_seconds: 5 }) });
    const plan = await one.room.plan();
    edit("A", cluster("big"));
    expect(await one.room.apply(plan)).toMatchObject({ exitCode: 3, items: [{ error: { code: "plan_stale" } }] });
  });
});

describe("taking run_as out of a declaration", () => {
  it("says that the service keeps it", async () => {
    const run_as = { user_name: "anna@example.com" };
    const one = world.laptop({ jobs: { a: job("A", { run_as }) } });
    await applyAll(one);
    one.declare({ a: job("A") });
    const row = await rowOf(one, "a");
    expect(fieldsOf(row)).toEqual(["declared run_as.user_name"]);
    expect(row?.hint).toContain("keeps run_as");
  });
});

describe("a field that both sides changed", () => {
  it("is left alone and says what to do", async () => {
    const one = world.laptop({ jobs: { a: job("A", { timeout_seconds: 10 }) } });
    await applyAll(one);
    edit("A", { timeout_seconds: 20 });
    one.declare({ a: job("A", { timeout_seconds: 30 }) });
    const report = await one.room.apply(await one.room.plan());
    expect(report).toMatchObject({ exitCode: 3, items: [{ state: "skipped", error: { code: "field_conflict" } }] });
    expect(report.items[0]?.error?.hint).toContain("both sides moved");
  });
});

describe("history", () => {
  it("calls a field that was taken out a change of ours, with what it was", async () => {
    const one = world.laptop({ jobs: { a: job("A", { description: "old" }) } });
    await applyAll(one);
    one.declare({ a: job("A") });
    await applyAll(one);
    const [latest] = await one.room.history("a");
    expect(latest?.fields).toEqual([{ path: "description", kind: "declared", before: "old" }]);
  });
});
