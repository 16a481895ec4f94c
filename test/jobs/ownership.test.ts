/** Every row of the table "Who owns a job", over HTTP against the fake workspace. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import type { JobSettings } from "../../src/model/job.ts";
import { applyAll, type Laptop, type LaptopOptions, openLaptop } from "./laptop.ts";

const ANNA = { userName: "anna@example.com", tokens: ["token-anna"] };
const BEN = { userName: "ben@example.com", tokens: ["token-ben"] };
const ROOT = { userName: "root@example.com", tokens: ["token-root"], admin: true };

const job = (name: string, more: JobSettings = {}): JobSettings => ({
  name,
  tasks: [{ task_key: "main", notebook_task: { notebook_path: `/etl/${name}` } }],
  ...more,
});

let fake: FakeDatabricks;
let laptops: Laptop[] = [];

function laptop(options: Partial<LaptopOptions> & { jobs: Record<string, JobSettings> }): Laptop {
  const opened = openLaptop({ url: fake.url, token: "token-root", ...options });
  laptops.push(opened);
  return opened;
}

const jobsOf = (name: string) => fake.control.jobs().filter((one) => one.settings.name === name);
const idOf = (name: string) => jobsOf(name)[0]?.jobId ?? "";
const writes = () => fake.control.requests({ path: "/jobs/(create|reset|update|delete)" });
const rowOf = async (one: Laptop, resource: string) =>
  (await one.room.plan()).changes.find((change) => change.resource === resource);
const statePath = "/Workspace/Shared/.headgate/shop/prod/state.json";

beforeEach(async () => {
  fake = await startFakeDatabricks({ principals: [ROOT, ANNA, BEN] });
});
afterEach(async () => {
  for (const one of laptops) one.throwAway();
  laptops = [];
  await fake.close();
});

describe("who owns a job", () => {
  it("id known, marker on that job: ours, and nothing to do", async () => {
    const one = laptop({ jobs: { a: job("A") } });
    expect(await applyAll(one)).toEqual([0]);
    expect(await rowOf(one, "a")).toMatchObject({ action: "noop", jobId: idOf("A") });
  });

  it("id known, marker gone: ours, the marker comes back and is shown as drift", async () => {
    const one = laptop({ jobs: { a: job("A") } });
    await applyAll(one);
    const id = idOf("A");
    fake.control.stripTags({ jobId: id });
    const row = await rowOf(one, "a");
    expect(row).toMatchObject({ action: "update", jobId: id });
    expect(row?.fields.map((field) => [field.path, field.kind])).toEqual([["tags.headgate", "drift"]]);
    expect(await applyAll(one)).toEqual([0]);
    expect(jobsOf("A")).toHaveLength(1);
    expect(Object.keys((fake.control.job({ jobId: id }).settings.tags ?? {}) as object)).toEqual(["headgate"]);
  });

  it("id known, marker on another job only: conflict, both named, neither touched, exit 3", async () => {
    const one = laptop({ jobs: { a: job("A") } });
    await applyAll(one);
    const id = idOf("A");
    const copy = fake.control.cloneJob({ jobId: id, as: "ben@example.com" }).jobId;
    fake.control.stripTags({ jobId: id });
    const row = await rowOf(one, "a");
    expect(row).toMatchObject({ action: "conflict", code: "owner_conflict" });
    expect(row?.reason).toContain(id);
    expect(row?.reason).toContain(copy);
    fake.control.clearRequests();
    expect(await applyAll(one)).toEqual([3]);
    expect(writes()).toEqual([]);
  });

  it("id known, the job gone: made again, and said so", async () => {
    const one = laptop({ jobs: { a: job("A") } });
    await applyAll(one);
    const id = idOf("A");
    fake.control.deleteJob({ jobId: id });
    expect(await rowOf(one, "a")).toMatchObject({ action: "recreate", jobId: id });
    expect(await applyAll(one)).toEqual([0]);
    expect(jobsOf("A")).toHaveLength(1);
    expect(idOf("A")).not.toBe(id);
    expect((await rowOf(one, "a"))?.action).toBe("noop");
  });

  it("the same where the service answers 404", async () => {
    fake.control.adjust({ missingJob: 404 });
    const one = laptop({ jobs: { a: job("A") } });
    await applyAll(one);
    fake.control.deleteJob({ jobId: idOf("A") });
    expect((await rowOf(one, "a"))?.action).toBe("recreate");
  });

  it("id known, reading forbidden: refused with the grant to ask for, never created anew, exit 77", async () => {
    const anna = laptop({ token: "token-anna", jobs: { a: job("A") } });
    await applyAll(anna);
    const ben = laptop({ token: "token-ben", jobs: { a: job("A") } });
    const row = await rowOf(ben, "a");
    expect(row).toMatchObject({ action: "refused", code: "forbidden", jobId: idOf("A") });
    expect(row?.hint).toContain("CAN_MANAGE");
    fake.control.clearRequests();
    expect(await applyAll(ben)).toEqual([77]);
    expect(writes()).toEqual([]);
    expect(jobsOf("A")).toHaveLength(1);
  });

  it("id unknown, one job with the marker: recovered", async () => {
    const one = laptop({ jobs: { a: job("A"), b: job("B") } });
    await applyAll(one);
    const id = idOf("A");
    const state = JSON.parse(
      fake.control.files().find((file) => statePath.endsWith(file.path.replace("/Workspace", "")))?.text ?? "{}",
    );
    delete state.jobs.a;
    fake.control.writeFile({ path: statePath, text: JSON.stringify(state) });
    expect(await rowOf(one, "a")).toMatchObject({ action: "recover", jobId: id, fields: [] });
    expect(await applyAll(one)).toEqual([0]);
    expect(await rowOf(one, "a")).toMatchObject({ action: "noop", jobId: id });
    expect(jobsOf("A")).toHaveLength(1);
  });

  it("id unknown, several jobs with the marker: conflict with creator and age of each; forget drops a copy's", async () => {
    const one = laptop({ jobs: { a: job("A"), b: job("B") } });
    await applyAll(one);
    const id = idOf("A");
    const copy = fake.control.cloneJob({ jobId: id, as: "ben@example.com" }).jobId;
    const state = JSON.parse(fake.control.files().find((file) => file.path.endsWith("state.json"))?.text ?? "{}");
    delete state.jobs.a;
    fake.control.writeFile({ path: statePath, text: JSON.stringify(state) });
    const row = await rowOf(one, "a");
    expect(row).toMatchObject({ action: "conflict", code: "owner_conflict" });
    expect(row?.reason).toContain("ben@example.com");
    expect(row?.reason).toContain(id);
    expect(await applyAll(one)).toEqual([3]);
    await one.room.forget(copy);
    expect(await rowOf(one, "a")).toMatchObject({ action: "recover", jobId: id });
    expect(await applyAll(one)).toEqual([0]);
  });

  it("a clone beside the job the state knows is left alone and named; its marker cannot be taken from the owner", async () => {
    const one = laptop({ jobs: { a: job("A") } });
    await applyAll(one);
    const id = idOf("A");
    const copy = fake.control.cloneJob({ jobId: id, as: "ben@example.com" }).jobId;
    const row = await rowOf(one, "a");
    expect(row).toMatchObject({ action: "noop", jobId: id });
    expect(row?.hint).toContain(copy);
    await expect(one.room.forget(id)).rejects.toMatchObject({ code: "owner_conflict", exitCode: 3 });
  });

  it("no state file at all: creating is refused unless it is the first deployment, exit 3", async () => {
    const one = laptop({ jobs: { a: job("A") } });
    const plan = await one.room.plan();
    expect(plan.state).toBeNull();
    await expect(one.room.apply(plan)).rejects.toMatchObject({ code: "first_deploy", exitCode: 3 });
    expect(writes()).toEqual([]);
    expect((await one.room.apply(plan, { firstDeploy: true })).exitCode).toBe(0);
  });

  it("a lost state file: jobs are found by their markers, nothing is doubled", async () => {
    const one = laptop({ jobs: { a: job("A"), b: job("B") } });
    await applyAll(one);
    fake.control.removeFile({ path: statePath });
    const plan = await one.room.plan();
    expect(plan.changes.map((change) => change.action)).toEqual(["recover", "recover"]);
    expect((await one.room.apply(plan)).exitCode).toBe(0);
    expect(fake.control.jobs()).toHaveLength(2);
    expect((await one.room.plan()).changes.map((change) => change.action)).toEqual(["noop", "noop"]);
  });

  it("a job of somebody else with the same name is never touched", async () => {
    fake.control.seedJobs({ jobs: [job("A") as never], as: "ben@example.com" });
    const one = laptop({ token: "token-anna", jobs: { a: job("A") } });
    await applyAll(one);
    expect(
      jobsOf("A")
        .map((found) => found.creator)
        .sort(),
    ).toEqual(["anna@example.com", "ben@example.com"]);
  });

  it("in a development target everybody's deployment is their own", async () => {
    const anna = laptop({ token: "token-anna", mode: "development", target: "dev", jobs: { a: job("A") } });
    const ben = laptop({ token: "token-ben", mode: "development", target: "dev", jobs: { a: job("A") } });
    expect(await applyAll(anna)).toEqual([0]);
    expect(await applyAll(ben)).toEqual([0]);
    expect(
      fake.control
        .jobs()
        .map((found) => found.settings.name)
        .sort(),
    ).toEqual(["[dev anna] A", "[dev ben] A"]);
    expect((await anna.room.plan()).summary).toMatchObject({ noop: 1, create: 0 });
  });

  it("two resources never write to one job", async () => {
    const one = laptop({ jobs: { a: job("A") } });
    await applyAll(one);
    const two = laptop({ jobs: { b: job("A"), c: job("A") }, previous: { b: ["a"], c: ["a"] } });
    expect((await two.room.plan()).changes.map((change) => [change.resource, change.action])).toEqual([
      ["b", "conflict"],
      ["c", "conflict"],
    ]);
  });

  it("a renamed resource keeps its job", async () => {
    const one = laptop({ jobs: { a: job("A") } });
    await applyAll(one);
    const id = idOf("A");
    const renamed = laptop({ jobs: { z: job("A") }, previous: { z: ["a"] } });
    expect((await renamed.room.plan()).changes.map((change) => [change.resource, change.action, change.jobId])).toEqual(
      [["z", "update", id]],
    );
    expect(await applyAll(renamed)).toEqual([0]);
    expect((await renamed.room.plan()).summary).toMatchObject({ noop: 1, delete: 0 });
  });

  it("deletes only when asked, at most as many as allowed, and never what is protected", async () => {
    const one = laptop({ jobs: { a: job("A"), b: job("B"), c: job("C") }, protect: ["c"] });
    await applyAll(one);
    one.declare({});
    const plan = await one.room.plan();
    expect(plan.changes.map((change) => [change.resource, change.action, change.held ?? false])).toEqual([
      ["a", "delete", true],
      ["b", "delete", true],
      ["c", "refused", false],
    ]);
    expect(await one.room.apply(plan)).toMatchObject({ exitCode: 0, summary: { held: 2, done: 0 } });
    await expect(one.room.apply(plan, { allowDelete: 1 })).rejects.toMatchObject({ code: "guard_delete", exitCode: 3 });
    expect(fake.control.jobs()).toHaveLength(3);
    expect((await one.room.apply(plan, { allowDelete: 2 })).exitCode).toBe(0);
    expect(fake.control.jobs().map((found) => found.settings.name)).toEqual(["C"]);
  });

  it("refuses a commit that does not contain the last applied one, exit 3", async () => {
    const git = (commit: string) => ({ commit, branch: "main", dirty: false });
    await applyAll(laptop({ jobs: { a: job("A") }, git: git("aaaa") }));
    const late = laptop({ jobs: { a: job("A", { max_concurrent_runs: 3 }) }, git: git("bbbb"), contains: () => false });
    const plan = await late.room.plan();
    expect(plan.behind).toMatchObject({ appliedCommit: "aaaa" });
    await expect(late.room.apply(plan)).rejects.toMatchObject({ code: "behind", exitCode: 3 });
    expect((await late.room.apply(plan, { allowBehind: true })).exitCode).toBe(0);
  });

  it("refuses a job that moved between plan and apply, and a plan whose state moved", async () => {
    const one = laptop({ jobs: { a: job("A") } });
    await applyAll(one);
    one.declare({ a: job("A", { max_concurrent_runs: 3 }) });
    const plan = await one.room.plan();
    fake.control.editJob({ jobId: idOf("A"), settings: { timeout_seconds: 77 } as never });
    const report = await one.room.apply(plan);
    expect(report).toMatchObject({ exitCode: 3, items: [{ state: "failed", error: { code: "plan_stale" } }] });
    expect(fake.control.job({ jobId: idOf("A") }).settings.max_concurrent_runs).toBe(1);
    await expect(one.room.apply({ ...plan, state: { lineage: "other", serial: 1 } })).rejects.toMatchObject({
      code: "plan_stale",
      exitCode: 3,
    });
  });
});
