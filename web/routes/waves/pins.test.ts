import { expect, test } from "vitest";
import type { LineageWavesView } from "../../../src/model/view-waves.ts";
import { difference, groupTitle, type Pin, parsePins, pinsText, pinsYaml, withPins } from "./pins.ts";

const PINS: Pin[] = [
  { kind: "job", name: "481120933371", wave: 3 },
  { kind: "table", name: "ctl.a,b=c%", wave: null },
];

test("pins survive the URL, also with commas and equals signs in a name", () => {
  expect(parsePins(pinsText(PINS))).toEqual(PINS);
  expect(parsePins(decodeURIComponent(encodeURIComponent(pinsText(PINS))))).toEqual(PINS);
  expect(parsePins("nonsense,job:=2,table:x")).toEqual([]);
  expect(parsePins(null)).toEqual([]);
});

test("the last pin of a thing counts", () => {
  expect(withPins(PINS, [{ kind: "job", name: "481120933371", wave: 1 }])).toEqual([
    PINS[1],
    { kind: "job", name: "481120933371", wave: 1 },
  ]);
});

test("pins.yml is what the command line reads", () => {
  expect(pinsYaml(PINS)).toBe('pins:\n  jobs:\n    "481120933371": 3\n  tables:\n    "ctl.a,b=c%": exclude\n');
  expect(pinsYaml([])).toBe("pins:\n  jobs: {}\n  tables: {}\n");
});

const plan = (...waves: string[][][]) =>
  ({
    waves: waves.map((groups, index) => ({
      number: index + 1,
      groups: groups.map((jobs) => ({ jobs: jobs.map((id) => ({ id, name: null })), tables: [] })),
    })),
  }) as unknown as LineageWavesView;

test("what pins changed is said in one sentence", () => {
  expect(difference(plan([["a"]], [["b"]]), plan([["a"]], [["b"]]))).toBe("2 waves as before");
  expect(difference(plan([["a", "b"]], [["c"]]), plan([["a"], ["c"]], [["b"]]))).toBe(
    "2 waves as before; 3 groups instead of 2; 2 jobs move in another wave",
  );
  expect(difference(plan([["a"]], [["b"]]), plan([["a"]]))).toBe(
    "1 wave instead of 2; 1 group instead of 2; 1 left out",
  );
});

test("a group is called by its jobs, else by its tables", () => {
  const group = (jobs: string[], tables: string[] = []) =>
    groupTitle({ jobs: jobs.map((id) => ({ id, name: id })), tables, bytes: 0, constraint: "hard", why: "" });
  expect(group(["a", "b"])).toBe("a, b");
  expect(group(["a", "b", "c"])).toBe("a and 2");
  expect(group([], ["t"])).toBe("t");
});
