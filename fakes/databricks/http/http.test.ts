import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, expect, it } from "vitest";
import { buildProgram } from "../../../test/build-program.ts";
import { formatJson, type JsonObject, parseJson, RawJson } from "../json.ts";
import { type FakeDatabricks, startFakeDatabricks } from "../start.ts";
import { type Client, clientOf } from "../testing-client.ts";

let fake: FakeDatabricks;
let admin: Client;
beforeEach(async () => {
  fake = await startFakeDatabricks({ clock: { start: Date.UTC(2026, 0, 2, 3, 4, 5), speed: 0 } });
  admin = clientOf(fake.url, fake.token);
});
afterEach(() => fake.close());

const list = (headers?: Record<string, string>) => admin.get("/api/2.2/jobs/list", headers);

it("sends the workspace's id, its time and a request id", async () => {
  const { headers } = await list();
  expect(headers.get("x-databricks-org-id")).toBe("7405610922468161");
  expect(headers.get("date")).toBe("Fri, 02 Jan 2026 03:04:05 GMT");
  expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  fake.control.clock({ advance: 60_000 });
  expect((await list()).headers.get("date")).toBe("Fri, 02 Jan 2026 03:05:05 GMT");
});

it("fails as a header asks", async () => {
  const limited = await list({ "x-fake-fault": "429;retry-after=7" });
  expect([limited.status, limited.headers.get("retry-after"), limited.body.error_code]).toEqual([
    429,
    "7",
    "REQUEST_LIMIT_EXCEEDED",
  ]);
  expect((await list({ "x-fake-fault": "503" })).body.error_code).toBe("TEMPORARILY_UNAVAILABLE");
  const html = await list({ "x-fake-fault": "html=504" });
  expect([html.status, html.headers.get("content-type")]).toEqual([504, "text/html"]);
  const broken = await list({ "x-fake-fault": "malformed" });
  expect(broken.status).toBe(200);
  expect(() => parseJson(broken.text)).toThrow(SyntaxError);
  expect((await list({ "x-fake-fault": "slow=20" })).status).toBe(200);
  expect((await list({ "x-fake-fault": "explode" })).status).toBe(400);
});

it("drops a connection before the effect, or after it", async () => {
  const create = (fault: string) => admin.post("/api/2.2/jobs/create", { name: fault }, { "x-fake-fault": fault });
  await expect(create("drop-before")).rejects.toThrow();
  expect(fake.control.jobs()).toEqual([]);
  await expect(create("drop-after")).rejects.toThrow();
  expect(fake.control.jobs().map((job) => job.settings.name)).toEqual(["drop-after"]);
  expect(fake.control.requests().map(({ handled, status, fault }) => [handled, status, fault])).toEqual([
    [false, 0, "drop-before"],
    [true, 0, "drop-after"],
  ]);
});

it("answers without a socket as it does over one", async () => {
  const headers = { authorization: `Bearer ${fake.token}`, "user-agent": "direct" };
  const ask = (path: string, init?: RequestInit) => fake.fetch(fake.url + path, { headers, ...init });
  const made = await ask("/api/2.2/jobs/create", { method: "POST", body: JSON.stringify({ name: "é" }) });
  expect([made.status, Object.keys((await made.json()) as object)]).toEqual([200, ["job_id"]]);
  const [direct, remote] = [await ask("/api/2.2/jobs/list?limit=1"), await list()];
  expect(await direct.text()).toBe(remote.text);
  const seen = (all: Headers) => [...all.keys()].filter((name) => !["connection", "keep-alive"].includes(name)).sort();
  expect(seen(direct.headers)).toEqual(seen(remote.headers));
  expect(fake.control.requests()[1]).toMatchObject({
    path: "/api/2.2/jobs/list",
    query: { limit: "1" },
    userAgent: "direct",
  });
  const struck = (fault: string, init?: RequestInit) =>
    ask("/api/2.2/jobs/list", { headers: { ...headers, "x-fake-fault": fault }, ...init });
  expect((await struck("429;retry-after=7")).headers.get("retry-after")).toBe("7");
  await expect(struck("drop-after")).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
  await expect(struck("hang", { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({ name: "TimeoutError" });
  await expect(struck("slow=1", { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
});

it("strikes by rule: method, path, caller, from the nth time on, so many times", async () => {
  fake.control.addFault({
    method: "GET",
    path: "/jobs/list$",
    nth: 2,
    count: 2,
    fault: { kind: "status", status: 500 },
  });
  const statuses: number[] = [];
  for (let index = 0; index < 5; index++) statuses.push((await list()).status);
  expect(statuses).toEqual([200, 500, 500, 200, 200]);
  expect(fake.control.faults()).toMatchObject([{ seen: 5, hit: 2 }]);
  fake.control.removeFaults();
  fake.control.addFault({ principal: "nobody@example.com", count: 0, fault: { kind: "html" } });
  expect((await list()).status).toBe(200);
});

it("limits the rate by a bucket for each caller", async () => {
  const other = await startFakeDatabricks({ rateLimit: { perSecond: 0.01, burst: 3 } });
  try {
    const client = clientOf(other.url, other.token);
    const answers = [];
    for (let index = 0; index < 4; index++) answers.push(await client.get("/api/2.2/jobs/list"));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(Number(answers[3]?.headers.get("retry-after"))).toBeGreaterThan(0);
  } finally {
    await other.close();
  }
});

it("logs what was sent, and never a token", async () => {
  await admin.post("/api/2.2/jobs/create?x=1", { name: "logged" }, { "user-agent": "test/1" });
  const control = clientOf(fake.url);
  const log = await control.get("/_fake/requests?method=POST");
  expect(parseJson(log.text)).toMatchObject([
    {
      method: "POST",
      path: "/api/2.2/jobs/create",
      query: { x: "1" },
      principal: "admin@example.com",
      userAgent: "test/1",
      body: { name: "logged" },
      status: 200,
    },
  ]);
  expect(log.text).not.toContain(fake.token);
  await control.post("/_fake/clear-requests", {});
  expect(fake.control.requests()).toEqual([]);
});

it("lets a test hold a request up before and after its effect", async () => {
  const seen: string[] = [];
  fake.hook({
    before: ({ path }) => seen.push(`before ${path} ${fake.control.jobs().length}`),
    after: ({ path }) => seen.push(`after ${path} ${fake.control.jobs().length}`),
  });
  await admin.post("/api/2.2/jobs/create", {});
  expect(seen).toEqual(["before /api/2.2/jobs/create 0", "after /api/2.2/jobs/create 1"]);
});

it("names the control calls there are, and refuses what is no JSON", async () => {
  const unknown = await clientOf(fake.url).post("/_fake/explode", {});
  expect([unknown.status, String(unknown.body.message)]).toEqual([404, expect.stringContaining("edit-job")]);
  const broken = await admin.send("POST", "/api/2.2/jobs/create", "{");
  expect([broken.status, broken.body.error_code]).toEqual([400, "MALFORMED_REQUEST"]);
  expect((await admin.get("/api/2.2/nothing")).status).toBe(404);
});

it("keeps big integers, in and out, and nothing else", () => {
  const text =
    '{"a":9007199254740993,"b":[-9223372036854775808,1.5,0.1234567890123456],"c":"9007199254740993 \\" 1","d":1e3}';
  const value = parseJson(text) as JsonObject;
  expect(value).toEqual({
    a: 9007199254740993n,
    b: [-9223372036854775808n, 1.5, 0.1234567890123456],
    c: '9007199254740993 " 1',
    d: 1000,
  });
  expect(formatJson({ ...value, e: undefined, f: new RawJson("[1]") })).toBe(
    text.replace("1e3", '1000,"f":[1]').replace("0.1234567890123456", String(0.1234567890123456)),
  );
});

it("runs as a process that ends when it is told to", async () => {
  const { program, remove } = await buildProgram("fakes/databricks/main.ts");
  const child = spawn(process.execPath, [program, '{"cloud":"aws"}'], { stdio: ["ignore", "pipe", "inherit"] });
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  const { url, token } = JSON.parse(chunk.toString()) as { url: string; token: string };
  expect((await clientOf(url, token).get("/api/2.2/jobs/list")).status).toBe(200);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  await remove();
});
