import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { readServeToken } from "../access/serve-token.ts";
import { startProvider } from "../access/testing/provider.ts";
import { createToken, revokeToken } from "../access/tokens.ts";
import { systemClock } from "../util/clock.ts";
import { parseListen } from "./listen.ts";
import { ask, post, start, stopAll, type TestServer } from "./testing/start.ts";

afterEach(stopAll);

const json = { "content-type": "application/json" };

/** A token of the store with these scopes. */
async function tokenOf(server: TestServer, ...scopes: string[]): Promise<string> {
  const options = { name: scopes.join("-"), scopes, by: "test" };
  return (await createToken(server.store.access, systemClock, options)).token;
}

/** Follows the login link. @returns the cookie as a browser would send it */
async function login(server: TestServer): Promise<string> {
  const link = new URL(server.loginUrl);
  const answer = await ask(server, link.pathname + link.search);
  return String(answer.headers["set-cookie"]?.[0]).split(";", 1)[0] ?? "";
}

describe("on loopback", () => {
  test("reads need nothing, writes a token", async () => {
    const server = await start();
    for (const path of ["/api/v1/status", "/api/v1/jobs", "/api/v1/jobs/nightly", "/api/openapi.json", "/metrics"]) {
      expect((await ask(server, path)).status).toBe(200);
    }
    const write = await ask(server, "/api/v1/plans", { method: "POST", headers: json, body: "{}" });
    expect([write.status, write.json().code]).toEqual([401, "token_missing"]);
    expect(write.headers["www-authenticate"]).toContain("Bearer");
    expect((await post(server, "/api/v1/plans", {})).status).toBe(201);
  });

  test("a read that came through a proxy needs a token too", async () => {
    const server = await start();
    for (const name of ["x-forwarded-for", "forwarded", "x-real-ip"]) {
      expect((await ask(server, "/api/v1/jobs", { headers: { [name]: "203.0.113.9" } })).status).toBe(401);
    }
  });

  test("a wrong token is refused even where none is needed", async () => {
    const server = await start();
    const answer = await ask(server, "/api/v1/status", { headers: { authorization: "Bearer hgt_wrong" } });
    expect([answer.status, answer.json().code]).toEqual([401, "token_invalid"]);
  });

  test("scopes are kept apart, and a revoked token ends at once", async () => {
    const server = await start({ settings: { apply: true } });
    const read = { authorization: `Bearer ${await tokenOf(server, "read")}` };
    const write = { authorization: `Bearer ${await tokenOf(server, "write")}` };
    const refused = await post(server, "/api/v1/plans", {}, { headers: read });
    expect([refused.status, refused.json().code]).toEqual([403, "scope_missing"]);
    const made = await post(server, "/api/v1/plans", {}, { headers: write });
    expect(made.status).toBe(201);
    const apply = await post(server, `${made.headers.location}/apply`, {}, { headers: write });
    expect([apply.status, apply.json().code]).toEqual([403, "scope_missing"]);
    expect(server.world.applied).toEqual([]);
    await revokeToken(server.store.access, systemClock, "write");
    expect((await post(server, "/api/v1/plans", {}, { headers: write })).status).toBe(401);
  });
});

describe("where others can reach it", () => {
  test("it does not start without auth", async () => {
    for (const listen of ["0.0.0.0:0", ":0", "[::]:0"]) {
      await expect(start({ settings: { listen } })).rejects.toMatchObject({ code: "config_invalid" });
    }
  });

  test("reads need a token too; page and health do not", async () => {
    const server = await start({ settings: { listen: "0.0.0.0:0", auth: { kind: "token" } } });
    for (const path of ["/api/v1/status", "/api/v1/jobs", "/api/openapi.json", "/metrics", "/api/v1/events"]) {
      expect((await ask(server, path)).json().code).toBe("token_missing");
    }
    const authorization = `Bearer ${await tokenOf(server, "read")}`;
    expect((await ask(server, "/api/v1/jobs", { headers: { authorization } })).status).toBe(200);
    expect((await ask(server, "/healthz")).status).toBe(200);
    expect((await ask(server, "/")).status).toBe(200);
    expect((await ask(server, "/api/v1/session")).json()).toMatchObject({ actor: "anonymous", scopes: [] });
  });

  test("an issuer whose keys would come over an open line is refused", async () => {
    const auth = { kind: "oidc" as const, issuer: "http://login.example.com", audience: "us" };
    await expect(start({ settings: { auth } })).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining("no https address"),
    });
  });

  test("tokens of an identity provider are taken, on the page too, until they end", async () => {
    const provider = await startProvider();
    const { issuer } = provider;
    const server = await start({ settings: { listen: "0.0.0.0:0", auth: { kind: "oidc", issuer, audience: "us" } } });
    const token = await provider.sign({ aud: "us", sub: "f00", appid: "data-factory", roles: ["headgate.write"] });
    const headers = { authorization: `Bearer ${token}`, ...json };
    const made = await ask(server, "/api/v1/plans", { method: "POST", headers, body: "{}" });
    expect([made.status, made.json().actor]).toEqual([201, "data-factory (f00)"]);
    const reader = await provider.sign({ aud: "us", sub: "b4r" });
    const refused = await ask(server, "/api/v1/jobs", { headers: { authorization: `Bearer ${reader}` } });
    expect([refused.status, refused.json().code]).toEqual([403, "scope_missing"]);
    expect(refused.json().hint).toContain("app role `read`");
    const other = await provider.sign({ aud: "them", sub: "f00", roles: ["admin"] });
    const wrong = await ask(server, "/api/v1/jobs", { headers: { authorization: `Bearer ${other}` } });
    expect([wrong.status, wrong.json().code]).toEqual([401, "token_invalid"]);

    const signedIn = await ask(server, "/api/v1/session", {
      method: "POST",
      headers: json,
      body: JSON.stringify({ token }),
    });
    expect(signedIn.status).toBe(201);
    const cookie = String(signedIn.headers["set-cookie"]?.[0]).split(";", 1)[0] ?? "";
    expect((await ask(server, "/api/v1/session", { headers: { cookie } })).json()).toMatchObject({
      actor: "data-factory (f00)",
      via: "session",
      scopes: ["write"],
    });
    expect((await ask(server, "/api/v1/jobs", { headers: { cookie } })).status).toBe(200);
    expect(server.log()).not.toContain(token);
    await provider.stop();
  });

  test("a trusted proxy names its people; their writes must come from the page", async () => {
    const auth = { kind: "proxy-header" as const, header: "X-Forwarded-Email", trusted: ["127.0.0.1"] };
    const server = await start({ settings: { listen: "0.0.0.0:0", auth } });
    const headers = { "x-forwarded-email": "anna@example.com", "x-forwarded-for": "203.0.113.9", ...json };
    expect((await ask(server, "/api/v1/session", { headers })).json()).toMatchObject({
      actor: "anna@example.com",
      via: "proxy",
    });
    const body = "{}";
    const bare = await ask(server, "/api/v1/plans", { method: "POST", headers, body });
    expect([bare.status, bare.json().code]).toEqual([403, "csrf_failed"]);
    const origin = `http://127.0.0.1:${server.port}`;
    const own = await ask(server, "/api/v1/plans", { method: "POST", headers: { ...headers, origin }, body });
    expect(own.status).toBe(201);
    expect(own.json().actor).toBe("anna@example.com");
  });

  test("the header of a proxy that is not trusted counts for nothing", async () => {
    const auth = { kind: "proxy-header" as const, header: "X-Forwarded-Email", trusted: ["10.9.9.9"] };
    const server = await start({ settings: { listen: "0.0.0.0:0", auth } });
    const headers = { "x-forwarded-email": "anna@example.com" };
    expect((await ask(server, "/api/v1/jobs", { headers })).status).toBe(401);
  });
});

describe("signing in", () => {
  test("the login link works once, and sets a cookie that scripts and other sites cannot use", async () => {
    const server = await start();
    const link = new URL(server.loginUrl);
    const path = link.pathname + link.search;
    const first = await ask(server, path);
    expect([first.status, first.headers.location]).toEqual([303, "/"]);
    const cookie = String(first.headers["set-cookie"]?.[0]);
    expect(cookie).toMatch(new RegExp(`^headgate_session_${server.port}=`));
    expect(cookie).toContain("HttpOnly");
    expect(cookie).toContain("SameSite=Strict");
    const second = await ask(server, path);
    expect([second.status, second.json().code]).toEqual([403, "login_code_invalid"]);
    expect(second.headers["set-cookie"]).toBeUndefined();
    const person = await ask(server, path, { headers: { accept: "text/html" } });
    expect(person.headers["content-type"]).toContain("text/html");
    expect(person.text).toContain("used already");
  });

  test("looking at the link ahead does not use it up", async () => {
    const server = await start();
    const link = new URL(server.loginUrl);
    const path = link.pathname + link.search;
    expect((await ask(server, path, { method: "HEAD" })).status).toBe(204);
    expect((await ask(server, path, { headers: { "sec-purpose": "prefetch" } })).status).toBe(204);
    expect((await ask(server, path)).status).toBe(303);
  });

  test("a write with the cookie needs our origin or the CSRF value", async () => {
    const server = await start();
    const cookie = await login(server);
    const session = (await ask(server, "/api/v1/session", { headers: { cookie } })).json();
    expect(session).toMatchObject({ actor: "anna", via: "session" });
    const write = (headers: Record<string, string>) =>
      ask(server, "/api/v1/plans", { method: "POST", headers: { ...json, cookie, ...headers }, body: "{}" });
    expect((await write({})).json().code).toBe("csrf_failed");
    expect((await write({ "x-headgate-csrf": "guess" })).json().code).toBe("csrf_failed");
    expect((await write({ origin: "http://localhost:3000" })).json().code).toBe("origin_not_allowed");
    expect((await write({ "x-headgate-csrf": String(session.csrf) })).status).toBe(201);
    expect((await write({ origin: server.url })).status).toBe(201);
  });

  test("a token signs a browser in; signing out ends that", async () => {
    const server = await start();
    const token = await tokenOf(server, "write");
    const body = JSON.stringify({ token });
    const signed = await ask(server, "/api/v1/session", { method: "POST", headers: json, body });
    expect([signed.status, signed.json().actor]).toEqual([201, "token write"]);
    expect(signed.text).not.toContain(token);
    const cookie = String(signed.headers["set-cookie"]?.[0]).split(";", 1)[0] ?? "";
    const headers = { ...json, cookie, origin: server.url };
    expect((await ask(server, "/api/v1/plans", { method: "POST", headers, body: "{}" })).status).toBe(201);
    const out = await ask(server, "/api/v1/session", { method: "DELETE", headers });
    expect(out.status).toBe(200);
    expect(String(out.headers["set-cookie"]?.[0])).toContain("Max-Age=0");
    expect((await ask(server, "/api/v1/plans", { method: "POST", headers, body: "{}" })).status).toBe(401);
    const wrong = JSON.stringify({ token: `${token}x` });
    const refused = await ask(server, "/api/v1/session", { method: "POST", headers: json, body: wrong });
    expect([refused.status, refused.json().code]).toEqual([401, "token_invalid"]);
  });
});

describe("audit", () => {
  test("every write leaves a row, done or refused; reads leave none", async () => {
    const server = await start();
    await ask(server, "/api/v1/jobs");
    await login(server);
    await post(server, "/api/v1/plans", {});
    await post(server, "/api/v1/plans", { nonsense: 1 });
    await post(server, "/api/v1/plans/none/apply", {});
    const rows = server.store.audits.map(({ actor, via, action, result, status }) => [
      actor,
      via,
      action,
      result,
      status,
    ]);
    expect(rows).toEqual([
      ["anna", "session", "login", "ok", 303],
      ["anna", "token", "createPlan", "ok", 201],
      ["anna", "token", "createPlan", "input_invalid", 422],
      ["anna", "token", "applyPlan", "apply_off", 403],
    ]);
    expect(server.store.audits.every((one) => one.address === "127.0.0.1" && one.requestId !== "")).toBe(true);
  });

  test("a write that cannot be noted does not count as done, and an apply does not start", async () => {
    const server = await start({ settings: { apply: true } });
    const made = await post(server, "/api/v1/plans", {});
    server.store.broken = true;
    const answer = await post(server, `${made.headers.location}/apply`, {});
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain("/secret/place");
    expect(server.world.applied).toEqual([]);
  });
});

describe("token file", () => {
  test("holds url and token for the owner alone while the server runs", async () => {
    const folder = await mkdtemp(join(tmpdir(), "headgate-serve-"));
    try {
      const tokenFile = join(folder, ".headgate", "serve-token");
      const server = await start({ deps: { tokenFile } });
      expect((await stat(tokenFile)).mode & 0o777).toBe(0o600);
      const content = await readServeToken(tokenFile);
      expect(content).toMatchObject({ url: server.url, token: server.token, pid: process.pid });
      await server.close();
      expect(await readServeToken(tokenFile)).toBeUndefined();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

test.each([
  ["127.0.0.1:4600", "127.0.0.1", 4600],
  ["[::1]:0", "::1", 0],
  ["localhost:80", "localhost", 80],
  [":4600", undefined, 4600],
  ["*:4600", undefined, 4600],
])("listens on %s", (text, host, port) => {
  expect(parseListen(text)).toEqual({ host, port });
});

test.each(["4600", "localhost", "::1:4600", "localhost:99999", "http://localhost:1", "a b:1"])(
  "does not take %s as an address",
  (text) => {
    expect(() => parseListen(text)).toThrow(expect.objectContaining({ code: "config_invalid" }));
  },
);
