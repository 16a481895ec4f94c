/** Jobs that nobody wrote: every type of task, generated settings, 250 and 1,000 tasks; made in the workspace, adopted, planned: the plan is empty. */
import { expect, it } from "vitest";
import { startFakeDatabricks } from "../../fakes/databricks/index.ts";
import type { JobSettings, TaskSettings } from "../../src/model/job.ts";
import { allFields } from "../../src/model/job-fields.ts";
import type { Json, JsonObject } from "../../src/util/json.ts";
import { seeded } from "../seeded.ts";
import { openLaptop } from "./laptop.ts";

const FIELDS = [...allFields()];
/** Types of tasks as the Jobs API names them, with the fields each has. */
const TYPES = FIELDS.filter(({ path }) => /^tasks\[\*\]\.[a-z_]+_task$/.test(path)).map(({ path }) => path.slice(9));

function drawn(shape: (typeof FIELDS)[number]["shape"], random: () => number): Json | undefined {
  const text = () => `v${Math.floor(random() * 1e6)} "é: #${Math.floor(random() * 10)}`;
  switch (shape.kind) {
    case "string":
      return text();
    case "enum":
      return shape.values[Math.floor(random() * shape.values.length)];
    case "boolean":
      return random() < 0.5;
    case "int32":
      return 1 + Math.floor(random() * 1_000);
    case "int64":
      return 9_007_199_254_740_993n + BigInt(Math.floor(random() * 1_000)) * 2n;
    case "double":
      return 1 + Math.floor(random() * 1_000) / 8;
    default:
      return undefined;
  }
}

/** A task of a type with some of its scalar fields. */
function taskOf(type: string, key: string, random: () => number): TaskSettings {
  const inner: JsonObject = {};
  for (const { path, shape } of FIELDS) {
    const match = new RegExp(`^tasks\\[\\*\\]\\.${type}\\.([a-z_]+)$`).exec(path);
    if (match === null || random() < 0.4) continue;
    const value = drawn(shape, random);
    if (value !== undefined) inner[match[1] as string] = value;
  }
  if (type === "for_each_task") {
    inner.inputs = "[1, 2]";
    inner.task = { task_key: `${key}_inner`, notebook_task: { notebook_path: "/x" } };
  }
  return {
    task_key: key,
    [type]: inner,
    max_retries: Math.floor(random() * 4),
    timeout_seconds: Math.floor(random() * 100),
  };
}

/** Jobs of random types of tasks, each depending on some of those before it. */
function generated(name: string, count: number, random: () => number): JobSettings {
  const tasks = Array.from({ length: count }, (_, index) => {
    const type = TYPES[index % TYPES.length] as string;
    const task = taskOf(type, `t${index}`, random);
    const before = [...new Set([0, 1, 2].map(() => Math.floor(random() * index)))].filter(
      () => index > 0 && random() < 0.6,
    );
    if (before.length > 0) task.depends_on = before.map((one) => ({ task_key: `t${one}` }));
    return task;
  });
  return { name, tasks, tags: { seed: name, quoted: 'a "b"' }, max_concurrent_runs: 1 + Math.floor(random() * 9) };
}

async function adoptAndPlan(jobs: JobSettings[]) {
  const fake = await startFakeDatabricks();
  const laptop = openLaptop({ url: fake.url, token: fake.token, jobs: {} });
  try {
    fake.control.seedJobs({ jobs: jobs as never });
    const report = await laptop.room.adopt({ all: true });
    expect(report.problems).toEqual([]);
    const plan = await laptop.room.plan();
    expect(
      plan.changes
        .filter((change) => change.action !== "noop")
        .map((change) => [change.name, change.action, change.fields.slice(0, 5)]),
    ).toEqual([]);
    expect(plan.changes).toHaveLength(jobs.length);
  } finally {
    laptop.throwAway();
    await fake.close();
  }
}

it("every type of task, and 40 generated jobs, are adopted with an empty plan", async () => {
  expect(TYPES.length).toBeGreaterThan(12);
  const each = TYPES.map((type, index) => ({ name: type, tasks: [taskOf(type, "only", seeded(index))] }));
  const many = Array.from({ length: 40 }, (_, seed) => generated(`seed ${seed}`, 1 + (seed % 12), seeded(seed + 100)));
  await adoptAndPlan([...each, ...many]);
});

it.each([250, 1_000])("a job of %d tasks is adopted whole, with an empty plan", { timeout: 120_000 }, async (count) => {
  await adoptAndPlan([generated(`${count} tasks`, count, seeded(count))]);
});
