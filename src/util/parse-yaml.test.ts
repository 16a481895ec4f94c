import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { seeded } from "../../test/seeded.ts";
import { parsePlacedYaml, parsePlacedYamls } from "./parse-yaml.ts";
import { jsonOf, overlay, type Placed, placeOfSpot } from "./placed-yaml.ts";
import { parseLeniently } from "./yaml-lenient.ts";
import { parseStrictly } from "./yaml-strict.ts";

/** Value, text and place of every node. */
function spelled(node: Placed | undefined): unknown {
  if (!node) return undefined;
  const { line, column } = placeOfSpot(node);
  const at = `${line}:${column}`;
  // A value that is not written stands nowhere in particular.
  if (node.kind === "scalar")
    return node.text === "" ? { value: node.value } : { at, value: node.value, text: node.text };
  if (node.kind === "list") return { at, items: node.items.map(spelled) };
  const members = [...node.members].map(([key, member]) => {
    const place = placeOfSpot(member);
    return [key, `${place.line}:${place.column}`, spelled(member.value)];
  });
  return { at, members, twice: node.duplicates?.map(({ key }) => key) };
}

/** Both parsers on one text; `undefined` where the fast one leaves it to the other. */
function both(text: string) {
  const source = { file: "a.yml", text };
  const strict = parseStrictly(source);
  const lenient = parseLeniently(source);
  return { strict: strict && spelled(strict.root), lenient: spelled(lenient.root), faults: lenient.faults };
}

describe("the fast and the careful parser agree", () => {
  it.each([
    "a: 1\nb: [x, 'y', \"z\"]\nc: { d: e, f: }\n",
    "a:\n  - b: 1\n    c: 2\n  - - x\n    - y\n",
    "a: &x { b: 1 }\nc: *x\nd:\n  <<: *x\n  e: 2\n",
    "a: |\n  one\n  two\nb: >-\n  folded\n  text\nc: |2\n    indented\n",
    "n: [1, -2, +3, 1.5, .5, 1e3, 0x1F, 0o17, 007, 1_000, 12345678901234567890, -9223372036854775808]\n",
    "t: [true, True, TRUE, yes, no, on, ~, null, Null, '', 2024-01-01, 12:30, 1.2.3, +, ., .inf, .nan]\n",
    "# only a comment\n",
    "",
    "---\na: 1\n",
    "a: 1\n...\n",
    "key with blanks: a value # a comment\n'quoted': \"tab\\t\\u00e9\"\n1: number key\ntrue: flag key\n",
    "a: plain\n  on two lines\nb: 'it''s'\n",
    "a: 1\na: 2\n",
    "? a\n: b\n",
    "a:\r\n  b: 1\r\n  c: x\r\n",
    '{"json": [1, {"a": null}], "s": "x"}\n',
    "- a\n-\n- - b\n",
    "a: # comment\n  b\n",
    "a: []\nb: {}\n",
    `a: ${"$"}{var.x} and {{job.id}}\n`,
  ])("on %j", (text) => {
    const { strict, lenient, faults } = both(text);
    expect(faults).toEqual([]);
    expect(strict).toEqual(lenient);
  });

  it("on random documents", () => {
    const random = seeded(7);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
    const scalars = [
      "a",
      "1",
      "true",
      "",
      "x: y",
      "# c",
      "- z",
      "line\nline\n",
      "'",
      '"',
      "\\",
      "é😀",
      " lead",
      "0x1",
      "~",
      1,
      -2.5,
      true,
      null,
      10n ** 18n,
    ];
    const make = (depth: number): unknown => {
      const kind = depth > 3 ? 0 : Math.floor(random() * 3);
      if (kind === 0) return pick(scalars);
      const size = Math.floor(random() * 4);
      if (kind === 1) return Array.from({ length: size }, () => make(depth + 1));
      return Object.fromEntries(Array.from({ length: size }, () => [`k${Math.floor(random() * 99)}`, make(depth + 1)]));
    };
    let fast = 0;
    for (let round = 0; round < 300; round++) {
      const text = stringify(
        { root: make(0) },
        { collectionStyle: pick(["any", "block", "flow"]), lineWidth: pick([0, 20, 80]) },
      );
      const { strict, lenient, faults } = both(text);
      expect(faults, text).toEqual([]);
      if (strict === undefined) continue;
      fast++;
      expect(strict, text).toEqual(lenient);
    }
    expect(fast).toBe(300);
  });

  const folder = new URL("../../../shared/data/jobs/", import.meta.url);
  const present = existsSync(folder);
  if (!present) console.log("skipped: no shared/data/jobs beside the repository");
  it.skipIf(!present)("on every real job, as JSON and as YAML", () => {
    for (const file of readdirSync(folder).filter((name) => /^\d.*\.json$/.test(name))) {
      const json = readFileSync(new URL(file, folder), "utf8");
      for (const text of [json, stringify(JSON.parse(json))]) {
        const { strict, lenient } = both(text);
        expect(strict, file).toEqual(lenient);
      }
    }
  });
});

describe("files read in a row", () => {
  const texts = [
    "jobs:\n  a: { name: one }\n",
    "# only a comment\n",
    "a: &x { b: 1 }\nc: *x\n",
    "c: *x\n",
    "a: |\n  kept to the end\n\n\n",
    "a: |+\n  kept to the end\n\n\n",
    "a: >-\n  no line end",
    "a: 1\n---\nb: 2\n",
    "a: 1\n...\n",
    "%YAML 1.1\n---\na: yes\n",
    "\uFEFFa: 1\n",
    "",
    "\n",
    "a:\r\n  b: 1\r\n",
    "- a\n- ---\n- b\n",
    "|\n text\n",
    "a: !custom b\n",
    "<<: 5\n",
    '{"json": [1]}\n',
    "a: b\u0000\n",
    "last: { a: [b, c], d: 'e' }\n",
  ];
  const faulty = ["a: [1\n", "a: b: c\n", "a: 'open\n", 'a: "open\n', "\tb: 1\n", "a: {b\n"];

  const shown = ({ root, faults }: ReturnType<typeof parsePlacedYaml>) => ({
    root: spelled(root),
    faults: faults.map((fault) => ({ ...fault, spot: placeOfSpot(fault.spot) })),
  });
  const inRow = (files: { text: string; file: string }[]) => parsePlacedYamls(files).map(shown);
  const alone = (files: { text: string; file: string }[]) =>
    files.map(({ text, file }) => shown(parsePlacedYaml(text, file)));
  const asFiles = (list: string[]) => list.map((text, index) => ({ text, file: `${index}.yml` }));

  it("are the same as alone", () => {
    expect(inRow(asFiles(texts))).toEqual(alone(asFiles(texts)));
  });

  it.each(faulty)("are the same as alone where %j is among them", (text) => {
    const files = asFiles(["a: 1\n", text, "b: 2\n"]);
    expect(inRow(files)).toEqual(alone(files));
    expect(inRow(files)[1]?.faults).not.toEqual([]);
  });

  it("are the same as alone in any order", () => {
    const random = seeded(11);
    for (let round = 0; round < 100; round++) {
      const files = asFiles(Array.from({ length: 5 }, () => texts[Math.floor(random() * texts.length)] ?? ""));
      expect(inRow(files), JSON.stringify(files)).toEqual(alone(files));
    }
  });

  it("are many: more than fit in one row", () => {
    const long = `a: |\n${"  a line of a long text\n".repeat(30_000)}`;
    const files = asFiles([long, "b: 1\n", long, long, long, "c: 2\n"]);
    const values = parsePlacedYamls(files).map(({ root }) => root && jsonOf(root));
    expect(values).toEqual(files.map(({ text, file }) => jsonOf(parsePlacedYaml(text, file).root as Placed)));
  });
});

describe("parsing", () => {
  it.each([
    "a: [1\n",
    "a: b: c\n",
    "a: *nowhere\n",
    "a: &x [*x]\n",
    "a: !custom b\n",
    "%YAML 1.1\n---\na: yes\n",
    "a: 1\n---\nb: 2\n",
    "? [a]\n: b\n",
    "\tb: 1\n",
    "\uFEFFa: 1\n",
    "<<: 5\n",
  ])("leaves %j to the careful parser", (text) => {
    expect(parseStrictly({ file: "a.yml", text })).toBeUndefined();
  });

  it("names faults with their places and an excerpt", () => {
    const faults = (text: string) =>
      parsePlacedYaml(text, "a.yml").faults.map(({ severity, message, spot }) => {
        const { line, column } = placeOfSpot(spot);
        return `${severity} ${line}:${column} ${message}`;
      });
    expect(faults("a:\n  b: [1, 2\nc: 3\n")[0]).toMatch(/^error 3:1 .*near `c: 3`$/);
    expect(faults("a: *nowhere\n").join()).toContain("nowhere");
    expect(faults("a: &x [*x]\n")).toEqual(["error 1:8 *x contains itself"]);
    expect(faults("a: 1\n---\nb: 2\n")).toEqual([expect.stringContaining("only one YAML document")]);
    expect(faults("? [a]\n: b\n")).toEqual(["error 1:3 a key must be plain text"]);
    expect(faults("a: { <<: 5 }\n")).toEqual(["error 1:10 << takes a map, or a list of maps"]);
    expect(faults("a: !custom b\n")[0]).toMatch(/^warning/);
  });

  it("does not let aliases multiply", () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(", ")}]`,
    );
    const { root, faults } = parsePlacedYaml(["l0: &l0 [x]", ...levels].join("\n"), "a.yml");
    expect(root).toBeUndefined();
    expect(faults).toMatchObject([{ message: "its aliases multiply to millions of values" }]);
  });

  it("keeps a member called __proto__ a member", () => {
    const { root } = parsePlacedYaml("__proto__: { polluted: true }\na: 1\n", "a.yml");
    const value = jsonOf(root as Placed) as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(["__proto__", "a"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("overlay", () => {
  const tree = (text: string) => parsePlacedYaml(text, "a.yml").root as Placed;

  it("merges maps, replaces lists, merges lists by key where told", () => {
    const below = tree("m: { a: 1, b: 2 }\nl: [1, 2]\nt: [ { k: x, v: 1 }, { k: y, v: 2 } ]\n");
    const above = tree("m: { b: 3 }\nl: [9]\nt: [ { k: y, w: 4 }, { k: z } ]\n");
    const merged = overlay(below, above, (path) => (path === "t" ? "k" : undefined));
    expect(jsonOf(merged)).toEqual({
      m: { a: 1, b: 3 },
      l: [9],
      t: [{ k: "x", v: 1 }, { k: "y", v: 2, w: 4 }, { k: "z" }],
    });
    expect(jsonOf(below)).toEqual({
      m: { a: 1, b: 2 },
      l: [1, 2],
      t: [
        { k: "x", v: 1 },
        { k: "y", v: 2 },
      ],
    });
  });
});
