import { expect, it } from "vitest";
import { layoutMap } from "./map-layout.ts";

/** A random estate in layers, with some links that lead back. */
function estate(count: number): { from: number[]; to: number[] } {
  let state = 7;
  const roll = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const [from, to]: [number[], number[]] = [[], []];
  for (let edge = 0; edge < count * 1.5; edge += 1) {
    from.push(roll(count));
    to.push(roll(count));
  }
  return { from, to };
}

it("leads from left to right, and puts no box on another", () => {
  const { from, to } = estate(400);
  const { x, y, width, height, box } = layoutMap(400, from, to);
  const taken = new Set<string>();
  for (let node = 0; node < 400; node += 1) {
    taken.add(`${x[node]} ${y[node]}`);
    expect((x[node] as number) + box.width).toBeLessThanOrEqual(width);
    expect((y[node] as number) + box.height).toBeLessThanOrEqual(height);
  }
  expect(taken.size).toBe(400);
  const chain = layoutMap(4, [0, 1, 2], [1, 2, 3]);
  expect([...chain.x]).toEqual([...chain.x].sort((a, b) => a - b));
});

it("folds a layer that is far higher than wide", () => {
  const many = 3_000;
  const star = layoutMap(
    many + 1,
    Array.from({ length: many }, (_, index) => index),
    Array.from({ length: many }, () => many),
  );
  expect(star.width / star.height).toBeGreaterThan(1);
  expect(star.width / star.height).toBeLessThan(3);
});

it("keeps what feeds one another in a circle together, and does not draw a long chain as a thread", () => {
  const circle = layoutMap(4, [0, 1, 2, 2], [1, 2, 1, 3]);
  expect(circle.x[0]).toBeLessThan(circle.x[1] as number);
  expect(Math.max(circle.x[1] as number, circle.x[2] as number)).toBeLessThan(circle.x[3] as number);
  const many = 2_000;
  const steps = Array.from({ length: many - 1 }, (_, index) => index);
  const chain = layoutMap(
    many,
    steps,
    steps.map((step) => step + 1),
  );
  expect(chain.width / chain.height).toBeLessThan(10);
  const { from, to } = estate(5_000);
  const tangle = layoutMap(5_000, from, to);
  expect(tangle.width / tangle.height).toBeLessThan(4);
});

it("spreads a few boxes over a window, with letters that are read in it", () => {
  const layers = Array.from({ length: 7 }, (_, layer) => Array.from({ length: 9 }, (_, at) => layer * 9 + at));
  const from = layers.slice(0, -1).flat();
  const { width, height, box } = layoutMap(
    63,
    from,
    from.map((node) => node + 9),
  );
  expect(width / height).toBeLessThan(2.2);
  const scale = Math.min(1_140 / width, 700 / height);
  expect(scale * box.font).toBeGreaterThan(11);
});

it("gives the same picture again, also of nothing", () => {
  const { from, to } = estate(200);
  expect(layoutMap(200, from, to)).toEqual(layoutMap(200, from, to));
  expect(layoutMap(0, [], [])).toMatchObject({ width: 0, height: 0 });
});
