import { expect, test } from "vitest";
import { type Credentials, createIdentify, trustedAddresses } from "./identify.ts";
import { createSessions } from "./session.ts";
import { hashSecret, newToken } from "./token.ts";
import type { TokenRow, TokenStore } from "./tokens.ts";

const row = (token: string, more: Partial<TokenRow> = {}): TokenRow => ({
  id: more.name ?? "1",
  name: "ci",
  hash: hashSecret(token),
  scopes: ["read"],
  createdAt: "",
  createdBy: "",
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  ...more,
});

function setting(rows: TokenRow[] = []) {
  const clock = { at: 1_000_000, now: () => clock.at, sleep: async () => undefined };
  const touched: string[] = [];
  const tokens: TokenStore = {
    addToken: async () => undefined,
    findToken: async (hash) => rows.find((one) => one.hash === hash),
    listTokens: async () => rows,
    revokeToken: async () => undefined,
    touchToken: async (_id, at) => void touched.push(at),
  };
  const sessions = createSessions(clock);
  const own = { token: newToken(), actor: "anna" };
  const proxy = { header: "X-Forwarded-Email", trusted: ["10.0.0.0/8", "::1"] };
  const identify = createIdentify({ tokens, sessions, clock, own, proxy });
  const ask = (given: Partial<Credentials> & { headers?: Record<string, string> }) =>
    identify({
      authorization: undefined,
      session: undefined,
      address: "127.0.0.1",
      header: (name) => given.headers?.[name],
      ...given,
    });
  return { ask, sessions, clock, own, touched };
}

test("the server's own token may do everything, a token of the store what it says", async () => {
  const token = newToken();
  const { ask, own } = setting([row(token)]);
  expect(await ask({ authorization: `Bearer ${own.token}` })).toMatchObject({ principal: { actor: "anna" } });
  expect(await ask({ authorization: `bearer ${token}` })).toMatchObject({
    principal: { actor: "token ci", scopes: ["read"], via: "token" },
  });
});

test("a bearer that is wrong is refused, never passed over for the cookie", async () => {
  const { ask, sessions } = setting();
  const session = sessions.start({ actor: "anna", scopes: ["admin"] });
  for (const authorization of [`Bearer ${newToken()}`, "Bearer x", "Bearer ", "Basic YTpi", ""]) {
    expect(await ask({ authorization, session })).toEqual({ refused: "token_invalid" });
  }
});

test("a session made with a token ends with the token, and never may do more than it", async () => {
  const token = newToken();
  const one = row(token, { scopes: ["write"] });
  const { ask, sessions } = setting([one]);
  const session = sessions.start({ actor: "token ci", scopes: ["write"], tokenHash: hashSecret(token) });
  expect(await ask({ session })).toMatchObject({ principal: { via: "session", scopes: ["write"] } });
  one.scopes = ["read"];
  expect(await ask({ session })).toMatchObject({ principal: { scopes: ["read"] } });
  one.revokedAt = "2026-11-20T06:00:00.000Z";
  expect(await ask({ session })).toBeUndefined();
});

test("the proxy's header counts from its addresses only", async () => {
  const { ask } = setting();
  const headers = { "X-Forwarded-Email": "anna@example.com" };
  const principal = { actor: "anna@example.com", via: "proxy", scopes: ["read", "write"] };
  expect(await ask({ address: "10.1.2.3", headers })).toEqual({ principal });
  expect(await ask({ address: "::1", headers })).toEqual({ principal });
  expect(await ask({ address: "11.0.0.1", headers })).toBeUndefined();
  expect(await ask({ address: "", headers })).toBeUndefined();
  expect(await ask({ address: "10.1.2.3", headers: { "X-Forwarded-Email": " " } })).toBeUndefined();
});

test("addresses and networks, nothing else", () => {
  const trusted = trustedAddresses(["192.168.1.4", "fd00::/8"]);
  expect([trusted("192.168.1.4"), trusted("192.168.1.5"), trusted("fd12::1"), trusted("nonsense")]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  for (const bad of ["proxy.local", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/", ""]) {
    expect(() => trustedAddresses([bad])).toThrow(expect.objectContaining({ code: "config_invalid" }));
  }
});

test("last use is written once a minute, not at every request", async () => {
  const token = newToken();
  const { ask, clock, touched } = setting([row(token)]);
  const authorization = `Bearer ${token}`;
  await ask({ authorization });
  await ask({ authorization });
  expect(touched).toHaveLength(1);
  clock.at += 60_000;
  await ask({ authorization });
  expect(touched).toHaveLength(2);
});
