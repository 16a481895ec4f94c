import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { type JsonObject, objectsIn, parseJson } from "../json.ts";
import type { FakeDatabricksOptions } from "../options.ts";
import { type FakeDatabricks, startFakeDatabricks } from "../start.ts";
import { type Client, clientOf } from "../testing-client.ts";

const PEOPLE = [
  { userName: "admin@example.com", admin: true, tokens: ["admin"] },
  { userName: "anna@example.com", tokens: ["anna"] },
  { userName: "ben@example.com", tokens: ["ben"], groups: ["data"] },
];

let fake: FakeDatabricks | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

async function start(options: FakeDatabricksOptions = {}) {
  fake = await startFakeDatabricks({ principals: PEOPLE, ...options });
  const { url, control } = fake;
  return { control, admin: clientOf(url, "admin"), anna: clientOf(url, "anna"), ben: clientOf(url, "ben") };
}

async function create(client: Client, settings: object): Promise<string> {
  const { status, body, text } = await client.post("/api/2.2/jobs/create", settings);
  expect(status, text).toBe(200);
  return String(body.job_id);
}

async function read(client: Client, id: string): Promise<JsonObject> {
  const { body } = await client.get(`/api/2.2/jobs/get?job_id=${id}`);
  return body.settings as JsonObject;
}

const notebook = (key: string, more: object = {}) => ({
  task_key: key,
  notebook_task: { notebook_path: "/n" },
  ...more,
});

describe("ids", () => {
  it("go beyond 2^53 and come back digit for digit, also inside settings", async () => {
    const { admin } = await start();
    const id = await create(admin, { name: "called" });
    expect(BigInt(id)).toBeGreaterThan(2n ** 53n);
    expect(String(Number(id))).not.toBe(id);
    const caller = await create(admin, {
      name: "caller",
      tasks: [{ task_key: "a", run_job_task: { job_id: BigInt(id) } }],
    });
    const { text } = await admin.get(`/api/2.1/jobs/get?job_id=${caller}`);
    expect(text).toContain(`"job_id":${caller}`);
    expect(text).toContain(`"run_job_task":{"job_id":${id}}`);
  });
});

describe("who sees what", () => {
  it("shows a job to its creator and to admins only, until it is granted", async () => {
    const { admin, anna, ben, control } = await start();
    const id = await create(anna, { name: "annas" });
    const names = async (client: Client) =>
      objectsIn((await client.get("/api/2.2/jobs/list")).body.jobs).map((job) => (job.settings as JsonObject).name);
    expect(await names(anna)).toEqual(["annas"]);
    expect(await names(admin)).toEqual(["annas"]);
    expect((await ben.get("/api/2.2/jobs/list")).body).toEqual({});
    const refused = await ben.get(`/api/2.2/jobs/get?job_id=${id}`);
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      error_code: "PERMISSION_DENIED",
      message: `User ben@example.com does not have View or Admin or Manage Run or Owner permissions on job ${id}`,
    });
    control.grant({ jobId: id, principal: "group_name:data", level: "CAN_VIEW" });
    expect(await names(ben)).toEqual(["annas"]);
    expect((await ben.post("/api/2.2/jobs/reset", { job_id: BigInt(id), new_settings: {} })).status).toBe(403);
    expect((await ben.post("/api/2.2/jobs/delete", { job_id: BigInt(id) })).status).toBe(403);
  });

  it("refuses before it says whether a job exists; owners and admins learn that it is gone", async () => {
    const { admin, anna, ben, control } = await start();
    const id = await create(anna, { name: "short-lived" });
    await anna.post("/api/2.2/jobs/delete", { job_id: BigInt(id) });
    expect((await ben.get(`/api/2.2/jobs/get?job_id=${id}`)).status).toBe(403);
    for (const client of [anna, admin]) {
      const gone = await client.get(`/api/2.2/jobs/get?job_id=${id}`);
      expect([gone.status, gone.body.error_code, gone.body.message]).toEqual([
        400,
        "INVALID_PARAMETER_VALUE",
        `Job ${id} does not exist.`,
      ]);
    }
    control.adjust({ missingJob: 404 });
    const gone = await admin.get(`/api/2.2/jobs/get?job_id=${id}`);
    expect([gone.status, gone.body.error_code]).toEqual([404, "RESOURCE_DOES_NOT_EXIST"]);
  });
});

describe("what the service fills in", () => {
  it("returns the defaults of job, task and cluster, and what it normalises", async () => {
    const { admin } = await start();
    const id = await create(admin, {
      name: "filled",
      tags: {},
      format: "SINGLE_TASK",
      access_control_list: [{ group_name: "data", permission_level: "CAN_VIEW" }],
      schedule: { quartz_cron_expression: "0 0 1 * * ?", timezone_id: "UTC" },
      git_source: { git_url: "https://example.com/r", git_provider: "GITHUB", git_branch: "main" },
      tasks: [
        notebook("b", {
          libraries: [],
          depends_on: [{ task_key: "z" }, { task_key: "a" }],
          notebook_task: { notebook_path: "n", base_parameters: {} },
        }),
        notebook("a", {
          new_cluster: {
            spark_version: "16.4.x",
            num_workers: 2,
            instance_pool_id: "p",
            apply_policy_default_values: true,
            spark_conf: {},
          },
        }),
        notebook("z", { webhook_notifications: { on_failure: [{ id: "2" }, { id: "1" }] } }),
      ],
      job_clusters: [
        { job_cluster_key: "main", new_cluster: { spark_version: "16.4.x", node_type_id: "Standard_E8" } },
      ],
    });
    const settings = await read(admin, id);
    expect(settings).toMatchObject({
      format: "MULTI_TASK",
      email_notifications: {},
      webhook_notifications: {},
      notification_settings: {},
      timeout_seconds: 0,
      max_concurrent_runs: 1,
      edit_mode: "EDITABLE",
      performance_target: "PERFORMANCE_OPTIMIZED",
      schedule: { pause_status: "UNPAUSED" },
      git_source: { git_provider: "gitHub" },
    });
    for (const absent of ["tags", "access_control_list", "run_as", "queue"])
      expect(settings).not.toHaveProperty(absent);
    const [b, a, z] = objectsIn(settings.tasks);
    expect(b).toEqual({
      task_key: "b",
      notebook_task: { notebook_path: "n", source: "GIT" },
      depends_on: [{ task_key: "a" }, { task_key: "z" }],
      run_if: "ALL_SUCCESS",
      timeout_seconds: 0,
      email_notifications: {},
      webhook_notifications: {},
      notification_settings: {},
      max_retries: 0,
      min_retry_interval_millis: 0,
      retry_on_timeout: false,
      disabled: false,
      disable_auto_optimization: false,
    });
    expect(a?.new_cluster).toEqual({
      spark_version: "16.4.x",
      num_workers: 2,
      instance_pool_id: "p",
      driver_instance_pool_id: "p",
      node_type_id: "Standard_DS3_v2",
      driver_node_type_id: "Standard_DS3_v2",
      data_security_mode: "SINGLE_USER",
      enable_elastic_disk: true,
      enable_local_disk_encryption: false,
      azure_attributes: { first_on_demand: 1, availability: "ON_DEMAND_AZURE", spot_bid_max_price: -1 },
    });
    expect(z?.webhook_notifications).toEqual({ on_failure: [{ id: "1" }, { id: "2" }] });
    expect(objectsIn(settings.job_clusters)[0]?.new_cluster).toMatchObject({
      num_workers: 0,
      driver_node_type_id: "Standard_E8",
    });
    const rights = await admin.get(`/api/2.0/permissions/jobs/${id}`);
    expect(objectsIn(rights.body.access_control_list).map((entry) => entry.group_name ?? entry.user_name)).toEqual([
      "data",
      "admin@example.com",
      "admins",
    ]);
  });

  it("differs by cloud", async () => {
    const settings = { name: "c", tasks: [notebook("a", { new_cluster: { spark_version: "16.4.x" } })] };
    const { admin } = await start({ cloud: "aws" });
    const [task] = objectsIn((await read(admin, await create(admin, settings))).tasks);
    expect(task?.new_cluster).toMatchObject({ enable_elastic_disk: false, aws_attributes: { zone_id: "us-east-1c" } });
  });

  it("keeps run_as through a reset without it, and changes deployment.version_id by itself", async () => {
    const { admin } = await start();
    const id = await create(admin, {
      name: "r",
      run_as: { user_name: "anna@example.com" },
      deployment: { kind: "BUNDLE" },
    });
    await admin.post("/api/2.2/jobs/reset", {
      job_id: BigInt(id),
      new_settings: { name: "r2", deployment: { kind: "BUNDLE" } },
    });
    const first = await read(admin, id);
    expect(first).toMatchObject({ name: "r2", run_as: { user_name: "anna@example.com" } });
    expect((await read(admin, id)).deployment).not.toEqual(first.deployment);
  });

  it("keeps, drops or refuses unknown fields", async () => {
    const { admin, control } = await start();
    const settings = { name: "u", brand_new: { x: 1 }, tasks: [notebook("a", { also_new: "y" })] };
    const kept = await read(admin, await create(admin, settings));
    expect(kept).toMatchObject({ brand_new: { x: 1 }, tasks: [{ also_new: "y" }] });
    control.adjust({ unknownFields: "drop" });
    const dropped = await read(admin, await create(admin, settings));
    expect(dropped).not.toHaveProperty("brand_new");
    expect(objectsIn(dropped.tasks)[0]).not.toHaveProperty("also_new");
    control.adjust({ unknownFields: "reject" });
    const refused = await admin.post("/api/2.2/jobs/create", settings);
    expect([refused.status, refused.body.error_code]).toEqual([400, "MALFORMED_REQUEST"]);
  });
});

describe("update", () => {
  it("replaces top-level fields, merges tasks and clusters by key, removes by path", async () => {
    const { admin } = await start();
    const id = await create(admin, {
      name: "u",
      description: "old",
      tags: { a: "1", b: "2" },
      tasks: [notebook("one"), notebook("two"), notebook("three")],
    });
    const changed = await admin.post("/api/2.2/jobs/update", {
      job_id: BigInt(id),
      new_settings: { tags: { c: "3" }, tasks: [notebook("two", { max_retries: 2 }), notebook("four")] },
      fields_to_remove: ["description", "tasks/one"],
    });
    expect(changed.status).toBe(200);
    const settings = await read(admin, id);
    expect(settings.tags).toEqual({ c: "3" });
    expect(settings).not.toHaveProperty("description");
    expect(objectsIn(settings.tasks).map((task) => [task.task_key, task.max_retries])).toEqual([
      ["two", 2],
      ["three", 0],
      ["four", 0],
    ]);
    const nested = await admin.post("/api/2.2/jobs/update", { job_id: BigInt(id), fields_to_remove: ["tags/c"] });
    expect(nested.status).toBe(400);
  });
});

describe("pages", () => {
  it("gives 100 elements of each array and the rest by page token", async () => {
    const { admin } = await start();
    const tasks = Array.from({ length: 250 }, (_, index) => notebook(`t${index}`));
    const parameters = Array.from({ length: 120 }, (_, index) => ({ name: `p${index}`, default: "" }));
    const id = await create(admin, { name: "large", tasks, parameters, environments: [{ environment_key: "e" }] });
    const seen: unknown[] = [];
    let token: unknown = "";
    const sizes: unknown[] = [];
    while (token !== undefined) {
      const { body } = await admin.get(`/api/2.2/jobs/get?job_id=${id}&page_token=${token}`);
      const settings = body.settings as JsonObject;
      seen.push(...objectsIn(settings.tasks).map((task) => task.task_key));
      sizes.push([
        objectsIn(settings.tasks).length,
        objectsIn(settings.parameters).length,
        objectsIn(settings.environments).length,
      ]);
      token = body.next_page_token;
    }
    expect(sizes).toEqual([
      [100, 100, 1],
      [100, 20, 0],
      [50, 0, 0],
    ]);
    expect(seen).toEqual(tasks.map((task) => task.task_key));
    const expanded = await admin.get("/api/2.2/jobs/list?expand_tasks=true");
    expect(objectsIn(expanded.body.jobs)[0]).toMatchObject({ has_more: true });
    const plain = await admin.get("/api/2.2/jobs/list");
    expect(objectsIn(plain.body.jobs)[0]?.settings).not.toHaveProperty("tasks");
    expect((await admin.get(`/api/2.2/jobs/get?job_id=${id}&page_token=nonsense`)).status).toBe(400);
  });

  it("lists forwards and backwards, newest first, and finds by exact name in any case", async () => {
    const { admin, control } = await start();
    control.seedJobs({ jobs: Array.from({ length: 45 }, (_, index) => ({ name: `Job ${index}` })) });
    const names = (body: JsonObject) => objectsIn(body.jobs).map((job) => (job.settings as JsonObject).name);
    const first = (await admin.get("/api/2.2/jobs/list")).body;
    const second = (await admin.get(`/api/2.2/jobs/list?page_token=${first.next_page_token}`)).body;
    const third = (await admin.get(`/api/2.2/jobs/list?page_token=${second.next_page_token}`)).body;
    expect([...names(first), ...names(second), ...names(third)]).toEqual(
      Array.from({ length: 45 }, (_, index) => `Job ${44 - index}`),
    );
    expect([first.has_more, third.has_more, third.next_page_token]).toEqual([true, false, undefined]);
    expect(names((await admin.get(`/api/2.2/jobs/list?page_token=${third.prev_page_token}`)).body)).toEqual(
      names(second),
    );
    expect(names((await admin.get("/api/2.2/jobs/list?name=job%207")).body)).toEqual(["Job 7"]);
    expect((await admin.get("/api/2.2/jobs/list?name=job")).body).toEqual({});
    for (const limit of ["0", "101", "x"])
      expect((await admin.get(`/api/2.2/jobs/list?limit=${limit}`)).status).toBe(400);
  });

  it("lists ten thousand jobs", async () => {
    const { admin, control } = await start();
    const tasks = Array.from({ length: 5 }, (_, index) => notebook(`t${index}`));
    control.seedJobs({ jobs: Array.from({ length: 10_000 }, (_, index) => ({ name: `j${index}`, tasks })) });
    const ids = new Set<string | undefined>();
    let token: string | undefined = "";
    while (token !== undefined) {
      const { text } = await admin.get(`/api/2.2/jobs/list?limit=100&expand_tasks=true&page_token=${token}`);
      for (const [, id] of text.matchAll(/"job_id":(\d+)/g)) ids.add(id);
      token = /"next_page_token":"([^"]+)"/.exec(text)?.[1];
    }
    expect(ids.size).toBe(10_000);
  });
});

describe("a list that lags behind", () => {
  it("shows what was created, changed and deleted only later; get knows at once", async () => {
    const { admin, control } = await start({ clock: { start: 1_760_000_000_000, speed: 0 } });
    const old = await create(admin, { name: "old" });
    control.clock({ advance: 60_000 });
    control.adjust({ listLagMs: 5_000 });
    const names = async () =>
      objectsIn((await admin.get("/api/2.2/jobs/list")).body.jobs).map((job) => (job.settings as JsonObject).name);
    const fresh = await create(admin, { name: "fresh" });
    await admin.post("/api/2.2/jobs/update", { job_id: BigInt(old), new_settings: { name: "renamed" } });
    expect(await names()).toEqual(["old"]);
    expect((await read(admin, fresh)).name).toBe("fresh");
    expect((await read(admin, old)).name).toBe("renamed");
    control.clock({ advance: 5_000 });
    expect(await names()).toEqual(["fresh", "renamed"]);
    await admin.post("/api/2.2/jobs/delete", { job_id: BigInt(fresh) });
    expect(await names()).toEqual(["fresh", "renamed"]);
    expect((await admin.get(`/api/2.2/jobs/get?job_id=${fresh}`)).status).toBe(400);
    control.clock({ advance: 5_000 });
    expect(await names()).toEqual(["renamed"]);
  });
});

describe("limits", () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]));
  it.each([
    ["26 tags", { tags: many(26) }],
    ["an illegal tag key", { tags: { "a/b": "" } }],
    ["a name of 4,097 bytes", { name: "ä".repeat(2049) }],
    ["a description of 27,701 characters", { description: "x".repeat(27_701) }],
    ["a task key with a blank", { tasks: [notebook("a b")] }],
    ["a task key of 101 characters", { tasks: [notebook("a".repeat(101))] }],
    ["a task key twice", { tasks: [notebook("a"), notebook("a")] }],
    ["1,001 tasks", { tasks: Array.from({ length: 1001 }, (_, index) => notebook(`t${index}`)) }],
    ["1,001 concurrent runs", { max_concurrent_runs: 1001 }],
    ["four webhooks", { webhook_notifications: { on_start: [1, 2, 3, 4].map((id) => ({ id: `${id}` })) } }],
    ["a trigger every 59 s", { trigger: { file_arrival: { url: "s3://x/", min_time_between_triggers_seconds: 59 } } }],
    [
      "schedule with continuous",
      { schedule: { quartz_cron_expression: "0 0 1 * * ?", timezone_id: "UTC" }, continuous: {} },
    ],
    ["git without provider", { git_source: { git_url: "https://example.com" } }],
  ])("refuse %s", async (_what, settings) => {
    const { admin } = await start();
    const refused = await admin.post("/api/2.2/jobs/create", settings);
    expect([refused.status, refused.body.error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
    expect(objectsIn(refused.body.details)[0]).toMatchObject({ "@type": "type.googleapis.com/google.rpc.ErrorInfo" });
  });

  it("take 25 tags, and on each cloud what that cloud takes", async () => {
    const { admin } = await start({ cloud: "gcp" });
    expect((await admin.post("/api/2.2/jobs/create", { tags: many(25) })).status).toBe(200);
    expect((await admin.post("/api/2.2/jobs/create", { tags: { Upper: "x" } })).status).toBe(400);
  });

  it("are stricter where asked for", async () => {
    const { admin } = await start({ validation: "strict" });
    const status = async (settings: object) => (await admin.post("/api/2.2/jobs/create", settings)).status;
    expect(await status({ tasks: [notebook("a"), notebook("b", { depends_on: [{ task_key: "a" }] })] })).toBe(200);
    expect(await status({ tasks: [notebook("a", { sql_task: {} })] })).toBe(400);
    expect(await status({ tasks: [notebook("a", { depends_on: [{ task_key: "x" }] })] })).toBe(400);
    expect(await status({ tasks: [notebook("a", { depends_on: [{ task_key: "a" }] })] })).toBe(400);
    expect(await status({ tasks: [notebook("a", { job_cluster_key: "x" })] })).toBe(400);
    expect(await status({ timeout_seconds: "1" })).toBe(400);
    expect(await status({ edit_mode: "LOCKED" })).toBe(400);
  });
});

describe("real definitions", () => {
  const folder = join(dirname(fileURLToPath(import.meta.url)), "../../../../shared/data/jobs");
  const files = (() => {
    try {
      return readdirSync(folder).filter((name) => /^\d.*\.json$/.test(name));
    } catch {
      console.warn(`skipped: no job definitions in ${folder}`);
      return [];
    }
  })();
  it.skipIf(files.length === 0)("are all accepted, and a reset to what get returned changes nothing", async () => {
    const { admin } = await start();
    for (const name of files) {
      const id = await create(admin, parseJson(readFileSync(join(folder, name), "utf8")) as JsonObject);
      const before = await read(admin, id);
      await admin.post("/api/2.2/jobs/reset", { job_id: BigInt(id), new_settings: before });
      expect(await read(admin, id), name).toEqual(before);
    }
  });
});

describe("what people do in the user interface", () => {
  it("edits, clones with tags, strips tags and deletes", async () => {
    const { admin, anna, ben, control } = await start();
    const id = await create(anna, {
      name: "mine",
      tags: { headgate: "x", team: "y" },
      tasks: [notebook("a"), notebook("b")],
    });
    control.editJob({ jobId: id, settings: { tasks: [notebook("a")] }, as: "ben@example.com" });
    expect(objectsIn((await read(anna, id)).tasks)).toHaveLength(1);
    const { jobId } = control.cloneJob({ jobId: id, as: "ben@example.com" });
    const copy = (await ben.get(`/api/2.2/jobs/get?job_id=${jobId}`)).body;
    expect(copy).toMatchObject({
      creator_user_name: "ben@example.com",
      settings: { name: "mine (clone)", tags: { headgate: "x", team: "y" }, queue: { enabled: true } },
    });
    control.stripTags({ jobId: id, keys: ["headgate"] });
    expect((await read(anna, id)).tags).toEqual({ team: "y" });
    const over = await clientOf(String(fake?.url)).post("/_fake/delete-job", { jobId });
    expect(over.status).toBe(200);
    expect((await admin.get("/api/2.2/jobs/list")).body.jobs).toHaveLength(1);
  });
});
