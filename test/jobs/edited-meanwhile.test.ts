/** Somebody edits a job between our reset and the reading after it: that is drift, and not what the service made of ours. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JobSettings } from "../../src/model/job.ts";
import { fieldsOf, job, openWorld, rowOf, type World } from "./world.ts";

const JOB = job("Nightly", { description: "ours", timeout_seconds: 60 });

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** Applies JOB, lets it drift, and heals it while somebody edits it right after the reset. */
async function healed(drift: JobSettings, edit: JobSettings, declared: JobSettings = JOB) {
  const laptop = world.laptop({ jobs: { nightly: JOB } });
  await laptop.room.apply(await laptop.room.plan(), { firstDeploy: true });
  const jobId = world.idOf("Nightly");
  world.fake.control.editJob({ jobId, settings: drift as never });
  laptop.declare({ nightly: declared });
  const plan = await laptop.room.plan();
  world.fake.hook({
    after: ({ path }) => {
      if (path.endsWith("/jobs/reset")) world.fake.control.editJob({ jobId, settings: edit as never });
    },
  });
  const report = await laptop.room.apply(plan);
  world.fake.hook({});
  expect(report).toMatchObject({ exitCode: 0, summary: { done: 1 } });
  return { laptop, item: report.items[0] };
}

describe("an edit right after our reset", () => {
  it.each<[string, JobSettings, string[]]>([
    ["of a field that we declare", { description: "by hand" }, ["drift description"]],
    ["of one that we do not", { max_concurrent_runs: 9 }, ["drift max_concurrent_runs"]],
    [
      "of a task",
      { tasks: [{ task_key: "main", notebook_task: { notebook_path: "/elsewhere" } }] },
      ["drift tasks[task_key=main].notebook_task.notebook_path"],
    ],
    ["of the name", { name: "By hand" }, ["drift name"]],
  ])("%s is drift, and the next apply heals it", async (_what, edit, fields) => {
    const { laptop, item } = await healed({ timeout_seconds: 7 }, edit);
    expect(item?.error).toBeNull();
    expect(fieldsOf(await rowOf(laptop, "nightly"))).toEqual(fields);
    expect((await laptop.room.apply(await laptop.room.plan())).exitCode).toBe(0);
    expect(await rowOf(laptop, "nightly")).toMatchObject({ action: "noop" });
    expect(world.settingsOf("Nightly")).toMatchObject({ description: "ours", timeout_seconds: 60 });
  });

  it("is told from what the service makes of ours where another field is declared otherwise", async () => {
    const { laptop } = await healed({}, { description: "by hand" }, { ...JOB, timeout_seconds: 90 });
    expect(fieldsOf(await rowOf(laptop, "nightly"))).toEqual(["drift description"]);
  });

  it("cannot be told where that very field is declared otherwise: the apply says that it was not kept", async () => {
    const { laptop, item } = await healed({}, { timeout_seconds: 5 }, { ...JOB, timeout_seconds: 90 });
    expect(item?.error).toMatchObject({ code: "not_kept", message: expect.stringContaining("timeout_seconds") });
    expect(await rowOf(laptop, "nightly")).toMatchObject({ action: "noop" });
  });

  it("to the value that it had before looks like a service that insists: it is not healed for ever", async () => {
    const { laptop } = await healed({ timeout_seconds: 7 }, { timeout_seconds: 7 });
    expect(await rowOf(laptop, "nightly")).toMatchObject({ action: "noop" });
  });
});

describe("an edit right after our creation", () => {
  it("is drift where the service keeps what it is sent: name, description, tags", async () => {
    const laptop = world.laptop({ jobs: { nightly: JOB } });
    const plan = await laptop.room.plan();
    world.fake.hook({
      after: ({ path }) => {
        const settings = { name: "By hand", description: "by hand", tags: { hand: "1" } };
        if (path.endsWith("/jobs/create")) world.fake.control.editJob({ jobId: world.idOf("Nightly"), settings });
      },
    });
    await laptop.room.apply(plan, { firstDeploy: true });
    world.fake.hook({});
    expect(fieldsOf(await rowOf(laptop, "nightly"))).toEqual(
      expect.arrayContaining(["drift name", "drift description", "drift tags.headgate"]),
    );
    expect((await laptop.room.apply(await laptop.room.plan())).exitCode).toBe(0);
    expect(world.settingsOf("Nightly")).toMatchObject({ description: "ours" });
    expect(Object.keys(world.settingsOf("Nightly").tags ?? {})).toContain("headgate");
  });
});
