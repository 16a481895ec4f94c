/** The lock, over a workspace's files, with owners that are slow, die, sleep and wake up. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type FakeWorkspace, startFakeWorkspace, type WorkspaceView } from "../../test/fake-workspace.ts";
import type { HeadgateError } from "../errors.ts";
import { systemClock } from "../util/clock.ts";
import { acquireLock, type LockOptions } from "./lock.ts";
import type { HeldLock } from "./lock-hold.ts";

let world: FakeWorkspace;
const held: HeldLock[] = [];
beforeAll(async () => {
  world = await startFakeWorkspace({
    principals: [{ userName: "admin@example.com", admin: true, tokens: ["admin-token"] }],
  });
});
afterEach(async () => {
  world.fake.control.removeFaults();
  for (const lock of held.splice(0)) await lock.release();
});
afterAll(() => world.fake.close());

let folders = 0;
const newFolder = () => `/Workspace/Shared/.headgate/locks/t${++folders}`;

/** A clock that sleeps for real time but may be pushed ahead, as a machine that was suspended. */
function pushableClock() {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    sleep: systemClock.sleep,
    push: (ms: number) => {
      ahead += ms;
    },
  };
}

function take(
  folder: string,
  who: string,
  more: Partial<LockOptions> = {},
  view: WorkspaceView = world,
): Promise<HeldLock> {
  return acquireLock({
    files: view.files,
    folder,
    clock: systemClock,
    clockSkew: view.workspace.clockSkew,
    id: `${who}-${Math.random()}`,
    holder: `${who}@example.com`,
    host: `${who}-laptop`,
    pid: 4711,
    commit: "0123456789abcdef0123",
    ...more,
  }).then((lock) => {
    held.push(lock);
    return lock;
  });
}

/** The numbered lock files that are there. */
const numbers = async (folder: string) => (await world.files.list(folder)).sort();

describe("taking", () => {
  test("a held lock is refused with exit 3, naming holder, host, commit and times; a released one is free", async () => {
    const folder = newFolder();
    const anna = await take(folder, "anna");
    expect([anna.n, anna.takenOver]).toEqual([1, undefined]);
    const refusal = (await take(folder, "ben").catch((error: unknown) => error)) as HeadgateError;
    expect(refusal).toMatchObject({
      code: "lock_held",
      exitCode: 3,
      hint: expect.stringContaining("--break-lock"),
      data: { holder: "anna@example.com", host: "anna-laptop", pid: 4711, n: 1 },
    });
    expect(refusal.message).toMatch(
      /^anna@example\.com on anna-laptop \(pid 4711, commit 0123456789ab\) holds the lock since 20.*Z, until 20.*Z/,
    );
    await anna.release();
    const ben = await take(folder, "ben");
    expect([ben.n, ben.takenOver]).toEqual([2, undefined]);
    expect(await anna.stillMine()).toBe(false);
    expect(await ben.stillMine()).toBe(true);
  });

  test("of 20 takers at the same time exactly one succeeds, also after an expired owner, 5 times in a row", async () => {
    const folder = newFolder();
    for (let round = 1; round <= 5; round++) {
      const takers = Array.from({ length: 20 }, (_, i) => take(folder, `p${i}`).catch((error: HeadgateError) => error));
      const outcomes = await Promise.all(takers);
      const winners = outcomes.filter((outcome) => "release" in outcome);
      const codes = outcomes.flatMap((outcome) => ("release" in outcome ? [] : outcome.code));
      expect(winners).toHaveLength(1);
      expect(codes).toEqual(Array(19).fill("lock_held"));
      // An hour passes in the workspace: nobody renews (a third of five minutes of real time has not passed).
      if (round % 2 === 0) world.fake.control.clock({ advance: 3_600_000 });
      else await winners[0]?.release();
    }
  });

  test("numbers go on above a fence known from the state, though no file is left", async () => {
    const lock = await take(newFolder(), "anna", { fence: 41 });
    expect(lock.n).toBe(42);
  });

  test("a list that lags does not hide a live lock", async () => {
    const folder = newFolder();
    await take(folder, "anna");
    const lagging = { ...world.files, list: async () => [] };
    await expect(take(folder, "ben", { files: lagging })).rejects.toMatchObject({ code: "lock_held" });
  });

  test("a file that is no lock record is refused, and taken over when asked", async () => {
    const folder = newFolder();
    await world.files.write(`${folder}/lock-1.json`, "?");
    await expect(take(folder, "ben")).rejects.toMatchObject({
      code: "lock_held",
      hint: expect.stringContaining("--break-lock"),
    });
    expect((await take(folder, "ben", { breakLock: true })).takenOver).toMatchObject({ why: "unreadable", n: 1 });
  });
});

describe("taking over", () => {
  test("an expired lock is taken over and says from whom; the old owner notices", async () => {
    const folder = newFolder();
    const anna = await take(folder, "anna");
    world.fake.control.clock({ advance: 301_000 });
    await world.files.list(folder); // an answer with the new time
    await expect(take(folder, "early")).rejects.toMatchObject({ code: "lock_held" }); // within the grace of 2 s
    world.fake.control.clock({ advance: 3_000 });
    const ben = await take(folder, "ben");
    expect(ben.n).toBe(2);
    expect(ben.takenOver).toMatchObject({
      why: "expired",
      n: 1,
      record: { holder: "anna@example.com", host: "anna-laptop" },
    });
    expect(await anna.stillMine()).toBe(false);
    await expect(anna.check()).rejects.toMatchObject({
      code: "lock_lost",
      exitCode: 3,
      message: expect.stringContaining("ben@example.com on ben-laptop took it over"),
    });
    expect(anna.lost.aborted).toBe(true);
    await anna.release(); // touches nothing: it is not hers
    expect(await ben.stillMine()).toBe(true);
    await expect(take(folder, "carl")).rejects.toMatchObject({ code: "lock_held" });
  });

  test("an owner that slept past its time has lost the lock, though nobody took it", async () => {
    const clock = pushableClock();
    const anna = await take(newFolder(), "anna", { clock });
    clock.push(299_000);
    expect(await anna.stillMine()).toBe(true);
    clock.push(2_000);
    await expect(anna.renew()).rejects.toMatchObject({ code: "lock_lost" });
    expect(await anna.stillMine()).toBe(false);
  });

  test("a live lock is broken only when asked, and only the one that was seen", async () => {
    const folder = newFolder();
    const anna = await take(folder, "anna");
    const breakers = await Promise.all(
      ["ben", "carl", "dora"].map((who) =>
        take(folder, who, { breakLock: true }).catch((error: HeadgateError) => error),
      ),
    );
    const winners = breakers.filter((outcome) => "release" in outcome);
    expect(winners).toHaveLength(1);
    expect(winners[0]?.takenOver).toMatchObject({ why: "broken", record: { holder: "anna@example.com" } });
    expect(await anna.stillMine()).toBe(false);
  });

  test("a taker that slept between looking and creating steps back from a number that was in use before", async () => {
    const folder = newFolder();
    for (let i = 0; i < 5; i++) await (await take(folder, "quick")).release();
    expect(await numbers(folder)).toEqual(["lock-4.json", "lock-5.json"]);
    const live = await take(folder, "live");
    // What the sleeper saw when it looked: number 2 released, nothing above. Then it sleeps, and creates number 3.
    let looks = 0;
    const sleeper = {
      ...world.files,
      list: async (path: string) => (looks++ === 0 ? ["lock-2.json"] : world.files.list(path)),
      read: async (path: string) => (looks === 1 ? undefined : world.files.read(path)),
      createNew: async (path: string, text: string) => {
        looks++;
        return world.files.createNew(path, text);
      },
    };
    await expect(take(folder, "sleeper", { files: sleeper })).rejects.toMatchObject({
      code: "lock_held",
      data: { holder: "live@example.com" },
    });
    expect(await numbers(folder)).not.toContain("lock-3.json");
    expect(await live.stillMine()).toBe(true);
  });
});

describe("holding", () => {
  test("renewal pushes the end on; it happens by itself at a third of the duration", async () => {
    const folder = newFolder();
    const lock = await take(folder, "anna", { durationMs: 300 });
    const until = async () => JSON.parse((await world.files.read(`${folder}/lock-1.json`)) ?? "{}").expires as string;
    const first = await until();
    await expect.poll(until, { timeout: 10_000, interval: 20 }).not.toBe(first);
    await lock.release();
    expect(JSON.parse((await world.files.read(`${folder}/lock-1.json`)) ?? "{}").released).toBe(true);
  });

  test("an owner that cannot reach the workspace for its whole time is told that the lock is lost", async () => {
    const clock = pushableClock();
    const lock = await take(newFolder(), "anna", { clock, durationMs: 300 });
    world.fake.control.addFault({ count: 0, fault: { kind: "status", status: 403 } });
    await expect.poll(() => lock.lost.aborted, { timeout: 10_000, interval: 20 }).toBe(true);
    expect(lock.lost.reason).toMatchObject({ code: "lock_lost" });
  });

  test("release removes the files below the last two", async () => {
    const folder = newFolder();
    for (let i = 0; i < 6; i++) await (await take(folder, "anna")).release();
    expect(await numbers(folder)).toEqual(["lock-5.json", "lock-6.json"]);
  });
});

describe("lost answers", () => {
  test.each(["drop-after", "drop-before", "malformed"] as const)(
    "%s on the creation: the taker knows its own file",
    async (kind) => {
      const folder = newFolder();
      await (await take(folder, "warm")).release();
      world.fake.control.addFault({ path: "/workspace/import$", fault: { kind } });
      const lock = await take(folder, "anna");
      expect(lock.n).toBe(2);
      expect(await lock.stillMine()).toBe(true);
      await expect(take(folder, "ben")).rejects.toMatchObject({ code: "lock_held" });
    },
  );

  test("a lost answer does not lose the right to break", async () => {
    const folder = newFolder();
    await take(folder, "anna");
    world.fake.control.addFault({ path: "/workspace/import$", fault: { kind: "drop-before" } });
    expect((await take(folder, "ben", { breakLock: true })).takenOver?.why).toBe("broken");
  });

  test("20 takers, of whom the first three lose their answers: still one winner", async () => {
    const folder = newFolder();
    await (await take(folder, "warm")).release();
    world.fake.control.addFault({ path: "/workspace/import$", count: 3, fault: { kind: "drop-after" } });
    const takers = Array.from({ length: 20 }, (_, i) => take(folder, `p${i}`).catch((error: HeadgateError) => error));
    const outcomes = await Promise.all(takers);
    expect(outcomes.filter((outcome) => "release" in outcome)).toHaveLength(1);
  });

  test("a folder we may not write is forbidden, not held", async () => {
    world.fake.control.addPrincipal({ userName: "anna@example.com", tokens: ["anna-token"] });
    const view = world.openAs("anna-token");
    const folder = "/Workspace/Users/admin@example.com/.headgate/x/y";
    await world.files.write(`${folder}/state.json`, "{}");
    await expect(take(folder, "anna", {}, view)).rejects.toMatchObject({ code: "forbidden", exitCode: 77 });
  });
});
