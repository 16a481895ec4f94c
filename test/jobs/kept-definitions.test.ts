/** Definitions to go back to: kept before a change is sent, a file for many; named only where the change came true. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JobSettings } from "../../src/model/job.ts";
import { applyAll, type Laptop } from "./laptop.ts";
import { job, openWorld, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const STATE = "/Workspace/Shared/.headgate/shop/prod";
const many = (count: number, more: JobSettings = {}) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`j${n}`, job(`J${n}`, more)]));
const actions = async (one: Laptop, resource: string) => (await one.room.history(resource)).map(({ action }) => action);
const changes = async (one: Laptop, resource: string) =>
  (await one.room.history(resource)).map(({ action, serial }) => `${action} ${serial}`);
const kept = () => world.fake.control.files().filter(({ path }) => path.includes("/shop/prod/definitions/"));
/** A laptop whose apply ends at the first request of this path, before or after it came through. */
function dying(dir: string, jobs: Laptop["jobs"], path: RegExp, when: "before" | "after") {
  const death = new AbortController();
  const never = () => new Promise<Response>(() => undefined);
  const one = world.laptop({
    dir,
    jobs,
    fetch: async (input, init) => {
      if (death.signal.aborted) return never();
      const hit = path.test(new URL(String(input)).pathname);
      const answer = hit && when === "before" ? undefined : await fetch(input, init);
      if (hit) death.abort();
      return answer === undefined || death.signal.aborted ? never() : answer;
    },
  });
  const dead = new Promise<void>((resolve) => death.signal.addEventListener("abort", () => resolve(), { once: true }));
  return { one, dead };
}

describe("the definitions of an apply", () => {
  it("are there before the first change is sent, in one file for many, and cost no request a change", async () => {
    const seen: number[] = [];
    world.fake.hook({
      before: (request) => {
        if (/\/jobs\/(create|reset)$/.test(request.path)) seen.push(kept().length);
      },
    });
    const one = world.laptop({ jobs: many(40) });
    expect(await applyAll(one)).toEqual([0]);
    expect(seen).toEqual(Array.from({ length: 40 }, () => 1));
    const writes = world.fake.control.requests({ method: "POST", path: "/workspace/" });
    expect(writes.length).toBeLessThan(15);
    one.declare(many(40, { timeout_seconds: 1 }));
    await applyAll(one);
    expect(kept()).toHaveLength(2);
    expect(await changes(one, "j7")).toEqual(["update 3", "create 2"]);
    const [newest] = await one.room.history("j7");
    expect(newest?.fields).toMatchObject([{ path: "timeout_seconds", after: 1 }]);
    const recent = await one.room.recentChanges({ count: 3 });
    expect(recent).toMatchObject({
      more: true,
      items: [{ resource: "j0", action: "update", jobId: world.idOf("J0") }, {}, {}],
    });
  });

  it("that were not sent, or were refused, are no history", async () => {
    const one = world.laptop({ jobs: many(2) });
    await applyAll(one);
    one.declare(many(2, { timeout_seconds: 1 }));
    world.fake.control.addFault({ path: "/jobs/reset$", fault: { kind: "status", status: 400 } });
    expect(await applyAll(one)).toEqual([1]);
    const all = [await changes(one, "j0"), await changes(one, "j1")].map((list) => list.length).sort();
    expect(all).toEqual([1, 2]);
  });

  it("of an apply that died before it saved are history as soon as the next one knows the change", async () => {
    const first = world.laptop({ jobs: many(1) });
    await applyAll(first);
    const changed = many(1, { timeout_seconds: 1 });
    const { one, dead } = dying(first.dir, changed, /\/jobs\/reset$/, "after");
    void one.room.apply(await one.room.plan());
    await dead;
    expect(world.settingsOf("J0").timeout_seconds).toBe(1);
    first.declare(changed);
    expect((await first.room.plan()).changes).toMatchObject([{ action: "noop", refresh: true }]);
    expect(await applyAll(first)).toEqual([0]);
    first.declare(many(1, { timeout_seconds: 2 }));
    await applyAll(first);
    const back = await first.room.planRollback("j0");
    expect(back.changes[0]?.fields).toMatchObject([{ path: "timeout_seconds", before: 2, after: 1 }]);
  });
});

describe("a deletion", () => {
  it("keeps the job as it was found, before it is sent", async () => {
    const first = world.laptop({ jobs: many(2) });
    await applyAll(first);
    world.fake.control.editJob({ jobId: world.idOf("J1"), settings: { description: "by hand" } });
    for (const when of ["before", "after"] as const) {
      const { one, dead } = dying(first.dir, many(1), /\/jobs\/delete$/, when);
      void one.room.apply(await one.room.plan(), { allowDelete: 1 });
      await dead;
      expect(kept().some(({ text }) => text.includes("by hand"))).toBe(true);
      // What did not come true is no history.
      if (when === "before") expect(await changes(first, "j1")).toEqual(["create 2"]);
    }
    first.declare(many(1));
    expect(await applyAll(first, { allowDelete: 1 })).toEqual([0]);
    expect(await actions(first, "j1")).toEqual(["delete", "create"]);
    expect((await first.room.apply(await first.room.planRollback("j1"))).exitCode).toBe(0);
    expect(world.settingsOf("J1").description).toBe("by hand");
    // Made again, it goes on with the history that it had.
    expect(await actions(first, "j1")).toEqual(["create", "delete", "create"]);
  });

  it("by somebody else is history without a definition of its own", async () => {
    const one = world.laptop({ jobs: many(2) });
    await applyAll(one);
    world.fake.control.deleteJob({ jobId: world.idOf("J1") });
    one.declare(many(1));
    expect(await applyAll(one)).toEqual([0]);
    expect(await actions(one, "j1")).toEqual(["delete", "create"]);
    expect((await one.room.planRollback("j1")).changes).toMatchObject([{ resource: "j1", action: "create" }]);
  });
});

describe("the history of a job", () => {
  it("follows it to another resource id, and to the job that is made in its place", async () => {
    const one = world.laptop({ jobs: { a: job("A") } });
    await applyAll(one);
    one.declare({ b: job("A", { timeout_seconds: 1 }) });
    one.set({ previous: { b: ["a"] } });
    await applyAll(one);
    expect(await actions(one, "b")).toEqual(["update", "create"]);
    world.fake.control.deleteJob({ jobId: world.idOf("A") });
    await applyAll(one);
    const history = await one.room.history("b");
    expect(history.map(({ action }) => action)).toEqual(["recreate", "update", "create"]);
    const back = await one.room.planRollback("b", { to: history[2]?.serial });
    expect(back.changes).toMatchObject([{ resource: "b", action: "update" }]);
  });

  it("has what an older headgate kept", async () => {
    const one = world.laptop({ jobs: many(1, { timeout_seconds: 5 }) });
    await applyAll(one);
    world.state((state) => {
      for (const row of Object.values(state.jobs)) delete row.history;
    });
    const entry = {
      resource: "j0",
      at: "2026-11-20T06:00:00.000Z",
      actor: "anna",
      commit: null,
      jobId: world.idOf("J0"),
    };
    for (const serial of [1, 2]) {
      const settings = job("J0", { timeout_seconds: serial });
      world.fake.control.writeFile({
        path: `${STATE}/history/j0/${serial}.json`,
        text: JSON.stringify({ ...entry, serial, action: "update", settings }),
      });
    }
    expect(await changes(one, "j0")).toEqual(["update 2", "update 1"]);
    one.declare(many(1, { timeout_seconds: 6 }));
    await applyAll(one);
    expect(await changes(one, "j0")).toEqual(["update 3", "update 2", "update 1"]);
    expect((await one.room.apply(await one.room.planRollback("j0", { to: 1 }))).exitCode).toBe(0);
    expect(world.settingsOf("J0").timeout_seconds).toBe(1);
    expect((await one.room.recentChanges()).items).toHaveLength(4);
  });
});
