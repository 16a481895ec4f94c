/** What every store must do about tokens and audit rows. */
import { expect, it } from "vitest";
import { onBothStores } from "../../test/stores.ts";
import type { StoredAudit, StoredToken } from "./access.ts";

const token = (id: string, createdAt = "2026-11-21T06:30:00.000Z"): StoredToken => ({
  id,
  name: `ci-${id}`,
  hash: id.repeat(8),
  scopes: ["read", "write"],
  createdAt,
  createdBy: "anna",
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
});

const row = (id: string): StoredAudit => ({
  id,
  at: "2026-11-21T06:30:00.000Z",
  actor: "anna",
  via: "token",
  address: "127.0.0.1",
  action: "applyPlan",
  subject: "plans/1",
  result: "ok",
  status: 202,
  requestId: "r1",
});

await onBothStores("access", (_setting, store) => {
  it("finds a token by its hash, revokes it once and for all, lists all newest first", async () => {
    const { access } = store();
    await access.addToken(token("t1"));
    await access.addToken(token("t2", "2026-11-22T06:30:00.000Z"));
    await access.touchToken("t1", "2026-11-23T00:00:00.000Z");
    await access.revokeToken("t1", "2026-11-24T00:00:00.000Z");
    await access.revokeToken("t1", "2026-11-25T00:00:00.000Z");
    expect(await access.findToken(token("t1").hash)).toEqual({
      ...token("t1"),
      lastUsedAt: "2026-11-23T00:00:00.000Z",
      revokedAt: "2026-11-24T00:00:00.000Z",
    });
    expect(await access.findToken("no such hash")).toBeUndefined();
    expect((await access.listTokens()).map((one) => one.id)).toEqual(["t2", "t1"]);
    await expect(access.addToken({ ...token("t3"), hash: token("t1").hash })).rejects.toThrow();
  });

  it("numbers rows in commit order and takes each id once", async () => {
    const { access } = store();
    await Promise.all(["u1", "u2", "u3", "u1"].map((id) => access.addAudit(row(id))));
    const rows = await access.auditAfter(0, 10);
    expect(rows.map((one) => one.seq)).toEqual([1, 2, 3]);
    expect(new Set(rows.map((one) => one.id))).toEqual(new Set(["u1", "u2", "u3"]));
    const { seq: _seq, ...first } = rows[0] as StoredAudit & { seq: number };
    expect(first).toEqual(row(first.id));
    expect((await access.auditAfter(2, 10)).map((one) => one.seq)).toEqual([3]);
    expect((await access.listAudit({ actor: "anna", limit: 1 })).map((one) => one.seq)).toEqual([3]);
    expect(await access.listAudit({ action: "login" })).toEqual([]);
  });
});
