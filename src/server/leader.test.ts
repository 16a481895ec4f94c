/** One of several servers leads; another takes over when it ends or is killed. */
import { afterAll, describe, expect, it } from "vitest";
import { onBothStores } from "../../test/stores.ts";
import { systemClock } from "../util/clock.ts";
import { type Leader, type LeaderLeases, startLeader } from "./leader.ts";

const LEASE = 300;

/** Resolves when something holds, at the latest after ten seconds. */
async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error("it never held");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A server's part, with what its loop did. */
function server(
  leases: LeaderLeases,
  name: string,
  turns: string[],
): { leader: Leader; fences: (number | undefined)[]; errors: string[] } {
  const fences: (number | undefined)[] = [];
  const errors: string[] = [];
  const leader = startLeader({
    leases,
    clock: systemClock,
    name: "leader/test",
    holder: name,
    leaseMs: LEASE,
    loops: [
      {
        name: "work",
        everyMs: 5,
        async turn() {
          turns.push(name);
        },
      },
    ],
    onLead: (fence) => fences.push(fence),
    onError: (loop, error) => errors.push(`${loop}: ${error}`),
  });
  return { leader, fences, errors };
}

await onBothStores("leading", (setting) => {
  const running: Leader[] = [];
  afterAll(() => Promise.all(running.map((leader) => leader.stop())));

  it("lets one server work, and the other when the first stops", async () => {
    const { cursors } = await setting.open();
    const turns: string[] = [];
    const first = server(cursors, "first", turns);
    await until(() => first.leader.leads);
    const second = server(cursors, "second", turns);
    running.push(second.leader);
    await until(() => turns.length > 20);
    expect(new Set(turns)).toEqual(new Set(["first"]));
    expect(second.leader.leads).toBe(false);
    await first.leader.stop();
    const before = turns.length;
    await until(() => turns.length > before + 5);
    expect(new Set(turns.slice(before))).toEqual(new Set(["second"]));
    expect([...first.fences, ...second.fences]).toEqual([1, undefined, 2]);
  });

  it("takes over from a server that was killed, and not before its lease is over", async () => {
    const { cursors } = await setting.open();
    const turns: string[] = [];
    // Killed: it holds the lease and will never renew it.
    const dead = await cursors.acquireLease("leader/test", "dead", LEASE);
    const next = server(cursors, "next", turns);
    running.push(next.leader);
    await until(() => next.leader.leads);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(dead?.expiresAt ?? ""));
    expect(next.fences).toEqual([2]);
  });

  it("ends its loops when somebody else has the lease, and when the store is silent for too long", async () => {
    const { cursors } = await setting.open();
    const turns: string[] = [];
    let silent = false;
    const leases: LeaderLeases = {
      acquireLease: (...given) => (silent ? Promise.reject(new Error("no store")) : cursors.acquireLease(...given)),
      renewLease: (...given) => (silent ? Promise.reject(new Error("no store")) : cursors.renewLease(...given)),
      releaseLease: (...given) => (silent ? Promise.reject(new Error("no store")) : cursors.releaseLease(...given)),
    };
    const only = server(leases, "only", turns);
    running.push(only.leader);
    await until(() => only.leader.leads);
    silent = true;
    await until(() => !only.leader.leads);
    const ended = turns.length;
    expect(only.errors).toContain("lease: Error: no store");
    const other = await cursors.acquireLease("leader/test", "other", LEASE * 20);
    silent = false;
    if (other === undefined) await until(() => only.leader.leads);
    else {
      await new Promise((resolve) => setTimeout(resolve, LEASE));
      expect(turns.length).toBe(ended);
    }
  });
});

describe("a loop", () => {
  it("goes on after a turn that failed, and tells of it", async () => {
    const lease = { name: "x", holder: "a", fence: 1, expiresAt: new Date(Date.now() + 60_000).toISOString() };
    const leases: LeaderLeases = {
      acquireLease: async () => lease,
      renewLease: async () => lease,
      releaseLease: async () => undefined,
    };
    let turns = 0;
    const errors: string[] = [];
    const leader = startLeader({
      leases,
      clock: systemClock,
      name: "x",
      holder: "a",
      loops: [
        {
          name: "fails",
          everyMs: 1,
          async turn() {
            turns += 1;
            throw new Error("platform is away");
          },
        },
      ],
      onError: (loop, error) => errors.push(`${loop}: ${error}`),
    });
    await until(() => turns > 3);
    await leader.stop();
    expect(errors[0]).toBe("fails: Error: platform is away");
    expect(leader.leads).toBe(false);
  });
});
