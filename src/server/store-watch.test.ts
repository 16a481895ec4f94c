/** What the server says of a store that takes no writes. */
import { expect, test } from "vitest";
import { watchStore } from "./store-watch.ts";
import { ask, start } from "./testing/start.ts";

test("a store that takes no writes is told in the status", async () => {
  const server = await start();
  expect((await ask(server, "/api/v1/status")).json()).toMatchObject({ storeReadOnly: false });
  const other = await start();
  other.store.readOnly = true;
  expect((await ask(other, "/api/v1/status")).json()).toMatchObject({ storeReadOnly: true });
});

test("it is looked at not more often than every 15 seconds, and once for all who ask", async () => {
  let [now, looks] = [0, 0];
  const clock = { now: () => now, sleep: async () => undefined };
  const watch = watchStore({ isWritable: async () => ++looks < 2 }, clock);
  await Promise.all([watch.look(), watch.look()]);
  now = 14_000;
  await watch.look();
  expect([looks, watch.readOnly]).toEqual([1, false]);
  now = 15_000;
  await watch.look();
  expect([looks, watch.readOnly]).toEqual([2, true]);
});
