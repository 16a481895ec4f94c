import { expect, test } from "vitest";
import { hashSecret, isToken, newToken, sameHash } from "./token.ts";

test("tokens differ, and carry a checksum that a typing mistake breaks", () => {
  const token = newToken();
  expect(token).toMatch(/^hgt_[A-Za-z0-9_-]{49}$/);
  expect(newToken()).not.toBe(token);
  expect(isToken(token)).toBe(true);
  const other = token[10] === "a" ? "b" : "a";
  expect(isToken(`${token.slice(0, 10)}${other}${token.slice(11)}`)).toBe(false);
  expect(isToken(token.slice(0, -1))).toBe(false);
  expect(isToken("")).toBe(false);
});

test("only equal hashes are the same", () => {
  expect(sameHash(hashSecret("a"), hashSecret("a"))).toBe(true);
  expect(sameHash(hashSecret("a"), hashSecret("b"))).toBe(false);
  expect(sameHash("", hashSecret("a"))).toBe(false);
});
