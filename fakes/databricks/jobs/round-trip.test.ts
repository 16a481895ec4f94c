import { afterAll, beforeAll, expect, it } from "vitest";
import type { Json, JsonObject } from "../json.ts";
import { type FakeDatabricks, startFakeDatabricks } from "../start.ts";
import { type Client, clientOf } from "../testing-client.ts";
import type { Field, Fields } from "./field.ts";
import { SETTINGS } from "./schema.ts";

/** What the service does not give back as it was sent. */
const OWN_WILL = ["format", "deployment.version_id", "apply_policy_default_values"];

/** Each leaf of the settings with a value that differs from every default: path, settings with it alone. */
function* leaves(fields: Fields, path: string, wrap: (value: Json) => JsonObject): Generator<[string, JsonObject]> {
  for (const [name, field] of Object.entries(fields)) {
    const place = path ? `${path}.${name}` : name;
    if (typeof field === "string") yield [place, wrap({ [name]: sample(name, field) })];
    else if (Array.isArray(field)) {
      yield* leaves((field as readonly [Fields])[0], `${place}[*]`, (value) => wrap({ [name]: [value] }));
    } else yield* leaves(field as Fields, place, (value) => wrap({ [name]: value }));
  }
}

function sample(name: string, field: Field): Json {
  if (field === "int32" || field === "double") return name === "max_concurrent_runs" ? 7 : 120;
  if (field === "int64") return 9007199254740993n;
  if (field === "boolean") return true;
  if (field === "strings") return ["b", "a"];
  if (field === "map") return { key: "value" };
  if (field === "string") return name === "quartz_cron_expression" ? "0 0 1 * * ?" : "text";
  return String(field).split("|").filter(Boolean).at(-1) ?? "";
}

/** What the leaf needs beside it to be a job at all. */
function complete(path: string, settings: JsonObject): JsonObject {
  const whole = structuredClone(settings);
  if (path.startsWith("git_source") && !path.endsWith("git_provider")) {
    Object.assign(whole.git_source as JsonObject, { git_provider: "gitHub" });
  }
  return whole;
}

function read(settings: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, part) => {
    const inner = (value as JsonObject | undefined)?.[part.replace("[*]", "")];
    return part.endsWith("[*]") ? (inner as unknown[] | undefined)?.[0] : inner;
  }, settings);
}

let fake: FakeDatabricks;
let client: Client;
beforeAll(async () => {
  fake = await startFakeDatabricks();
  client = clientOf(fake.url, fake.token);
});
afterAll(() => fake.close());

it("gives back every field of the reference as it was sent", async () => {
  const lost: string[] = [];
  let count = 0;
  for (const [path, settings] of leaves(SETTINGS, "", (value) => value as JsonObject)) {
    if (OWN_WILL.some((name) => path === name || path.endsWith(`.${name}`))) continue;
    const { status, body, text } = await client.post("/api/2.2/jobs/create", complete(path, settings));
    expect(status, `${path}: ${text}`).toBe(200);
    const { body: job } = await client.get(`/api/2.2/jobs/get?job_id=${body.job_id}`);
    try {
      expect(read(job.settings, path)).toEqual(read(settings, path));
    } catch {
      lost.push(path);
    }
    count += 1;
  }
  expect(lost).toEqual([]);
  expect(count).toBeGreaterThan(600);
});
