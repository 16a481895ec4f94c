import { expect, test } from "vitest";
import { fieldLine } from "./field.ts";

const line = (field: Parameters<typeof fieldLine>[0]) => {
  const { sign, path, text } = fieldLine(field);
  return `${sign} ${path}  ${text}`;
};

test("declared: changed, new, gone", () => {
  expect(line({ path: "a", kind: "declared", before: 1, after: "1" })).toBe('~ a  1 → "1"');
  expect(line({ path: "a", kind: "declared", after: null })).toBe("+ a  null");
  expect(line({ path: "a", kind: "declared", before: { b: [1] } })).toBe('- a  {"b":[1]}');
});

test("drift: what was applied, what was found, what will be", () => {
  expect(line({ path: "a", kind: "drift", before: 1, actual: 2, after: 1 })).toBe("! a  1, found 2 → 1 (drift)");
  expect(line({ path: "a", kind: "drift", before: 1, after: 1 })).toBe("! a  1, found nothing → 1 (drift)");
  expect(line({ path: "a", kind: "drift", after: 1 })).toBe("! a  found nothing → 1 (drift)");
  expect(line({ path: "a", kind: "drift", actual: 5 })).toBe("! a  found 5 → removed (drift)");
});

test("conflict: both moved", () => {
  expect(line({ path: "a", kind: "conflict", before: 1, actual: 2, after: 3 })).toBe("! a  1, found 2 → 3 (conflict)");
});

test("drift to the value that is declared now needs no arrow", () => {
  expect(line({ path: "a", kind: "conflict", before: 1, actual: 3, after: 3 })).toBe("! a  1, found 3 (conflict)");
});

test("integers beyond 2^53 keep their digits, long values are cut and say how long they are", () => {
  expect(line({ path: "a", kind: "declared", after: 9007199254740993n })).toBe('+ a  "9007199254740993"');
  expect(fieldLine({ path: "a", kind: "declared", after: "y".repeat(5000) }, 10).text).toBe(
    '"yyyyyyyy… (5,002 characters)',
  );
});
