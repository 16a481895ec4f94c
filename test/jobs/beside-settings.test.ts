/** What is declared beside a job's settings: permissions and protection. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settleConflicts } from "../../src/jobs/settle-conflicts.ts";
import { applyAll } from "./laptop.ts";
import { fieldsOf, job, openWorld, rowOf, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const reads = () => world.fake.control.requests({ method: "GET", path: "/permissions/" }).length;
const rightsOf = (name: string) => world.jobsOf(name)[0]?.permissions;
const BEN_RUNS = { user_name: "ben@example.com", permission_level: "CAN_MANAGE_RUN" };
const BEN_VIEWS = { user_name: "ben@example.com", permission_level: "CAN_VIEW" };
const USERS_VIEW = { group_name: "users", permission_level: "CAN_VIEW" };

describe("permissions", () => {
  it("are sent with the creation; nothing is asked or set where nothing changes", async () => {
    const one = world.laptop({ token: "token-anna", jobs: { a: job("A") }, permissions: { a: [BEN_RUNS] } });
    expect(await applyAll(one)).toEqual([0]);
    expect(rightsOf("A")).toEqual({
      "user_name:anna@example.com": "IS_OWNER",
      "user_name:ben@example.com": "CAN_MANAGE_RUN",
    });
    expect(world.writes().map(({ path }) => path)).toEqual(["jobs/create"]);
    expect(await rowOf(one, "a")).toMatchObject({ action: "noop" });
    expect(await applyAll(one)).toEqual([0]);
    expect(reads()).toBe(0);
  });

  it("that changed in the declaration are a declared change, and the only thing that is set", async () => {
    const one = world.laptop({ token: "token-anna", jobs: { a: job("A") }, permissions: { a: [BEN_RUNS] } });
    await applyAll(one);
    one.set({ permissions: { a: [BEN_VIEWS, USERS_VIEW] } });
    const row = await rowOf(one, "a");
    expect(row?.action).toBe("update");
    expect(row?.fields).toMatchObject([
      {
        path: "permissions[user_name=ben@example.com].permission_level",
        kind: "declared",
        before: "CAN_MANAGE_RUN",
        after: "CAN_VIEW",
      },
      { path: "permissions[group_name=users].permission_level", kind: "declared", after: "CAN_VIEW" },
    ]);
    world.fake.control.clearRequests();
    expect(await applyAll(one)).toEqual([0]);
    expect(world.writes().map(({ path }) => path)).toEqual([`permissions/jobs/${world.idOf("A")}`]);
    expect(rightsOf("A")).toEqual({
      "user_name:anna@example.com": "IS_OWNER",
      "user_name:ben@example.com": "CAN_VIEW",
      "group_name:users": "CAN_VIEW",
    });
    expect(await rowOf(one, "a")).toMatchObject({ action: "noop" });
    one.set({ permissions: { a: [USERS_VIEW] } });
    expect(fieldsOf(await rowOf(one, "a"))).toEqual([
      "declared permissions[user_name=ben@example.com].permission_level",
    ]);
  });

  it("of a job that is changed are read once, and set only where somebody moved them", async () => {
    const one = world.laptop({ token: "token-anna", jobs: { a: job("A") }, permissions: { a: [BEN_RUNS] } });
    await applyAll(one);
    const changed = async (timeout: number) => {
      one.declare({ a: job("A", { timeout_seconds: timeout }) });
      world.fake.control.clearRequests();
      expect(await applyAll(one)).toEqual([0]);
      return world.writes().map(({ path }) => path.split("/")[0]);
    };
    expect(await changed(5)).toEqual(["jobs"]);
    expect(reads()).toBe(1);
    world.fake.control.grant({ jobId: world.idOf("A"), principal: "group_name:users", level: "CAN_MANAGE" });
    expect(await changed(6)).toEqual(["jobs", "permissions"]);
    expect(rightsOf("A")).not.toHaveProperty("group_name:users");
  });

  it("are never set so that whoever applies is locked out", async () => {
    const one = world.laptop({ token: "token-anna", jobs: { a: job("A") } });
    await applyAll(one);
    const jobId = world.idOf("A");
    world.fake.control.grant({ jobId, principal: "user_name:ben@example.com", level: "CAN_MANAGE" });
    const ben = world.laptop({ token: "token-ben", jobs: { a: job("A") }, permissions: { a: [USERS_VIEW] } });
    expect(await applyAll(ben)).toEqual([0]);
    expect(rightsOf("A")).toEqual({
      "user_name:anna@example.com": "IS_OWNER",
      "user_name:ben@example.com": "CAN_MANAGE",
      "group_name:users": "CAN_VIEW",
    });
    expect(await rowOf(ben, "a")).toMatchObject({ action: "noop" });
  });

  it("that may not be set are exit 77 with the grant, and stay to be done", async () => {
    const one = world.laptop({ token: "token-anna", jobs: { a: job("A") } });
    await applyAll(one);
    const jobId = world.idOf("A");
    world.fake.control.grant({ jobId, principal: "user_name:ben@example.com", level: "CAN_MANAGE" });
    const ben = world.laptop({
      token: "token-ben",
      jobs: { a: job("A", { timeout_seconds: 7 }) },
      permissions: { a: [{ user_name: "ben@example.com", permission_level: "IS_OWNER" }] },
    });
    const report = await ben.room.apply(await ben.room.plan());
    expect(report).toMatchObject({ exitCode: 77, items: [{ state: "failed", jobId, error: { code: "forbidden" } }] });
    expect(report.items[0]?.error?.hint).toContain("IS_OWNER");
    expect(world.settingsOf("A").timeout_seconds).toBe(7);
    expect(fieldsOf(await rowOf(ben, "a"))).toEqual([
      "declared permissions[user_name=ben@example.com].permission_level",
    ]);
  });

  it("are compared by a plan that is asked to: a request a job, three ways, and apply puts them right", async () => {
    const notes: string[] = [];
    const one = world.laptop({
      token: "token-anna",
      jobs: { a: job("A"), b: job("B") },
      permissions: { a: [BEN_RUNS] },
    });
    const check = { checkPermissions: true, onNote: (note: string) => void notes.push(note) };
    await applyAll(one);
    const jobId = world.idOf("A");
    expect((await one.room.plan(check)).summary).toMatchObject({ noop: 2, drift: 0 });
    expect(reads()).toBe(1);
    expect(notes).toEqual(["reading the permissions of 1 job, one request each"]);

    world.fake.control.grant({ jobId, principal: "user_name:ben@example.com", level: "CAN_MANAGE" });
    world.fake.control.grant({ jobId, principal: "group_name:users", level: "CAN_VIEW" });
    expect((await one.room.plan()).summary.noop).toBe(2);
    const drifted = (await one.room.plan(check)).changes[0];
    expect(drifted).toMatchObject({ action: "update", reason: "2 fields changed, in the workspace" });
    expect(drifted?.fields).toMatchObject([
      {
        path: "permissions[user_name=ben@example.com].permission_level",
        ...{ kind: "drift", before: "CAN_MANAGE_RUN", actual: "CAN_MANAGE", after: "CAN_MANAGE_RUN" },
      },
      { path: "permissions[group_name=users].permission_level", kind: "drift", actual: "CAN_VIEW" },
    ]);
    one.set({ permissions: { a: [BEN_VIEWS] } });
    const both = await one.room.plan(check);
    expect(fieldsOf(both.changes[0])).toEqual([
      "conflict permissions[user_name=ben@example.com].permission_level",
      "drift permissions[group_name=users].permission_level",
    ]);
    const keepTheirs = settleConflicts(both, () => "theirs");
    expect(keepTheirs).toMatchObject({ open: [], stuck: [] });
    world.fake.control.clearRequests();
    expect((await one.room.apply(keepTheirs.plan)).exitCode).toBe(0);
    expect(rightsOf("A")).toEqual({
      "user_name:anna@example.com": "IS_OWNER",
      "user_name:ben@example.com": "CAN_MANAGE",
    });
    // What was kept is remembered as if ours had been there: it is drift the next time, and put back.
    const again = await one.room.plan(check);
    expect(fieldsOf(again.changes[0])).toEqual(["drift permissions[user_name=ben@example.com].permission_level"]);
    expect((await one.room.apply(again)).exitCode).toBe(0);
    expect(world.writes().map(({ path }) => path.split("/")[0])).toEqual(["permissions", "permissions"]);
    expect((await one.room.plan(check)).summary.noop).toBe(2);
  });

  it("that may not be read are named, and the plan goes on", async () => {
    const one = world.laptop({ token: "token-anna", jobs: { a: job("A") }, permissions: { a: [BEN_RUNS] } });
    await applyAll(one);
    world.fake.control.addFault({ method: "GET", path: "/permissions/", fault: { kind: "status", status: 403 } });
    const plan = await one.room.plan({ checkPermissions: true });
    expect(plan.summary.noop).toBe(1);
    expect(plan.problems).toMatchObject([{ severity: "warning", code: "forbidden", path: "jobs.a.permissions" }]);
  });

  it("are told from those of the same name in another kind, and inherited ones do not count", async () => {
    const one = world.laptop({ jobs: { a: job("A") }, permissions: { a: [USERS_VIEW] } });
    await applyAll(one);
    one.declare({ a: job("A", { timeout_seconds: 1 }) });
    world.fake.control.clearRequests();
    await applyAll(one);
    // Admins manage every job by inheritance: that is nothing to set.
    expect(world.writes().map(({ path }) => path)).toEqual(["jobs/reset"]);
  });
});

describe("lifecycle.prevent_destroy", () => {
  it("is remembered also where nothing else changes, and holds after the declaration is gone", async () => {
    const one = world.laptop({ jobs: { a: job("A") } });
    await applyAll(one);
    one.set({ protect: ["a"] });
    expect((await rowOf(one, "a"))?.fields).toMatchObject([
      { path: "lifecycle.prevent_destroy", kind: "declared", before: false, after: true },
    ]);
    world.fake.control.clearRequests();
    expect(await applyAll(one)).toEqual([0]);
    expect(world.writes()).toEqual([]);
    one.declare({});
    expect(await rowOf(one, "a")).toMatchObject({ action: "refused", code: "protected" });
    expect(await applyAll(one, { allowDelete: 1 })).toEqual([0]);
    expect(world.jobsOf("A")).toHaveLength(1);
  });

  it("can be taken back as its hint says", async () => {
    const one = world.laptop({ jobs: { a: job("A") }, protect: ["a"] });
    await applyAll(one);
    one.set({ protect: [] });
    expect(await applyAll(one)).toEqual([0]);
    one.declare({});
    expect(await applyAll(one, { allowDelete: 1 })).toEqual([0]);
    expect(world.jobsOf("A")).toEqual([]);
  });
});
