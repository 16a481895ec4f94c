/** The dual of the empty plan: for every field of the Jobs API that can be set, one edit in the declaration is one declared change of that path, and one edit in the workspace is one drift. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import type { JobSettings } from "../../src/model/job.ts";
import type { Change } from "../../src/model/plan.ts";
import type { Json, JsonObject } from "../../src/util/json.ts";
import { type Laptop, openLaptop } from "./laptop.ts";

interface Field {
  path: string;
  type: string;
  enum?: string[];
}

const FILE = join(import.meta.dirname, "../../../shared/facts/jobs-fields.json");
const there = existsSync(FILE);
if (!there) console.log("skipped: ../shared/facts/jobs-fields.json is absent");

/** Fields that nobody can set, with the reason. */
const READ_ONLY: Record<string, string> = {
  format: "ignored on write",
  "deployment.version_id": "the service counts it",
  "git_source.git_snapshot": "the service tells it",
  "git_source.git_snapshot.used_commit": "the service tells it",
};
/** Fields that are never returned, so that an edit of them in the workspace cannot be seen. */
const UNSEEN = /apply_policy_default_values$/;

const fields: Field[] = there ? (JSON.parse(readFileSync(FILE, "utf8")) as Field[]) : [];
const byPath = new Map(fields.map((field) => [field.path, field]));
/** Fields with a value of their own; objects and lists of objects are the sum of theirs. */
const settable = fields.filter(
  (field) =>
    !(field.path in READ_ONLY) &&
    field.type !== "object" &&
    field.type !== "array<object>" &&
    !field.type.startsWith("map<"),
);

/** Two values of a field that differ, neither of them a default. */
function values(field: Field): [Json, Json] {
  if (field.enum) return [field.enum.at(-1) ?? "X", field.enum.length > 1 ? (field.enum[0] ?? "Y") : "OTHER"];
  if (field.type === "boolean") return [true, false];
  if (field.type === "int64") return [9007199254740993n, 9007199254740995n];
  if (field.type.startsWith("int") || field.type === "double") return [70, 80];
  if (field.type === "array<string>") return [["one"], ["one", "two"]];
  return ["one", "two"];
}

const KEYS: Record<string, string> = {
  tasks: "task_key",
  job_clusters: "job_cluster_key",
  environments: "environment_key",
  depends_on: "task_key",
};

/** Settings that hold `value` at a path pattern, and what the containers on the way need. */
function settingsWith(pattern: string, value: Json): JobSettings {
  const steps = pattern.split(".");
  const build = (at: number): Json => {
    if (at === steps.length) return value;
    const step = steps[at] as string;
    if (step === "*") return { key: build(at + 1) };
    if (!step.endsWith("[*]")) return { [step]: build(at + 1) };
    const name = step.slice(0, -3);
    const element = build(at + 1);
    const key = name === "parameters" && at === 0 ? "name" : KEYS[name];
    if (typeof element !== "object" || element === null || Array.isArray(element) || key === undefined)
      return { [name]: [element] };
    return { [name]: [{ [key]: "main", ...element }] };
  };
  const settings = build(0) as JobSettings;
  // A repository without provider and address is refused.
  if (pattern.startsWith("git_source."))
    settings.git_source = {
      git_provider: "gitHub",
      git_url: "https://x.example/r",
      ...(settings.git_source as JsonObject),
    };
  return settings;
}

/** A copy of the settings with another value at a path pattern, made where it is not there. */
function edited(settings: JobSettings, pattern: string, value: Json): JobSettings {
  const copy = structuredClone(settings) as JsonObject;
  const steps = pattern.replaceAll("[*]", ".[*]").split(".");
  let at: JsonObject | Json[] = copy;
  steps.forEach((step, index) => {
    const key = step === "[*]" ? 0 : step === "*" ? "key" : step;
    const holder = at as Record<string | number, Json>;
    if (index === steps.length - 1) holder[key] = value;
    else {
      holder[key] ??= steps[index + 1] === "[*]" ? [] : {};
      at = holder[key] as JsonObject | Json[];
    }
  });
  return copy as JobSettings;
}

/** Name of the job that stands for a field. */
const resourceOf = (field: Field, index: number) =>
  `f${index}_${field.path.replace(/[^a-z0-9]+/gi, "_").replace(/_$/, "")}`;
const named = (settings: JobSettings, field: Field, index: number): JobSettings => ({
  name: resourceOf(field, index),
  ...settings,
});

/** A change's path as a pattern, to be held against the field's. */
function patternOf(path: string, field: Field): string {
  const plain = path.replace(/\[[^\]]*\]/g, "[*]");
  const steps = field.path.split(".");
  return plain
    .split(".")
    .map((step, at) => (steps[at] === "*" && step === "key" ? "*" : step))
    .join(".");
}

function fault(change: Change | undefined, field: Field, kind: string): string | undefined {
  const found = change?.fields ?? [];
  const said = found.map((one) => `${one.kind} ${one.path}`).join(", ") || `nothing (${change?.action ?? "no row"})`;
  const [only] = found;
  const right = found.length === 1 && only?.kind === kind && patternOf(only.path, field) === field.path;
  return right ? undefined : `${field.path}: ${said}`;
}

describe.skipIf(!there)("every settable field of the Jobs API", () => {
  let fake: FakeDatabricks;
  let laptop: Laptop;
  /** As adopted, and with the one edit, by resource. */
  let before: Record<string, JobSettings> = {};
  const after: Record<string, JobSettings> = {};
  const resources = settable.map(resourceOf);

  beforeAll(async () => {
    fake = await startFakeDatabricks();
    laptop = openLaptop({ url: fake.url, token: fake.token, jobs: {} });
    const jobs = settable.map((field, index) => named(settingsWith(field.path, values(field)[0]), field, index));
    fake.control.seedJobs({ jobs: jobs as never });
    await laptop.room.adopt({ all: true });
    before = laptop.jobs;
    settable.forEach((field, index) => {
      const resource = field.path === "name" ? "one" : (resources[index] as string);
      resources[index] = resource;
      after[resource] = edited(before[resource] ?? {}, field.path, values(field)[1]);
    });
  }, 240_000);
  afterAll(async () => {
    laptop?.throwAway();
    await fake?.close();
  });

  it("is known by its path", () => {
    expect(settable.length).toBeGreaterThan(600);
    expect(settable.every((field) => byPath.has(field.path))).toBe(true);
  });

  it("one edit in the declaration is exactly one declared change of that path", async () => {
    const empty = (await laptop.room.plan()).changes.filter((change) => change.fields.length > 0);
    expect(empty.map((change) => [change.resource, change.fields])).toEqual([]);
    laptop.declare(after);
    const rows = new Map((await laptop.room.plan()).changes.map((change) => [change.resource, change]));
    laptop.declare(before);
    const faults = settable.flatMap((field, index) => fault(rows.get(resources[index] ?? ""), field, "declared") ?? []);
    console.log(`${settable.length - faults.length} of ${settable.length} fields: one edit, one declared change`);
    expect(faults).toEqual([]);
  });

  it("one edit in the workspace is exactly one drift", async () => {
    const ids = new Map(fake.control.jobs().map((job) => [String(job.settings.name), job.jobId]));
    const seen = settable
      .map((field, index) => ({ field, resource: resources[index] ?? "" }))
      .filter(({ field }) => !UNSEEN.test(field.path));
    for (const { field, resource } of seen) {
      const jobId = ids.get(String(before[resource]?.name)) ?? "";
      const was = fake.control.job({ jobId }).settings as JobSettings;
      fake.control.editJob({ jobId, replace: edited(was, field.path, values(field)[1]) as never });
    }
    const rows = new Map((await laptop.room.plan()).changes.map((change) => [change.resource, change]));
    const faults = seen.flatMap(({ field, resource }) => fault(rows.get(resource), field, "drift") ?? []);
    console.log(`${seen.length - faults.length} of ${seen.length} fields: one edit in the workspace, one drift`);
    expect(faults).toEqual([]);
  });
});
