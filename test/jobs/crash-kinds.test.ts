/** Applies of every kind of change that die or lose an answer at a request: the next apply ends with what is declared. */
import { describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/util/clock.ts";
import { numbers, sample } from "../sample.ts";
import { expectEnd, type Kind, kinds, openKind } from "./change-kinds.ts";
import { doomedFetch, FATES, type Fate } from "./doomed.ts";
import { openLaptop } from "./laptop.ts";

/** Waits for a repeat are short here: what counts is that there is one. */
const BRISK: Clock = {
  now: systemClock.now,
  sleep: (milliseconds, signal) => systemClock.sleep(milliseconds > 10_000 ? milliseconds : milliseconds / 20, signal),
};
const QUICK = { clock: BRISK, settleMs: 30 };

/** Plays one fate, and one more apply. @returns how many requests the apply made */
async function play(kind: Kind, fate: Fate, nth: number): Promise<number> {
  const { fake, base, dir } = await openKind(kind, QUICK);
  const label = `${kind.name}: ${fate} request ${nth}`;
  try {
    const doomed = doomedFetch(fake.fetch, fate, nth);
    const victim = openLaptop({ ...base, ...kind.after, dir, fetch: doomed.fetch });
    const plan = await victim.room.plan({ checkPermissions: true });
    doomed.arm();
    await Promise.race([victim.room.apply(plan, kind.options).catch(() => undefined), doomed.death]);
    const again = openLaptop({ ...base, ...kind.after, dir });
    // Permissions that were not set are seen by a plan that is asked to compare them.
    const report = await again.room.apply(await again.room.plan({ checkPermissions: true }), kind.options);
    expect(report.exitCode, label).toBe(0);
    expectEnd(kind, fake, label);
    const rest = await again.room.plan({ checkPermissions: true });
    expect(
      rest.changes.filter((change) => change.action !== "noop"),
      label,
    ).toEqual([]);
    if (kind.name === "deletions") {
      const back = await again.room.apply(await again.room.planRollback("b"));
      expect(back.exitCode, label).toBe(0);
      const undone = fake.control.jobs().find(({ settings }) => settings.name === "B");
      expect(undone?.settings.description, label).toBe("by hand");
    }
    again.throwAway();
    return doomed.requests();
  } finally {
    await fake.close();
  }
}

describe("an apply that dies or loses an answer is finished by the next one:", () => {
  it.each(kinds().map((kind) => [kind.name, kind] as const))(
    "%s",
    async (name, kind) => {
      const made = await play(kind, "dies before", Number.POSITIVE_INFINITY);
      expect(made).toBeGreaterThan(8);
      for (const [index, fate] of FATES.entries())
        for (const nth of sample(`${name}, ${fate} a request`, numbers(1, made), 2, 0.2 + index / 4))
          await play(kind, fate, nth);
    },
    600_000,
  );
});
