import { expect, test } from "vitest";
import { takeGlobals } from "./globals.ts";

test("global flags are taken anywhere before --, the rest stays in order", () => {
  const { globals, rest, fault } = takeGlobals([
    "-t",
    "prod",
    "jobs",
    "--json",
    "plan",
    "--var",
    "a=1",
    "--out",
    "x",
    "--var=b=c=d",
    "-C/tmp/p",
    "--",
    "--quiet",
    "-t",
    "x",
  ]);
  expect(fault).toBeUndefined();
  expect(rest).toEqual(["jobs", "plan", "--out", "x", "--", "--quiet", "-t", "x"]);
  expect({ ...globals, vars: { ...globals.vars } }).toEqual({
    dir: "/tmp/p",
    target: "prod",
    vars: { a: "1", b: "c=d" },
    format: "json",
    quiet: false,
    verbose: false,
    noColor: false,
    help: false,
    version: false,
  });
});

test("variables named like members of every object are kept as they are", () => {
  const { globals } = takeGlobals(["--var", "constructor=1", "--var", "__proto__=2"]);
  expect(Object.entries(globals.vars)).toEqual([
    ["constructor", "1"],
    ["__proto__", "2"],
  ]);
});

test.each([
  [["--target"], "--target needs a value"],
  [["--target="], "--target needs a value"],
  [["-t", "--json"], "--target needs a value"],
  [["--var", "novalue"], "--var needs a name and a value"],
  [["--json=yes"], "--json takes no value"],
  [["-t", "a", "--target", "b"], "--target is given twice"],
  [["--json", "--format", "text"], "--format is given twice"],
])("%j is wrong use", (args, message) => {
  expect(takeGlobals(args).fault).toMatchObject({ code: "usage", message });
});

test("what was understood before a fault still counts: the error of --json is JSON", () => {
  expect(takeGlobals(["--target", "--json"]).globals.format).toBe("json");
});

test("flags of commands that begin with the letters of a global alias are left alone", () => {
  expect(takeGlobals(["-x", "-hx", "--targets", "--dirty=1"]).rest).toEqual(["-x", "-hx", "--targets", "--dirty=1"]);
});
