/** Source files are small, plainly named, and say in their first line what they are. */
import path from "node:path";
import { describe, expect, it } from "vitest";
import { read, repositoryFiles } from "./tree/files.ts";

const MOST_LINES = 450;
const FORBIDDEN_NAMES = ["utils", "helpers", "common", "types", "misc", "console", "constants", "shared"];
const FORBIDDEN_PARTS = ["manager", "service", "impl", "helper", "util"];
const TREES = /^(src|fakes|simulator|web|test|scripts|bench|acceptance)\/.*\.tsx?$/;

const sources = repositoryFiles().filter((name) => TREES.test(name) && !name.includes("/fixtures/"));
const stem = (name: string): string => path.basename(name).replace(/(\.(test|contract|config|d))?\.tsx?$/, "");

describe("source files", () => {
  it("are found", () => {
    expect(sources.length).toBeGreaterThan(20);
  });

  it(`have at most ${MOST_LINES} lines`, () => {
    const long = sources
      .map((name) => ({ name, lines: read(name).split("\n").length - 1 }))
      .filter(({ lines }) => lines > MOST_LINES)
      .map(({ name, lines }) => `${name}: ${lines} lines`);
    expect(long).toEqual([]);
  });

  it("are named in kebab-case, with a word that says what is inside", () => {
    const bad = sources.filter((name) => {
      const word = stem(name);
      return (
        !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(word) ||
        FORBIDDEN_NAMES.includes(word) ||
        word.split("-").some((part) => FORBIDDEN_PARTS.includes(part))
      );
    });
    expect(bad).toEqual([]);
  });

  it("open with a doc comment, unless they are tests", () => {
    const bare = sources.filter(
      (name) => !name.endsWith(".test.ts") && !/^(#!.*\n)?\/\*\*\s*(\*\s*)?\S/.test(read(name)),
    );
    expect(bare).toEqual([]);
  });

  it("switch off no check", () => {
    const marks = [
      "biome-" + "ignore",
      "@ts-" + "ignore",
      "@ts-" + "nocheck",
      "eslint-" + "disable",
      "TO" + "DO",
      "FIX" + "ME",
    ];
    const found = sources.flatMap((name) =>
      marks.filter((mark) => read(name).includes(mark)).map((mark) => `${name}: ${mark}`),
    );
    expect(found).toEqual([]);
  });
});
