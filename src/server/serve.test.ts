import { connect, createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { plainWorld, planOf, row } from "./testing/plain-jobs.ts";
import { ask, post, start, stopAll, until } from "./testing/start.ts";

afterEach(stopAll);

describe("start", () => {
  test("a port in use is said plainly, and nothing is left behind", async () => {
    const server = await start();
    await expect(start({ settings: { listen: `127.0.0.1:${server.port}` } })).rejects.toMatchObject({
      code: "usage",
      message: `Port ${server.port} is in use at 127.0.0.1`,
      hint: expect.stringContaining("--listen"),
    });
  });

  test("two servers run beside each other, each with its own cookie and token", async () => {
    const [one, two] = await Promise.all([start(), start()]);
    expect(one.port).not.toBe(two.port);
    const headers = { authorization: `Bearer ${one.token}` };
    expect((await post(one, "/api/v1/plans", {})).status).toBe(201);
    expect((await post(two, "/api/v1/plans", {}, { headers })).status).toBe(401);
  });

  test("the workspace is read at once", async () => {
    const server = await start({ intervalMs: 3_600_000 });
    const status = await until(
      async () => (await ask(server, "/api/v1/status")).json(),
      (value) => value.workspaceReachable === true,
    );
    expect(status).toEqual({
      version: "0.1.0",
      project: "retail",
      target: "prod",
      workspace: "prod",
      host: "https://adb-1.example.com",
      apply: false,
      storeReadOnly: false,
      timezone: "Europe/London",
      workspaceReachable: true,
      lastReadAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      error: null,
    });
  });
});

describe("stop", () => {
  test("a request in flight is answered, new ones are not taken, the port is free again", async () => {
    const world = plainWorld([row("nightly")]);
    let finish = () => {};
    let asked = false;
    world.plan = () => {
      asked = true;
      return new Promise((resolve) => {
        finish = () => resolve(planOf([]));
      });
    };
    const server = await start({ world });
    const answer = post(server, "/api/v1/plans", {});
    await until(() => asked, Boolean);
    const closed = server.close();
    await expect(ask(server, "/healthz")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    finish();
    expect((await answer).status).toBe(201);
    await closed;
    const next = createServer();
    await new Promise<void>((resolve, reject) => next.once("error", reject).listen(server.port, "127.0.0.1", resolve));
    await new Promise((resolve) => next.close(resolve));
  });

  test("a connection kept open gets 503 and is closed", async () => {
    const world = plainWorld([row("nightly")]);
    let finish = () => {};
    let asked = false;
    world.plan = () => {
      asked = true;
      return new Promise((resolve) => {
        finish = () => resolve(planOf([]));
      });
    };
    const server = await start({ world });
    const held = post(server, "/api/v1/plans", {});
    await until(() => asked, Boolean);
    let text = "";
    // Half a request: the connection is not idle when the server stops.
    const socket = connect(server.port, "127.0.0.1", () =>
      socket.write("GET /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\n"),
    );
    socket.on("data", (part) => {
      text += part.toString();
    });
    const gone = new Promise<void>((resolve) => socket.on("close", () => resolve()));
    await until(
      () => socket.bytesWritten,
      (bytes) => bytes > 0,
    );
    await ask(server, "/healthz");
    const closed = server.close();
    socket.write("\r\n");
    await gone;
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
    expect(text).toContain('"stopping"');
    finish();
    await held;
    await closed;
  });

  test("what does not end in its time is cut off, and told so", async () => {
    const world = plainWorld([row("nightly")]);
    let asked = false;
    world.plan = () => {
      asked = true;
      return new Promise(() => undefined);
    };
    const server = await start({ world, graceMs: 20 });
    const answer = post(server, "/api/v1/plans", {});
    const failed = expect(answer).rejects.toMatchObject({ code: "ECONNRESET" });
    await until(() => asked, Boolean);
    await server.close();
    await failed;
    expect(server.log()).toContain("requests did not end in time");
  });

  test("stopping twice is one stop", async () => {
    const server = await start();
    await Promise.all([server.close(), server.close()]);
  });
});

describe("health and counts", () => {
  test("health is live, and ready while the store answers", async () => {
    const server = await start();
    expect((await ask(server, "/healthz")).json()).toMatchObject({ status: "ok", live: true, ready: true });
    server.store.broken = true;
    const answer = await ask(server, "/healthz");
    expect([answer.status, answer.json().ready]).toEqual([503, false]);
    expect(answer.text).not.toContain("/secret/place");
    expect((await ask(server, "/healthz/live")).status).toBe(200);
    expect((await ask(server, "/healthz/ready")).status).toBe(503);
  });

  test("counts have routes, not paths, as labels", async () => {
    const rows = [row("nightly"), row("hourly", { verdict: { state: "failed", text: "Failed" } })];
    const server = await start({ world: plainWorld(rows) });
    await ask(server, "/api/v1/jobs/nightly");
    await ask(server, "/api/v1/jobs/hourly");
    await ask(server, "/api/v1/jobs/nobody");
    await ask(server, "/some/page");
    await ask(server, "/", { headers: { host: "evil.example" } });
    const answer = await ask(server, "/metrics");
    expect(answer.headers["content-type"]).toContain("text/plain");
    const line = (start: string) => answer.text.split("\n").find((one) => one.startsWith(start));
    const route = 'route="/api/v1/jobs/{resource}"';
    expect(line(`headgate_http_requests_total{method="GET",${route},status="200"}`)).toMatch(/ 2$/);
    expect(line(`headgate_http_requests_total{method="GET",${route},status="404"}`)).toMatch(/ 1$/);
    expect(line('headgate_http_refused_total{code="host_not_allowed"}')).toMatch(/ 1$/);
    expect(line('headgate_jobs{verdict="failed"}')).toMatch(/ 1$/);
    expect(line("process_cpu_user_seconds_total")).toBeDefined();
    expect(answer.text).not.toContain("nobody");
  });
});
