import { describe, expect, it } from "vitest";
import { BROKEN, createMatcher, MORE } from "./json-matcher.ts";

/** What JSON.parse says of the text: the end of the object, or that it is none. */
const judged = (text: string): "whole" | "not" => {
  try {
    JSON.parse(text);
    return "whole";
  } catch {
    return "not";
  }
};

/** Feeds a text in parts of `size`. */
const fed = (text: string, size: number): number => {
  const matcher = createMatcher("object");
  for (let at = 0; at < text.length; at += size) {
    const end = matcher.feed(text.slice(at, at + size), 0);
    if (end === BROKEN) return BROKEN;
    if (end !== MORE) return at + end;
  }
  return MORE;
};

const VALID = '{"a": [1, -0.5e+3, true, null, "x\\u00e9\\n\\"", {}, []], "b": {"c": {"d": false}} , "é": 0}';

describe("a matcher", () => {
  it("ends where the object ends, whatever the parts", () => {
    for (let size = 1; size <= VALID.length; size++) expect(fed(`${VALID} and more }`, size)).toBe(VALID.length);
  });

  it("agrees with JSON.parse about every text with one character changed or left out", () => {
    let different = 0;
    for (let at = 1; at < VALID.length - 1; at++) {
      for (const other of ["", "{", "}", "[", "]", '"', "\\", ",", ":", "0", "e", "u", " ", "\n"]) {
        const text = VALID.slice(0, at) + other + VALID.slice(at + 1);
        const whole = fed(text, 3) === text.length;
        if (whole !== (judged(text) === "whole")) different += 1;
      }
    }
    expect(different).toBe(0);
  });

  it("finds the end of a string whose beginning was before", () => {
    const matcher = createMatcher("string");
    expect(matcher.feed('{\\"a\\": \\', 0)).toBe(MORE);
    expect(matcher.feed('"x\\"}" rest', 0)).toBe(5);
    expect(createMatcher("string").feed("a\\x", 0)).toBe(BROKEN);
  });

  it("goes back to where it was saved", () => {
    const matcher = createMatcher("object");
    expect(matcher.feed('{"a":', 0)).toBe(MORE);
    const back = matcher.save();
    expect(matcher.feed("}", 0)).toBe(BROKEN);
    back();
    expect(matcher.feed("1}", 0)).toBe(2);
  });

  it("gives up what nests deeper than any event", () => {
    expect(createMatcher("object").feed(`{"a":${"[".repeat(500)}`, 0)).toBe(BROKEN);
  });
});
