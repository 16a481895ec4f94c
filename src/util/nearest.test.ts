import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test("finds a word with one slip, also two letters exchanged", () => {
  expect(nearest("paln", ["plan", "apply", "list"])).toBe("plan");
  expect(nearest("max_retrys", ["max_retries", "name"])).toBe("max_retries");
  expect(nearest("maxRetries", ["max_retries", "name"])).toBe("max_retries");
});

test("says nothing when nothing is near", () => {
  expect(nearest("frobnicate", ["plan", "apply"])).toBeUndefined();
  expect(nearest("x", [])).toBeUndefined();
});
