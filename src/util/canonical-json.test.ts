/** The quick canonical text is that of `stableJson`, whatever names, orders and values a JSON text has. */
import { expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import { stableJson } from "./stable-json.ts";

const NAMES = [
  "a",
  "b",
  "B",
  "ab",
  "é",
  "\u2028",
  "",
  "10",
  "9",
  "__proto__",
  "toJSON",
  "constructor",
  '"',
  "\\",
  "\uD800",
];
const PLAIN = [
  "1",
  "-0",
  "1.50",
  "1e3",
  "1e999",
  "12345678901234567890",
  "true",
  "null",
  '"x\\u0041"',
  '"\\ud800"',
  '""',
];

/** Numbers below `most` from a seed, always the same. */
function numbers(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % most;
  };
}

function text(pick: (most: number) => number, depth: number): string {
  const kind = depth === 0 ? 0 : pick(3);
  const many = pick(5);
  if (kind === 0) return PLAIN[pick(PLAIN.length)] as string;
  const inner = Array.from({ length: many }, () => text(pick, depth - 1));
  if (kind === 1) return `[${inner.join(" , ")}]`;
  return `{ ${inner.map((one) => `${JSON.stringify(NAMES[pick(NAMES.length)])}: ${one}`).join(",\n")} }`;
}

it("says what stableJson says, for texts of every make", () => {
  const pick = numbers(7);
  let odd = 0;
  for (let round = 0; round < 3_000; round += 1) {
    const json = text(pick, 4);
    if (json.includes("__proto__")) odd += 1;
    expect(canonicalJson(JSON.parse(json)), json).toBe(stableJson(JSON.parse(json)));
  }
  expect(odd).toBeGreaterThan(100);
});

it("gives texts of one value one text", () => {
  const one = '{"run":{"runId":"r","facets":{"b":[{"y":1.0,"x":null}],"a":{}}},"eventTime":"t"}';
  const other = '{ "eventTime":"\\u0074", "run":{"facets":{"a":{ },"b":[{"x":null,"y":1}]},"runId":"r"}}';
  expect(canonicalJson(JSON.parse(one))).toBe(canonicalJson(JSON.parse(other)));
  expect(canonicalJson(JSON.parse(one))).toBe(
    '{"eventTime":"t","run":{"facets":{"a":{},"b":[{"x":null,"y":1}]},"runId":"r"}}',
  );
});
