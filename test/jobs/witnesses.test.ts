/** Ownership where the two witnesses, a rename, a broken declaration or a crash of somebody else make it hard. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Problem } from "../../src/model/problem.ts";
import { applyAll, type Laptop } from "./laptop.ts";
import { actionsOf, job, openWorld, rowOf, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const broken = (resource: string): Problem => ({
  severity: "error",
  code: "bad_reference",
  place: undefined,
  path: `jobs.${resource}`,
  message: "it is broken",
  resource,
});

/** Applies until the process dies just before or after the first creation reaches the workspace. */
async function dieCreating(laptop: Laptop, when: "before" | "after"): Promise<void> {
  const plan = await laptop.room.plan();
  await new Promise<void>((resolve) => {
    world.fake.hook({
      [when]: (request: { path: string }) => {
        if (!request.path.endsWith("/jobs/create")) return undefined;
        resolve();
        return new Promise<void>(() => undefined);
      },
    });
    void laptop.room.apply(plan, { firstDeploy: true });
  });
  world.fake.hook({});
}

describe("a clone whose original was deleted", () => {
  it("is not taken over: both are named, and dropping its marker makes the job anew", async () => {
    const one = world.laptop({ jobs: { a: job("A") } });
    await applyAll(one);
    const id = world.idOf("A");
    const copy = world.fake.control.cloneJob({ jobId: id, as: "ben@example.com" }).jobId;
    world.fake.control.deleteJob({ jobId: id });
    const row = await rowOf(one, "a");
    expect(row).toMatchObject({ action: "conflict", code: "owner_conflict" });
    expect(row?.reason).toContain(`job ${id}, which is gone`);
    expect(row?.reason).toContain(copy);
    world.fake.control.clearRequests();
    expect(await applyAll(one)).toEqual([3]);
    expect(world.writes()).toEqual([]);
    await one.room.forget(copy);
    expect(await rowOf(one, "a")).toMatchObject({ action: "recreate" });
    expect(await applyAll(one)).toEqual([0]);
  });
});

describe("a rename", () => {
  it("whose new declaration is faulty never deletes the job", async () => {
    const one = world.laptop({ jobs: { a: job("A") } });
    await applyAll(one);
    one.declare({});
    one.set({ problems: [broken("z")] });
    expect(await rowOf(one, "a")).toMatchObject({ action: "delete", code: "unreadable" });
    await one.room.apply(await one.room.plan(), { allowDelete: 1 });
    // The same where it could be read, and only its reference is wrong.
    one.set({ problems: [], previous: { z: ["a"] } });
    one.declare({ z: job("A", { description: "${resources.jobs.none.id}" }) });
    expect(actionsOf(await one.room.plan())).toEqual({ z: "refused" });
    await one.room.apply(await one.room.plan(), { allowDelete: 1 });
    expect(world.jobsOf("A")).toHaveLength(1);
  });

  it("of a resource that is still there under both names shows the old one as no longer declared", async () => {
    const one = world.laptop({ jobs: { a: job("A"), z: job("Z") } });
    await applyAll(one);
    one.declare({ z: job("Z") });
    one.set({ previous: { z: ["a"] } });
    expect(await rowOf(one, "a")).toMatchObject({ action: "delete", held: true, jobId: world.idOf("A") });
    expect(await rowOf(one, "z")).toMatchObject({ action: "noop" });
    expect((await rowOf(one, "z"))?.hint).toBeUndefined();
  });

  it("is selected by its former name too", async () => {
    const one = world.laptop({ jobs: { a: job("A"), b: job("B") } });
    await applyAll(one);
    one.declare({ z: job("A"), b: job("B") });
    one.set({ previous: { z: ["a"] } });
    expect(actionsOf(await one.room.plan({ select: ["a"] }))).toEqual({ z: "update" });
    await expect(one.room.plan({ select: ["nope"] })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a faulty declaration of a deployed job", () => {
  it("is a refused row, so that the job does not vanish from plan and list", async () => {
    const one = world.laptop({ jobs: { a: job("A"), b: job("B") } });
    await applyAll(one);
    one.declare({ b: job("B") });
    one.set({ problems: [broken("a")] });
    const plan = await one.room.plan();
    expect(plan.changes).toMatchObject([{ resource: "a", action: "refused", code: "invalid" }, { resource: "b" }]);
    expect((await one.room.list()).items.map((row) => row.resource).sort()).toEqual(["a", "b"]);
    expect((await one.room.apply(plan)).exitCode).toBe(65);
    expect(actionsOf(await one.room.plan({ select: ["b"] }))).toEqual({ b: "noop" });
  });

  it("of no form at all is told, not thrown", async () => {
    const one = world.laptop({ jobs: { a: job("A"), b: job("B") } });
    await applyAll(one);
    one.declare({ a: { name: "A", tasks: { not: "a list" } } as never, b: job("B") });
    expect(actionsOf(await one.room.plan())).toEqual({ a: "refused", b: "noop" });
    expect((await one.room.explain("a")).desired).toBeNull();
  });

  it("of a job that is not selected does not fail the apply of one that is", async () => {
    const one = world.laptop({ jobs: { a: job("A"), b: job("B") } });
    await applyAll(one);
    one.declare({ a: job("A", { description: "${env:NOT_SET}" }), b: job("B", { timeout_seconds: 4 }) });
    expect((await one.room.apply(await one.room.plan({ select: ["b"] }))).exitCode).toBe(0);
    expect((await one.room.apply(await one.room.plan())).exitCode).toBe(65);
  });
});

describe("jobs that call each other", () => {
  const calls = (name: string, called: string) =>
    job(name, { tasks: [{ task_key: "call", run_job_task: { job_id: `\${resources.jobs.${called}.id}` } }] });

  it("in a ring cannot be made, and say so at their declarations", async () => {
    const one = world.laptop({ jobs: { a: calls("A", "b"), b: calls("B", "a"), c: job("C") } });
    const plan = await one.room.plan();
    expect(plan.problems.map((problem) => [problem.code, problem.resource])).toEqual([
      ["call_ring", "a"],
      ["call_ring", "b"],
    ]);
    expect((await one.room.apply(plan, { firstDeploy: true })).exitCode).toBe(1);
    expect(world.jobsOf("C")).toHaveLength(1);
  });

  it("need the called one in the plan: a selection without it says what to select", async () => {
    const one = world.laptop({ jobs: { a: calls("A", "b"), b: job("B") } });
    const report = await one.room.apply(await one.room.plan({ select: ["a"] }), { firstDeploy: true });
    expect(report).toMatchObject({ exitCode: 1, items: [{ error: { hint: "select b too" } }] });
  });

  it("leave the caller alone when the called one is in conflict", async () => {
    const one = world.laptop({ jobs: { a: calls("A", "b"), b: job("B") } });
    await applyAll(one);
    world.fake.control.cloneJob({ jobId: world.idOf("B") });
    world.fake.control.stripTags({ jobId: world.idOf("B") });
    expect(actionsOf(await one.room.plan())).toEqual({ a: "noop", b: "conflict" });
  });
});

describe("a creation that somebody began and did not finish", () => {
  it.each(["before", "after"] as const)(
    "(%s it was made) is not repeated by those who could not see the job",
    async (when) => {
      const anna = world.laptop({ token: "token-anna", name: "anna", jobs: { a: job("A") } });
      await dieCreating(anna, when);
      const ben = world.laptop({ token: "token-ben", name: "ben", jobs: { a: job("A") } });
      const plan = await ben.room.plan();
      expect(plan.changes).toMatchObject([{ action: "create", code: "announced" }]);
      expect(plan.changes[0]?.reason).toContain("anna@example.com");
      const report = await ben.room.apply(plan);
      expect(report).toMatchObject({ exitCode: 3, items: [{ state: "skipped", error: { code: "announced" } }] });
      expect(world.jobsOf("A")).toHaveLength(when === "before" ? 0 : 1);
      // An admin sees everything, and goes on.
      const root = world.laptop({ jobs: { a: job("A") } });
      expect((await root.room.apply(await root.room.plan(), { breakLock: true })).exitCode).toBe(0);
      expect(world.jobsOf("A")).toHaveLength(1);
      expect(world.state().pending).toEqual({});
    },
  );

  it("can be made anyway by who says that there is none", async () => {
    const anna = world.laptop({ token: "token-anna", name: "anna", jobs: { a: job("A") } });
    await dieCreating(anna, "before");
    const ben = world.laptop({ token: "token-ben", name: "ben", jobs: { a: job("A") } });
    const report = await ben.room.apply(await ben.room.plan(), { firstDeploy: true, breakLock: true });
    expect(report.exitCode).toBe(0);
    expect(world.jobsOf("A")).toHaveLength(1);
  });

  it("and is no longer declared is offered for deletion, or forgotten where it was never made", async () => {
    for (const [when, left] of [
      ["after", 1],
      ["before", 0],
    ] as const) {
      const one = world.laptop({ jobs: { a: job("A") } });
      await dieCreating(one, when);
      const next = world.laptop({ jobs: {} });
      const plan = await next.room.plan();
      expect(plan.changes).toMatchObject([{ resource: "a", action: "delete", held: left === 1 }]);
      expect(world.jobsOf("A")).toHaveLength(left);
      await next.room.apply(plan, { allowDelete: 1, breakLock: true });
      expect(world.jobsOf("A")).toEqual([]);
      expect(world.state().pending).toEqual({});
      expect((await next.room.plan()).changes).toEqual([]);
    }
  });
});

describe("the journal of a killed apply", () => {
  it("is believed only while the state still waits for its creation", async () => {
    const one = world.laptop({ jobs: { a: job("A") } });
    await dieCreating(one, "before");
    const ghost = {
      kind: "outcome",
      resource: "a",
      action: "update",
      jobId: "12345678901",
      at: "2026-01-01T00:00:00.000Z",
    };
    // Somebody else has finished, and removed, what it tells of.
    const other = world.laptop({ jobs: {} });
    await other.room.apply(await other.room.plan(), { breakLock: true });
    appendFileSync(join(one.dir, "journal.ndjson"), `${JSON.stringify(ghost)}\n`);
    const again = world.laptop({ dir: one.dir, jobs: {} });
    expect((await again.room.plan()).changes).toEqual([]);
  });

  it("may end in half a line, and go on after it", async () => {
    const one = world.laptop({ jobs: { a: job("A") } });
    appendFileSync(join(one.dir, "journal.ndjson"), '{"kind":"outcome","resource":"a","act');
    expect(await applyAll(one)).toEqual([0]);
    appendFileSync(join(one.dir, "journal.ndjson"), '{"kind":"outcome","resource":"a","act');
    one.declare({ a: job("A", { timeout_seconds: 3 }) });
    const again = world.laptop({ dir: one.dir, jobs: { a: job("A", { timeout_seconds: 3 }) } });
    await again.room.plan();
    expect(await applyAll(again)).toEqual([0]);
  });
});

describe("a job with as many tags of its own as there may be", () => {
  const tags = Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`k${n}`, "v"]));

  it("lives by the state file alone, and the next plan is empty", async () => {
    const one = world.laptop({ jobs: { a: job("A", { tags }) } });
    expect(await applyAll(one)).toEqual([0]);
    expect(world.settingsOf("A").tags).toEqual(tags);
    expect(await rowOf(one, "a")).toMatchObject({ action: "noop" });
  });

  it("is made once also where the answer to its creation is lost", async () => {
    const one = world.laptop({ jobs: { a: job("A", { tags }) } });
    world.fake.control.addFault({ path: "/jobs/create", fault: { kind: "drop-after" } });
    expect(await applyAll(one)).toEqual([0]);
    expect(world.jobsOf("A")).toHaveLength(1);
    expect(world.settingsOf("A").tags).toEqual(tags);
  });

  it("shows that it loses the marker when the last place goes", async () => {
    const one = world.laptop({ jobs: { a: job("A") } });
    await applyAll(one);
    one.declare({ a: job("A", { tags }) });
    expect((await rowOf(one, "a"))?.fields.map(({ path }) => path)).toContain("tags.headgate");
    expect(await applyAll(one)).toEqual([0]);
    expect(await rowOf(one, "a")).toMatchObject({ action: "noop" });
  });
});

describe("two resources and one job", () => {
  it("never delete what the other one keeps", async () => {
    const one = world.laptop({ jobs: { a: job("A"), b: job("B") } });
    await applyAll(one);
    const id = world.idOf("A");
    world.fake.control.deleteJob({ jobId: world.idOf("B") });
    world.state((state) => {
      const row = state.jobs.b;
      if (row) row.jobId = id;
    });
    one.declare({ a: job("A") });
    expect(actionsOf(await one.room.plan())).toEqual({ a: "conflict", b: "conflict" });
    await one.room.apply(await one.room.plan(), { allowDelete: 2 });
    expect(world.jobsOf("A")).toHaveLength(1);
  });
});

describe("a plan of somebody else's development target", () => {
  it("is refused before anything is sent", async () => {
    const open = (who: string) =>
      world.laptop({ token: `token-${who}`, mode: "development", target: "dev", jobs: { a: job("A") } });
    const plan = await open("anna").room.plan();
    await expect(open("ben").room.apply(plan, { firstDeploy: true })).rejects.toMatchObject({ code: "plan_stale" });
    expect(world.writes()).toEqual([]);
  });

  it("names jobs of a service principal after its display name", async () => {
    world.fake.control.addPrincipal({
      userName: "11111111-2222-3333-4444-555555555555",
      kind: "service_principal",
      displayName: "Nightly Robot",
      tokens: ["token-robot"],
    });
    const robot = world.laptop({ token: "token-robot", mode: "development", target: "dev", jobs: { a: job("A") } });
    expect((await rowOf(robot, "a"))?.name).toBe("[dev nightly_robot] A");
  });
});

describe("a job that may not be read", () => {
  it("does not keep the list, or the other jobs' runs, from being shown", async () => {
    const anna = world.laptop({ token: "token-anna", jobs: { a: job("A") } });
    await applyAll(anna);
    const ben = world.laptop({ token: "token-ben", jobs: { a: job("A"), b: job("B") } });
    await applyAll(ben);
    const fleet = await ben.room.list();
    expect(fleet.items.map((row) => [row.resource, row.difference.kind])).toEqual([
      ["a", "refused"],
      ["b", "same"],
    ]);
    expect(fleet.items[1]?.owner).toBe("ben@example.com");
  });
});
