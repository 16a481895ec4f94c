/** Fields that the workspace has and headgate does not know: carried over by every change, never shown (decision 0004). */
import { afterEach, beforeEach, expect, it } from "vitest";
import type { JobSettings } from "../../src/model/job.ts";
import { applyAll } from "./laptop.ts";
import { fieldsOf, job, openWorld, rowOf, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld({ unknownFields: "keep" });
});
afterEach(() => world.close());

const DECLARED = job("A", {
  tasks: [
    { task_key: "one", notebook_task: { notebook_path: "/n" }, libraries: [{ pypi: { package: "x" } }] },
    { task_key: "two", notebook_task: { notebook_path: "/n" } },
  ],
  job_clusters: [{ job_cluster_key: "c", new_cluster: { spark_version: "15.4", spark_conf: { "a.b": "1" } } }],
  health: { rules: [{ metric: "RUN_DURATION_SECONDS", op: "GREATER_THAN", value: 5 }] },
});

/** What a newer user interface put into the job. */
function newer(settings: JobSettings): JobSettings {
  const copy = structuredClone(settings) as JobSettings & Record<string, never>;
  const {
    tasks,
    job_clusters: clusters,
    health,
  } = copy as never as {
    tasks: Record<string, never>[];
    job_clusters: { new_cluster: object }[];
    health: { rules: object[] };
  };
  Object.assign(copy, { approvals: { required: 2, by: ["anna"] } });
  Object.assign(tasks[0] ?? {}, { retry_policy: { kind: "exponential" } });
  Object.assign((tasks[0] as never as { notebook_task: object }).notebook_task, { kernel: "fast" });
  Object.assign((tasks[0] as never as { libraries: object[] }).libraries[0] ?? {}, { checked: true });
  Object.assign(clusters[0]?.new_cluster ?? {}, { turbo: 9007199254740993n });
  Object.assign(health.rules[0] ?? {}, { window: "1h" });
  return copy;
}

it("carries over unknown fields everywhere, and shows only what was declared", async () => {
  const one = world.laptop({ jobs: { a: DECLARED } });
  await applyAll(one);
  const jobId = world.idOf("A");
  world.fake.control.editJob({ jobId, replace: newer(world.settingsOf("A")) as never });
  expect(await rowOf(one, "a")).toMatchObject({ action: "noop" });
  expect((await one.room.drift()).changes).toEqual([]);
  one.declare({ a: { ...DECLARED, timeout_seconds: 60 } });
  expect(fieldsOf(await rowOf(one, "a"))).toEqual(["declared timeout_seconds"]);
  expect(await applyAll(one)).toEqual([0]);
  const after = world.settingsOf("A");
  expect(after).toEqual(newer({ ...after, ...strip(after) }));
  expect(after).toMatchObject({ timeout_seconds: 60, approvals: { required: 2, by: ["anna"] } });
  expect(await rowOf(one, "a")).toMatchObject({ action: "noop", fields: [] });
});

/** The job without what {@link newer} adds. */
function strip(settings: JobSettings): JobSettings {
  const text = JSON.stringify(settings, (key, value) =>
    ["approvals", "retry_policy", "kernel", "checked", "turbo", "window"].includes(key) ? undefined : value,
  );
  return JSON.parse(text) as JobSettings;
}

it("goes with the part it belongs to, and does not outlive a declaration of ours", async () => {
  const one = world.laptop({ jobs: { a: { ...DECLARED, beta: { on: true } } } });
  await applyAll(one);
  const jobId = world.idOf("A");
  const tasks = structuredClone(world.settingsOf("A").tasks ?? []);
  Object.assign(tasks[1] ?? {}, { retry_policy: { kind: "exponential" } });
  world.fake.control.editJob({ jobId, settings: { tasks } as never });
  one.declare({ a: { ...DECLARED, tasks: DECLARED.tasks?.slice(0, 1) ?? [] } });
  expect(fieldsOf(await rowOf(one, "a"))?.sort()).toEqual(["declared beta.on", "declared tasks[task_key=two]"]);
  expect(await applyAll(one)).toEqual([0]);
  expect(world.settingsOf("A")).not.toHaveProperty("beta");
  expect(world.settingsOf("A").tasks).toHaveLength(1);
});

it("keeps one type a task", async () => {
  const one = world.laptop({ jobs: { a: DECLARED } });
  await applyAll(one);
  const tasks = structuredClone(world.settingsOf("A").tasks ?? []);
  const [first] = tasks;
  if (first) {
    delete first.notebook_task;
    first.quantum_task = { circuit: "c" };
  }
  world.fake.control.editJob({ jobId: world.idOf("A"), settings: { tasks } as never });
  expect(fieldsOf(await rowOf(one, "a"))).toEqual(["drift tasks[task_key=one].notebook_task.notebook_path"]);
  expect(await applyAll(one)).toEqual([0]);
  expect(world.settingsOf("A").tasks?.[0]).not.toHaveProperty("quantum_task");
});

it("does not make a plan stale, and is taken as it is just before the change", async () => {
  const one = world.laptop({ jobs: { a: DECLARED } });
  await applyAll(one);
  one.declare({ a: { ...DECLARED, timeout_seconds: 60 } });
  const plan = await one.room.plan();
  world.fake.control.editJob({ jobId: world.idOf("A"), settings: { beta: "late" } as never });
  expect((await one.room.apply(plan)).exitCode).toBe(0);
  expect(world.settingsOf("A")).toMatchObject({ timeout_seconds: 60, beta: "late" });
});

it("is written into the YAML by adopt, and from then on compared like any other", async () => {
  world.fake.control.seedJobs({ jobs: [job("A", { beta: "x" }) as never] });
  const one = world.laptop({ jobs: {} });
  await one.room.adopt({ all: true });
  expect(one.jobs.a).toMatchObject({ beta: "x" });
  expect(await rowOf(one, "a")).toMatchObject({ action: "noop", fields: [] });
  world.fake.control.editJob({ jobId: world.idOf("A"), settings: { beta: "y" } as never });
  expect(fieldsOf(await rowOf(one, "a"))).toEqual(["drift beta"]);
});
