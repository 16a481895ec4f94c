/** Every kind of change, applied by one principal from two machines at the same time, request by request in a seeded order: it ends as declared. */
import { describe, expect, it } from "vitest";
import { numbers, sample } from "../sample.ts";
import { seeded } from "../seeded.ts";
import { expectEnd, type Kind, kinds, openKind } from "./change-kinds.ts";
import { gate, persist } from "./gate.ts";
import { openLaptop } from "./laptop.ts";

/** @returns exit codes of both, and of one more apply */
async function play(kind: Kind, seed: number): Promise<number[][]> {
  const { fake, base } = await openKind(kind, {});
  const { gated, working, drive, stop } = gate(seeded(seed), fake.fetch);
  const open = (name: string) => openLaptop({ ...base, ...kind.after, name, fetch: gated, working });
  const laptops = [open("laptop"), open("pipeline")];
  const driver = drive();
  try {
    const codes = await Promise.all(laptops.map((laptop) => persist(laptop, 12, kind.options)));
    codes.push(...(await Promise.all(laptops.slice(1).map((laptop) => persist(laptop, 3, kind.options)))));
    const label = `${kind.name}, seed ${seed}, exit codes ${JSON.stringify(codes)}`;
    expect(
      codes.map((list) => list.at(-1)),
      label,
    ).toEqual([0, 0, 0]);
    expectEnd(kind, fake, label);
    return codes;
  } finally {
    stop();
    await driver;
    for (const laptop of laptops) laptop.throwAway();
    await fake.close();
  }
}

describe("two machines that apply the same change at once end as declared:", () => {
  it.each(kinds().map((kind) => [kind.name, kind] as const))(
    "%s",
    async (name, kind) => {
      let refused = 0;
      const seeds = sample(`${name}, seeded interleavings`, numbers(1, 30), 3);
      for (const seed of seeds) refused += (await play(kind, seed)).flat().filter((code) => code === 3).length;
      // The seeds must bring the two into each other's way, or this proves nothing.
      expect(refused).toBeGreaterThan(0);
    },
    300_000,
  );
});
