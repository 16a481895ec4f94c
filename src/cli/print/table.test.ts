import { expect, test } from "vitest";
import { PLAIN } from "./style.ts";
import { table } from "./table.ts";
import { cutTo, displayWidth, pad } from "./width.ts";

test("wide characters, emoji and combining marks count as they are drawn", () => {
  expect(displayWidth("sales")).toBe(5);
  expect(displayWidth("売上")).toBe(4);
  expect(displayWidth("é")).toBe(1);
  expect(displayWidth("👩‍👩‍👧")).toBe(2);
  expect(displayWidth("✓✗")).toBe(2);
  expect(cutTo("売上日報", 5)).toBe("売上…");
  expect(cutTo("abc", 3)).toBe("abc");
  expect(pad("売", 4)).toBe("売  ");
  expect(pad("7", 3, "left")).toBe("  7");
});

const COLUMNS = [
  { title: "JOB", least: 6 },
  { title: "N", align: "right" as const },
  { title: "WHY", least: 4 },
];

test("columns align by drawn width", () => {
  expect(
    table(PLAIN, COLUMNS, [
      ["売上", "7", "x"],
      ["nightly", "12", ""],
    ]),
  ).toEqual(["JOB       N  WHY", "売上      7  x", "nightly  12"]);
});

test("the widest column that may be cut is cut until the table fits", () => {
  const lines = table({ ...PLAIN, width: 20 }, COLUMNS, [["a-long-job-name", "12", "because of this"]]);
  expect(lines).toEqual(["JOB       N  WHY", "a-long…  12  becaus…"]);
  expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(20);
});

test("a table that cannot shrink stays readable", () => {
  expect(table({ ...PLAIN, width: 3 }, [{ title: "ID" }], [["1234567"]])).toEqual(["ID", "1234567"]);
});

test("cells cannot break out of their line", () => {
  expect(table(PLAIN, [{ title: "A" }], [["x\ny\u001b[31m"]])).toEqual(["A", "x\\ny\\u001b[31m"]);
});
