/** What every store must do about cursors and leases. */
import { expect, it } from "vitest";
import { onBothStores } from "../../test/stores.ts";

await onBothStores("cursors", (setting, store) => {
  it("moves, lists and forgets", async () => {
    const { cursors } = store();
    await cursors.move("lineage/redshift", "10");
    await cursors.move("lineage/redshift", "20");
    await cursors.move("runs/adf", "x");
    expect(await cursors.find("lineage/redshift")).toMatchObject({ value: "20" });
    expect((await cursors.list("lineage/")).map((one) => one.name)).toEqual(["lineage/redshift"]);
    await cursors.remove("runs/adf");
    expect(await cursors.find("runs/adf")).toBeUndefined();
  });

  it("has one leader at a time, and refuses the writes of one that lost its lease unaware", async () => {
    let now = Date.parse("2026-11-21T06:30:00.000Z");
    const clock = { now: () => now, sleep: async () => {} };
    const one = await setting.open(undefined, { clock });
    const first = await one.cursors.acquireLease("leader", "host-1", 30_000);
    expect(first).toMatchObject({ fence: 1, holder: "host-1" });
    expect(await one.cursors.acquireLease("leader", "host-2", 30_000)).toBeUndefined();
    now += 20_000;
    expect(await one.cursors.renewLease(first as never, 30_000)).toMatchObject({
      expiresAt: "2026-11-21T06:30:50.000Z",
    });
    now += 31_000;
    const second = await one.cursors.acquireLease("leader", "host-2", 30_000);
    expect(second).toMatchObject({ fence: 2, holder: "host-2" });
    expect(await one.cursors.renewLease(first as never, 30_000)).toBeUndefined();
    await expect(one.cursors.move("c", "1", first)).rejects.toMatchObject({ code: "lock_lost" });
    await one.cursors.move("c", "2", second);
    await one.cursors.releaseLease(first as never);
    expect(await one.cursors.findLease("leader")).toMatchObject({ holder: "host-2" });
    await one.cursors.releaseLease(second as never);
    expect(await one.cursors.findLease("leader")).toBeUndefined();
    expect(await one.cursors.acquireLease("leader", "host-1", 30_000)).toMatchObject({ fence: 3 });
  });

  it("gives a free lease to exactly one of many who ask at once", async () => {
    const target = await setting.target();
    const [one, two] = [await setting.open(target), await setting.open(target)];
    const asked = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? one : two).cursors.acquireLease("sweep", `host-${n}`, 30_000)),
    );
    expect(asked.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it("keeps any text: quotes, NUL, emoji, a megabyte", async () => {
    const { cursors } = store();
    const text = `'";\\ \u0000 🌙 ${"é".repeat(500_000)}`;
    await cursors.move("text", text);
    expect((await cursors.find("text"))?.value).toBe(text.replace("\u0000", "\uFFFD"));
  });
});
