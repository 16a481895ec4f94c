import { expect, test } from "vitest";
import { HeadgateError } from "../errors.ts";
import type { Clock } from "../util/clock.ts";
import { allows } from "./scope.ts";
import {
  createToken,
  findToken,
  listTokens,
  presentedHash,
  revokeToken,
  type TokenRow,
  type TokenStore,
} from "./tokens.ts";

function setting(): { store: TokenStore; rows: TokenRow[]; clock: Clock & { at: number } } {
  const rows: TokenRow[] = [];
  const change = (id: string, change: Partial<TokenRow>) => {
    for (const row of rows) if (row.id === id) Object.assign(row, change);
  };
  const clock = { at: Date.parse("2026-11-20T06:00:00Z"), now: () => clock.at, sleep: async () => undefined };
  return {
    rows,
    clock,
    store: {
      addToken: async (row) => void rows.push(row),
      findToken: async (hash) => rows.find((row) => row.hash === hash),
      listTokens: async () => rows,
      revokeToken: async (id, at) => change(id, { revokedAt: at }),
      touchToken: async (id, at) => change(id, { lastUsedAt: at }),
    },
  };
}

test("a token is shown once and kept only as a hash", async () => {
  const { store, rows, clock } = setting();
  const { token, view } = await createToken(store, clock, { name: "ci", scopes: ["write"], by: "anna" });
  expect(JSON.stringify(rows)).not.toContain(token);
  expect(view).not.toHaveProperty("hash");
  expect(JSON.stringify(await listTokens(store))).not.toContain(rows[0]?.hash);
  const found = await findToken(store, clock, presentedHash(token) ?? "");
  expect(found).toMatchObject({ name: "ci", scopes: ["write"] });
});

test("revoked and ended tokens are not found", async () => {
  const { store, clock } = setting();
  const kept = await createToken(store, clock, { name: "kept", scopes: ["read"], by: "anna" });
  const gone = await createToken(store, clock, { name: "gone", scopes: ["read"], by: "anna" });
  const short = await createToken(store, clock, { name: "short", scopes: ["read"], by: "anna", lifeMs: 60_000 });
  const find = (token: string) => findToken(store, clock, presentedHash(token) ?? "");
  expect(await find(short.token)).toBeDefined();
  clock.at += 60_000;
  expect(await find(short.token)).toBeUndefined();
  expect((await revokeToken(store, clock, "gone")).revokedAt).toBe("2026-11-20T06:01:00.000Z");
  expect(await find(gone.token)).toBeUndefined();
  expect(await find(kept.token)).toBeDefined();
});

test("a revoked name may be used again, a living one not", async () => {
  const { store, clock } = setting();
  const options = { name: "ci", scopes: ["read"], by: "anna" };
  await createToken(store, clock, options);
  await expect(createToken(store, clock, options)).rejects.toMatchObject({ code: "usage" });
  await revokeToken(store, clock, "ci");
  const second = await createToken(store, clock, options);
  expect((await revokeToken(store, clock, "ci")).id).toBe(second.view.id);
});

test("mistakes are answered with the nearest word", async () => {
  const { store, clock } = setting();
  await createToken(store, clock, { name: "nightly-ci", scopes: ["read"], by: "anna" });
  const hint = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error instanceof HeadgateError ? `${error.code}: ${error.hint}` : error;
  };
  expect(await hint(createToken(store, clock, { name: "x", scopes: ["aply"], by: "anna" }))).toBe(
    "usage: Did you mean apply?",
  );
  expect(await hint(createToken(store, clock, { name: "x", scopes: [], by: "anna" }))).toContain(
    "read, write, apply, admin",
  );
  expect(await hint(revokeToken(store, clock, "nigtly-ci"))).toBe("not_found: Did you mean nightly-ci?");
});

test("a scope includes those before it", () => {
  expect(allows(["apply"], "write")).toBe(true);
  expect(allows(["read"], "write")).toBe(false);
  expect(allows(["admin"], "apply")).toBe(true);
  expect(allows([], "read")).toBe(false);
});
