/** Fields that both sides changed, settled by a person: ours is sent, theirs stays and is drift from then on. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withChoices } from "../../src/cli/jobs/conflict-choices.ts";
import { applyAll, type Laptop } from "./laptop.ts";
import { fieldsOf, job, openWorld, rowOf, type World } from "./world.ts";

let world: World;
let one: Laptop;
beforeEach(async () => {
  world = await openWorld();
  one = world.laptop({ jobs: { a: job("A", { timeout_seconds: 10, description: "first" }) } });
  await applyAll(one);
  world.fake.control.editJob({
    jobId: world.idOf("A"),
    settings: { timeout_seconds: 20, description: "theirs" } as never,
  });
  one.declare({ a: job("A", { timeout_seconds: 30, description: "ours", max_concurrent_runs: 3 }) });
});
afterEach(() => world.close());

describe("conflicts of fields", () => {
  it("are settled one by one; what stays is drift and no change of ours", async () => {
    const plan = withChoices(await one.room.plan(), { resolve: ["a:timeout_seconds=theirs", "a:description=ours"] });
    expect((await one.room.apply(plan)).exitCode).toBe(0);
    expect(world.settingsOf("A")).toMatchObject({
      timeout_seconds: 20,
      description: "ours",
      max_concurrent_runs: 3,
    });
    expect(fieldsOf(await rowOf(one, "a"))).toEqual(["drift timeout_seconds"]);
  });

  it("are settled all alike, but for those that are named", async () => {
    const flags = { conflicts: "theirs" as const, resolve: ["a:description=ours"] };
    const report = await one.room.apply(withChoices(await one.room.plan(), flags));
    expect(report.exitCode).toBe(0);
    expect(world.settingsOf("A")).toMatchObject({ timeout_seconds: 20, description: "ours" });
  });

  it("leave the job alone as long as one is open", async () => {
    const plan = withChoices(await one.room.plan(), { resolve: ["a:description=ours"] });
    expect((await one.room.apply(plan)).exitCode).toBe(3);
    expect(world.settingsOf("A").description).toBe("theirs");
  });

  it.each([
    ["a:max_concurrent_runs=ours", "is not in conflict"],
    ["b:description=ours", "is not in conflict"],
    ["a:description=mine", "is no choice"],
    ["description=ours", "is no choice"],
  ])("%s is wrong usage", async (choice, message) => {
    const plan = await one.room.plan();
    expect(() => withChoices(plan, { resolve: [choice] })).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining(message) }),
    );
  });

  it("that cannot be told apart from other changes are not kept by halves", async () => {
    const task = (key: string) => ({ task_key: key, notebook_task: { notebook_path: "/etl/x" } });
    const two = world.laptop({ jobs: { b: job("B", { tasks: [task("one"), task("two")] }) } });
    await applyAll(two, { firstDeploy: true });
    const rules = (seconds: number) => ({
      health: { rules: [{ metric: "RUN_DURATION_SECONDS", op: "GREATER_THAN", value: seconds }] },
    });
    two.declare({ b: job("B", { tasks: [task("one"), task("two")], ...rules(10) }) });
    await applyAll(two);
    world.fake.control.editJob({ jobId: world.idOf("B"), settings: rules(20) as never });
    two.declare({ b: job("B", { tasks: [task("one"), task("two")], ...rules(30) }) });
    const report = await two.room.apply(withChoices(await two.room.plan(), { conflicts: "theirs" }));
    expect(report.exitCode).toBe(0);
    expect(world.settingsOf("B")).toMatchObject(rules(20));
  });
});
