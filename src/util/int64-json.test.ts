import { parse } from "lossless-json";
import { describe, expect, it } from "vitest";
import { seededDice } from "../../test/seeded.ts";
import { formatWireJson, parseJson } from "./int64-json.ts";
import type { Json } from "./json.ts";

const LARGE = 9_007_199_254_740_993n;

const TEXTS = [
  "",
  "plain",
  "1234567890123456789",
  'a "quoted": 1234567890123456789, b',
  "ends with a backslash \\",
  '\\": 1234567890123456789',
  ",12345678901234567890]",
  "\x7F123",
  "\n\t\u0001",
  "ünï 🎈",
];
const NUMBERS = [
  "0",
  "-1",
  "1.5",
  "1e3",
  "9007199254740991",
  "-9007199254740991",
  "9007199254740992",
  "1234567890123456789",
];
const ODD = [
  "-9223372036854775808",
  "0.12345678901234567890",
  "1234567890123456789.5",
  "1e-1234567890123456789",
  "12345678901234567e2",
];

/** A JSON text drawn by `below`, with blanks in places. */
function textOf(below: (count: number) => number, depth = 0): string {
  const blank = () => ["", "", " ", "\n  "][below(4)] as string;
  const kind = below(depth > 3 ? 4 : 7);
  const pick = (from: readonly string[]) => from[below(from.length)] as string;
  if (kind === 0) return pick(["null", "true", "false"]);
  if (kind === 1) return JSON.stringify(pick(TEXTS));
  if (kind === 2) return pick(NUMBERS);
  if (kind === 3) return pick(ODD);
  const inner = () => `${blank()}${textOf(below, depth + 1)}${blank()}`;
  if (kind === 4) return `[${Array.from({ length: below(4) }, inner).join(",")}]`;
  const members = Array.from({ length: below(5) }, (_, index) => {
    return `${blank()}${JSON.stringify(`${pick(TEXTS)}${index}`)}${blank()}:${inner()}`;
  });
  return `{${members.join(",")}}`;
}

/** What a parser that looks at each character makes of it. */
const carefully = (text: string): Json =>
  parse(text, undefined, (digits) => {
    const value = Number(digits);
    return Number.isSafeInteger(value) || !/^-?\d+$/.test(digits) ? value : BigInt(digits);
  }) as Json;

describe("parseJson", () => {
  it("keeps integers that a double cannot hold", () => {
    expect(parseJson(`{"job_id":${LARGE},"n":5}`)).toEqual({ job_id: LARGE, n: 5 });
    expect(parseJson("[-9223372036854775808]")).toEqual([-9_223_372_036_854_775_808n]);
    expect(parseJson("9223372036854775807")).toBe(9_223_372_036_854_775_807n);
  });

  it("leaves digits within strings alone, also behind escaped quotes", () => {
    const value = { text: 'a":1234567890123456789,"', path: "\\", other: "1234567890123456789" };
    expect(parseJson(JSON.stringify(value))).toEqual(value);
  });

  it("leaves strings alone that look like its own marks, raw or spelt", () => {
    expect(parseJson(`{"a":"\x7F1","b":${LARGE}}`)).toEqual({ a: "\x7F1", b: LARGE });
    expect(parseJson(`{"a":"\\u007F1","b":${LARGE}}`)).toEqual({ a: "\x7F1", b: LARGE });
    expect(parseJson(`{"a":"\\u007f1","b":${LARGE}}`)).toEqual({ a: "\x7F1", b: LARGE });
  });

  it("keeps a member named __proto__ an own one", () => {
    const value = parseJson(`{"__proto__":${LARGE}}`) as object;
    expect(Object.entries(value)).toEqual([["__proto__", LARGE]]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it("reads what a careful parser reads, and writes it back, for texts of all kinds", () => {
    const below = seededDice(7);
    let large = 0;
    for (let round = 0; round < 3_000; round += 1) {
      const text = textOf(below);
      const value = parseJson(text);
      expect(value, text).toEqual(carefully(text));
      const written = formatWireJson(value);
      expect(formatWireJson(parseJson(written)), text).toBe(written);
      if (/\d{16}/.test(text)) large += 1;
    }
    expect(large).toBeGreaterThan(500);
  });

  it.each([
    "{1234567890123456789:1}",
    "{1234567890123456789}",
    "[01234567890123456789]",
    "[--1234567890123456789]",
    "[+1234567890123456789]",
    "[1234567890123456789x]",
    "[a1234567890123456789]",
    "[1234567890123456789 1]",
    '["a" 1234567890123456789]',
    '{"a":1234567890123456789',
    '"1234567890123456789',
    "1234567890123456789,",
  ])("refuses %s as JSON.parse does, with the place in what was given", (text) => {
    const messageOf = (read: (text: string) => unknown) => {
      try {
        read(text);
        return "read";
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        return error.message;
      }
    };
    expect(messageOf(parseJson)).toBe(messageOf(JSON.parse));
    expect(messageOf(parseJson)).not.toBe("read");
  });
});
