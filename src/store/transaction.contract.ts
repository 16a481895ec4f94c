/** What every store must do about transactions. */
import { expect, it } from "vitest";
import { onBothStores } from "../../test/stores.ts";
import type { StoredAudit } from "./access.ts";

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

await onBothStores("transactions", (_setting, store) => {
  it("keep all or nothing", async () => {
    await expect(
      store().transaction(async ({ cursors, access }) => {
        await cursors.move("tx", "1");
        await access.addAudit(row("tx"));
        throw new Error("changed my mind");
      }),
    ).rejects.toThrow("changed my mind");
    expect(await store().cursors.find("tx")).toBeUndefined();
    await store().transaction(async ({ cursors, access }) => {
      await cursors.move("tx", "1");
      await access.addAudit(row("tx"));
    });
    expect(await store().cursors.find("tx")).toMatchObject({ value: "1" });
  });

  it("is writable where nothing stands against it, also of the store as it is", async () => {
    expect(await store().isWritable()).toBe(true);
    await store().ping();
  });

  it("refuse the store's own doors inside, which would wait for ever", async () => {
    await expect(store().transaction(() => store().cursors.find("x"))).rejects.toThrow("only the doors it hands out");
    expect(await store().cursors.find("x")).toBeUndefined();
  });
});
