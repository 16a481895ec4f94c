/** The HTTP client against real servers that refuse, break and lie. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { quickClock } from "../../../test/quick-clock.ts";
import { systemClock } from "../../util/clock.ts";
import { forgetSecrets, rememberSecret } from "../../util/redact.ts";
import type { HttpFailure } from "./failure.ts";
import { createHttpClient, type HttpClientOptions } from "./http-client.ts";

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A server that answers its nth request with the nth handler, the last one for ever. */
async function serve(...handlers: ((request: IncomingMessage, response: ServerResponse, body: string) => void)[]) {
  const seen: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    handlers[Math.min(seen.length, handlers.length) - 1]?.(request, response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function open(options: Partial<HttpClientOptions> = {}) {
  return createHttpClient({ clock: systemClock, userAgent: "headgate/0.0.0-test", perSecond: 1_000, ...options });
}

async function failureOf(work: Promise<unknown>): Promise<HttpFailure> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error as HttpFailure,
  );
  if (outcome === undefined) throw new Error("it did not fail");
  return outcome;
}

const ok = (_: IncomingMessage, response: ServerResponse) => response.end('{"ok":true}');
const status =
  (code: number, headers: Record<string, string> = {}, body = "{}") =>
  (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(code, headers).end(body);
const drop = (request: IncomingMessage) => request.socket.destroy();

describe("what is sent and read", () => {
  test("64-bit integers pass unharmed both ways, with product, query and type", async () => {
    const { url, seen } = await serve((_, response) => response.end('{"job_id":9007199254740993,"n":1}'));
    const { body } = await open().json({
      method: "POST",
      url: `${url}/x`,
      query: { a: "b c", none: undefined },
      json: { job_id: 9007199254740995n },
      safe: true,
    });
    expect(body).toEqual({ job_id: 9007199254740993n, n: 1 });
    expect(seen[0]).toMatchObject({
      url: "/x?a=b+c",
      body: '{"job_id":9007199254740995}',
      headers: { "user-agent": "headgate/0.0.0-test", "content-type": "application/json" },
    });
  });

  test("a form is sent as a form", async () => {
    const { url, seen } = await serve(ok);
    await open().send({ method: "POST", url, form: { grant_type: "client_credentials" }, safe: true });
    expect(seen[0]?.headers["content-type"]).toMatch(/^application\/x-www-form-urlencoded/);
    expect(seen[0]?.body).toBe("grant_type=client_credentials");
  });

  test("an empty answer is an empty object; text that is no JSON names its beginning", async () => {
    const { url } = await serve(status(200, {}, ""), status(200, {}, "<html><title>Sign in</title></html>"));
    const client = open();
    expect((await client.json({ method: "GET", url, safe: true })).body).toEqual({});
    expect(await failureOf(client.json({ method: "GET", url, safe: true }))).toMatchObject({ code: "remote_error" });
  });
});

describe("repeats", () => {
  test("429 is repeated for an unsafe call too, after the seconds the server asks for", async () => {
    const { url, seen } = await serve(status(429, { "retry-after": "7" }), ok);
    const clock = quickClock();
    await open({ clock }).send({ method: "POST", url, safe: false });
    expect(seen).toHaveLength(2);
    expect(clock.slept).toEqual([7_000]);
  });

  test("503 with a date is repeated at that date by the server's own clock", async () => {
    const headers = { date: "Sat, 21 Nov 2026 06:00:00 GMT", "retry-after": "Sat, 21 Nov 2026 06:00:09 GMT" };
    const { url } = await serve(status(503, headers), ok);
    const clock = quickClock();
    await open({ clock }).send({ method: "POST", url, safe: false });
    expect(clock.slept).toEqual([9_000]);
  });

  test.each([500, 502, 503, 504])(
    "%i is repeated for a safe call only; an unsafe one says it was sent",
    async (code) => {
      const { url, seen } = await serve(status(code), ok);
      const clock = quickClock();
      expect(await failureOf(open({ clock }).send({ method: "POST", url, safe: false }))).toMatchObject({
        code: "unavailable",
        data: { sent: true, status: code },
      });
      expect(seen).toHaveLength(1);
      const again = await serve(status(code), ok);
      await open({ clock }).send({ method: "GET", url: again.url, safe: true });
      expect(again.seen).toHaveLength(2);
    },
  );

  test("a dropped connection is repeated for a safe call only", async () => {
    const safe = await serve(drop, ok);
    await open({ clock: quickClock() }).send({ method: "GET", url: safe.url, safe: true });
    expect(safe.seen).toHaveLength(2);
    const unsafe = await serve(drop, ok);
    const failure = await failureOf(
      open({ clock: quickClock() }).send({ method: "POST", url: unsafe.url, safe: false }),
    );
    expect(failure).toMatchObject({ code: "unavailable", exitCode: 69, data: { sent: true } });
    expect(unsafe.seen).toHaveLength(1);
  });

  test("an answer cut off in its middle counts as lost", async () => {
    const { url, seen } = await serve((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write('{"job_id":');
      setImmediate(() => response.socket?.destroy());
    });
    const failure = await failureOf(open().json({ method: "POST", url, json: {}, safe: false }));
    expect(failure.data).toMatchObject({ sent: true });
    expect(seen).toHaveLength(1);
  });

  test("an attempt that takes too long is ended, and repeated where that is safe", async () => {
    const { url, seen } = await serve(() => undefined, ok);
    await open({ clock: quickClock(), timeoutMs: 50 }).send({ method: "GET", url, safe: true });
    expect(seen).toHaveLength(2);
    const slow = await serve(() => undefined);
    const failure = await failureOf(open({ timeoutMs: 50 }).send({ method: "POST", url: slow.url, safe: false }));
    expect(failure.message).toContain("timeout after 0.05 s");
    expect(failure.data).toMatchObject({ sent: true });
  });

  test("nobody listening: never sent, tried a few times, then unavailable", async () => {
    const { url } = await serve(ok);
    for (const stop of stops.splice(0)) await stop();
    const clock = quickClock();
    const failure = await failureOf(open({ clock }).send({ method: "POST", url, safe: false }));
    expect(failure).toMatchObject({ code: "unavailable", facts: { network: "ECONNREFUSED", sent: false } });
    expect(failure.data).not.toHaveProperty("sent");
    expect(clock.slept).toHaveLength(3);
  });

  test("it gives up after the total time, with the last refusal", async () => {
    const { url, seen } = await serve(status(429, { "retry-after": "100" }, '{"error_code":"REQUEST_LIMIT_EXCEEDED"}'));
    const failure = await failureOf(open({ clock: quickClock() }).send({ method: "GET", url, safe: true }));
    expect(seen).toHaveLength(3); // at 0, 100 and 200 s; 300 s of waiting would pass the five minutes
    expect(failure).toMatchObject({ code: "unavailable", exitCode: 69, facts: { status: 429 } });
  });

  test.each([400, 404, 409, 401, 403])("%i is final", async (code) => {
    const { url, seen } = await serve(status(code));
    await failureOf(open({ clock: quickClock() }).send({ method: "GET", url, safe: true }));
    expect(seen).toHaveLength(1);
  });
});

describe("failures", () => {
  test("keep status, code, first line and request id; never the query", async () => {
    const body = '{"error_code":"INVALID_PARAMETER_VALUE","message":"Job 1 does not exist.\\nMore."}';
    const { url } = await serve(status(400, { "x-request-id": "req-1" }, body));
    const failure = await failureOf(
      open().send({ method: "GET", url: `${url}/api`, query: { q: "hush" }, safe: true }),
    );
    expect(failure.facts).toMatchObject({ status: 400, errorCode: "INVALID_PARAMETER_VALUE", requestId: "req-1" });
    expect(failure.message).toMatch(
      /GET \/api: 400 INVALID_PARAMETER_VALUE: Job 1 does not exist\. \(request req-1\)$/,
    );
    expect(failure.message).not.toContain("hush");
  });

  test("a secret in the service's message is masked", async () => {
    rememberSecret("dapi-canary-1234");
    const { url } = await serve(status(403, {}, '{"error_code":"X","message":"token dapi-canary-1234 refused"}'));
    const failure = await failureOf(open().send({ method: "GET", url, safe: true }));
    forgetSecrets();
    expect(failure.message).toContain("token *** refused");
    expect(JSON.stringify({ ...failure, message: failure.message, data: failure.data })).not.toContain("canary");
  });

  test("a redirect is not followed: it names the host as the thing to check", async () => {
    const { url } = await serve(status(302, { location: "https://login.example.com/sign-in?state=hush" }, ""));
    const failure = await failureOf(open().send({ method: "GET", url, safe: true }));
    expect(failure).toMatchObject({ code: "remote_error" });
    expect(failure.message).toContain("redirected to https://login.example.com/sign-in");
    expect(failure.message).not.toContain("hush");
    expect(failure.hint).toContain("Check the host");
  });
});

describe("abort", () => {
  test("ends a call under way, and one that waits for its repeat", async () => {
    const stop = new AbortController();
    const { url } = await serve(() => stop.abort(new Error("stop")));
    expect(await failureOf(open().send({ method: "POST", url, safe: false, signal: stop.signal }))).toMatchObject({
      code: "interrupted",
      data: { sent: true },
    });
    const later = new AbortController();
    const busy = await serve((_, response) => {
      response.writeHead(429, { "retry-after": "60" }).end("{}", () => setTimeout(() => later.abort(), 20));
    });
    const failure = await failureOf(
      open({ signal: later.signal }).send({ method: "POST", url: busy.url, safe: false }),
    );
    expect(failure).toMatchObject({ code: "interrupted" });
    expect(failure.data).not.toHaveProperty("sent");
  });

  test("takes calls out of the queue", async () => {
    const stop = new AbortController();
    const { url, seen } = await serve(() => stop.abort());
    const client = open({ concurrency: 1 });
    const calls = [1, 2, 3].map(() => failureOf(client.send({ method: "GET", url, safe: true, signal: stop.signal })));
    for (const failure of await Promise.all(calls)) expect(failure.code).toBe("interrupted");
    expect(seen).toHaveLength(1);
  });
});

test("no more calls under way than allowed", async () => {
  let now = 0;
  let most = 0;
  const { url } = await serve((_, response) => {
    most = Math.max(most, ++now);
    setTimeout(() => {
      now--;
      response.end("{}");
    }, 5);
  });
  const client = open({ concurrency: 3 });
  await Promise.all(Array.from({ length: 20 }, () => client.send({ method: "GET", url, safe: true })));
  expect(most).toBe(3);
});

test("the service's clock is read off its answers, also the bad ones", async () => {
  const ahead = new Date(Date.now() + 600_000).toUTCString();
  const { url } = await serve(ok, status(404, { date: ahead }));
  const client = open();
  await client.send({ method: "GET", url, safe: true });
  expect(client.clockSkew()).toBe(0);
  await failureOf(client.send({ method: "GET", url, safe: true }));
  expect(client.clockSkew()).toBeGreaterThan(595_000);
  expect(client.clockSkew()).toBeLessThan(605_000);
});
