import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { hostName, isOwnOrigin } from "./guards.ts";
import { ask, post, start, stopAll } from "./testing/start.ts";

afterEach(stopAll);

const json = { "content-type": "application/json" };

describe("host", () => {
  test.each([
    "localhost",
    "LOCALHOST:1234",
    "127.0.0.1",
    "[::1]:80",
    "localhost.",
    "headgate.corp",
    "headgate.corp:8443",
  ])("%s is allowed, whatever its port", async (host) => {
    const server = await start({ settings: { allowedHosts: ["Headgate.corp"] } });
    expect((await ask(server, "/api/v1/status", { headers: { host } })).status).toBe(200);
  });

  test.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.example:4600",
    "10.0.0.1",
    "localhost@evil.example",
  ])("%s is refused everywhere", async (host) => {
    const server = await start();
    for (const path of ["/", "/api/v1/status", "/healthz", "/metrics", "/login?code=x", "/api/v1/events"]) {
      const answer = await ask(server, path, { headers: { host } });
      expect([400, 403]).toContain(answer.status);
      if (answer.status === 403) expect(answer.json().code).toBe("host_not_allowed");
    }
  });

  test("none at all (HTTP/1.0) is refused", async () => {
    const server = await start();
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(server.port, "127.0.0.1", () => socket.end("GET /api/v1/status HTTP/1.0\r\n\r\n"));
      let all = "";
      socket.on("data", (part) => {
        all += part.toString();
      });
      socket.on("end", () => resolve(all));
      socket.on("error", reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(text).not.toContain("retail");
  });

  test("the name is read without port, brackets kept", () => {
    expect(hostName("[::1]:4600")).toBe("[::1]");
    expect(hostName("Example.com.:80")).toBe("example.com");
    expect(hostName("a b")).toBeUndefined();
    expect(hostName("user@host")).toBeUndefined();
    expect(hostName("host:port")).toBeUndefined();
  });
});

describe("origin", () => {
  test("ours passes, on this very port", async () => {
    const server = await start();
    const headers = { origin: server.url };
    expect((await ask(server, "/api/v1/status", { headers })).status).toBe(200);
    expect((await post(server, "/api/v1/plans", {}, { headers })).status).toBe(201);
  });

  test.each(["https://evil.example", "http://127.0.0.1:1", "http://localhost", "null", "file://"])(
    "%s is refused, on reads and writes",
    async (origin) => {
      const server = await start();
      const read = await ask(server, "/api/v1/status", { headers: { origin } });
      expect([read.status, read.json().code]).toEqual([403, "origin_not_allowed"]);
      expect((await post(server, "/api/v1/plans", {}, { headers: { origin } })).json().code).toBe("origin_not_allowed");
      expect(server.world.applied).toEqual([]);
    },
  );

  test("an image or script of another site is refused, following a link is not", async () => {
    const server = await start();
    const site = (mode: string) => ({ "sec-fetch-site": "cross-site", "sec-fetch-mode": mode });
    expect((await ask(server, "/api/v1/jobs", { headers: site("no-cors") })).json().code).toBe("origin_not_allowed");
    expect((await ask(server, "/", { headers: site("navigate") })).status).toBe(200);
  });

  test("a TLS proxy that rewrites Host: its public name is ours over https only", () => {
    const hosts = new Set(["localhost", "127.0.0.1", "[::1]", "headgate.corp"]);
    expect(isOwnOrigin("https://headgate.corp", "127.0.0.1:4600", hosts)).toBe(true);
    expect(isOwnOrigin("http://headgate.corp", "127.0.0.1:4600", hosts)).toBe(false);
    expect(isOwnOrigin("https://localhost", "127.0.0.1:4600", hosts)).toBe(false);
    expect(isOwnOrigin("http://localhost:3000", "localhost:4600", hosts)).toBe(false);
  });
});

describe("body", () => {
  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
  ])("%s is refused before the token is looked at", async (type) => {
    const server = await start();
    const answer = await post(server, "/api/v1/plans", {}, { headers: { "content-type": type } });
    expect([answer.status, answer.json().code]).toEqual([415, "unsupported_media_type"]);
  });

  test("no content type is refused, also without a body; a charset is fine", async () => {
    const server = await start();
    const authorization = `Bearer ${server.token}`;
    const none = await ask(server, "/api/v1/plans", { method: "POST", headers: { authorization } });
    expect(none.status).toBe(415);
    const typed = { authorization, "content-type": "application/json; charset=utf-8" };
    expect((await ask(server, "/api/v1/plans", { method: "POST", headers: typed })).status).toBe(201);
  });

  test("compressed bodies are refused", async () => {
    const server = await start();
    const answer = await post(server, "/api/v1/plans", {}, { headers: { "content-encoding": "gzip" } });
    expect(answer.status).toBe(415);
  });

  test("too long by its length: 413, unread", async () => {
    const server = await start({ bodyLimit: 1_000 });
    const body = JSON.stringify({ select: ["x".repeat(2_000)] });
    const answer = await post(server, "/api/v1/plans", {}, { body });
    expect([answer.status, answer.json().code]).toEqual([413, "body_too_large"]);
    expect(answer.headers.connection).toBe("close");
  });

  test("too long in chunks: 413; short enough in chunks: taken", async () => {
    const server = await start({ bodyLimit: 40_000 });
    const long = JSON.stringify({ select: Array.from({ length: 10_000 }, (_, n) => `job_${n}`) });
    const answer = await post(server, "/api/v1/plans", {}, { body: long, chunked: true });
    expect([answer.status, answer.json().code]).toEqual([413, "body_too_large"]);
    const short = JSON.stringify({ select: Array.from({ length: 2_000 }, (_, n) => `job_${n}`) });
    expect((await post(server, "/api/v1/plans", {}, { body: short, chunked: true })).status).toBe(201);
  });

  test("what is no JSON is 400, what does not fit the schema 422 with every fault", async () => {
    const server = await start();
    const broken = await post(server, "/api/v1/plans", {}, { body: "{" });
    expect([broken.status, broken.json().code]).toEqual([400, "bad_request"]);
    const wrong = await post(server, "/api/v1/plans", { select: [1], selct: [] });
    expect([wrong.status, wrong.json().code]).toEqual([422, "input_invalid"]);
    expect(wrong.json().detail).toContain("select.0");
    expect(wrong.json().detail).toContain("selct");
  });
});

describe("method", () => {
  test.each(["PUT", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])("%s is not allowed anywhere", async (method) => {
    const server = await start();
    const answer = await ask(server, "/api/v1/jobs", { method, headers: json });
    expect([answer.status, answer.json().code]).toEqual([405, "method_not_allowed"]);
    expect(answer.headers.allow).toBe("GET, HEAD, POST, DELETE");
  });

  test("a known path says which methods it has", async () => {
    const server = await start();
    const answer = await ask(server, "/api/v1/plans", { headers: json });
    expect([answer.status, answer.headers.allow]).toEqual([405, "POST"]);
    const page = await ask(server, "/jobs/nightly", { method: "POST", headers: json });
    expect([page.status, page.headers.allow]).toEqual([405, "GET, HEAD"]);
  });
});
