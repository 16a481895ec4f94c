import { expect, it } from "vitest";
import {
  addRow,
  bodyOf,
  cellsOf,
  type Drafts,
  draftWords,
  NONE,
  theirs,
  touch,
  turnGone,
  upon,
  without,
} from "./drafts.ts";

const ROW = ["sales", "load", "{}", null];
const first = (drafts: Drafts) => {
  const [draft] = drafts.list;
  if (draft === undefined) throw new Error("there is none");
  return draft;
};

it("keeps touched cells only, and forgets a cell that is what it was", () => {
  const one = touch(NONE, "v1", "sales/load", ROW, 2, "[]");
  expect(bodyOf(one)).toEqual({
    version: "v1",
    edits: [{ label: "sales/load", cells: ["sales", "load", "[]", null] }],
  });
  const two = touch(one, "v1", "sales/load", ROW, 3, "x");
  expect(cellsOf(first(two))).toEqual(["sales", "load", "[]", "x"]);
  expect(cellsOf(first(touch(two, "v1", "sales/load", ROW, 3, "")))[3]).toBeNull();
  expect(touch(one, "v1", "sales/load", ROW, 2, "{}").list).toEqual([]);
});

it("adds rows with names of their own, and takes rows away and back", () => {
  const [one, id] = addRow(NONE, "v1", ["sales", null, null, null]);
  const [two, other] = addRow(one, "v1", ROW);
  expect([id, other]).toEqual(["new 1", "new 2"]);
  const three = turnGone(without(two, id), "v1", "sales/load", ROW);
  expect(bodyOf(three).edits).toEqual([
    { label: null, cells: ROW },
    { label: "sales/load", cells: null },
  ]);
  expect(draftWords(three)).toBe("1 new, 1 deleted");
  expect(turnGone(three, "v1", "sales/load", ROW).list.map(({ id: left }) => left)).toEqual(["new 2"]);
});

it("goes on upon what others wrote: their other cells stay, the same cell is told", () => {
  const drafts = touch(NONE, "v1", "sales/load", ROW, 2, "mine");
  const moved = upon(drafts, "v2", new Map([["sales/load", ["sales", "load", "{}", "theirs"]]]));
  expect([moved.version, cellsOf(first(moved)), theirs(first(moved), 2)]).toEqual([
    "v2",
    ["sales", "load", "mine", "theirs"],
    undefined,
  ]);
  const same = upon(drafts, "v2", new Map([["sales/load", ["sales", "load", "other", null]]]));
  expect(theirs(first(same), 2)).toEqual({ text: "other" });
  expect(upon(drafts, "v2", new Map([["sales/load", ["sales", "load", "mine", null]]])).list).toEqual([]);
  const gone = upon(drafts, "v2", new Map());
  expect(bodyOf(gone).edits).toEqual([{ label: null, cells: ["sales", "load", "mine", null] }]);
  expect(upon(turnGone(NONE, "v1", "sales/load", ROW), "v2", new Map()).list).toEqual([]);
});
