import { describe, expect, it } from "vitest";
import type { GridProcess } from "../../../../src/model/view-runs.ts";
import { headline } from "./headline.ts";
import { cellWords, rowWords } from "./row-words.ts";
import { rowsOf, selectionOf, selectionText } from "./rows.ts";

const process = (processLoad: string, states: string, tasks = 2): GridProcess => ({
  projectCode: "RETAIL",
  processLoad,
  name: null,
  owner: null,
  timezone: "UTC",
  mode: "live",
  verdict: "ok",
  sentence: "",
  day: "2026-11-20",
  discovered: false,
  tasks,
  states,
  attempts: [1, 3],
});
const task = (taskId: number) => ({
  workflowId: 1,
  taskId,
  name: `t${taskId}`,
  mandatory: true,
  states: "dd",
  attempts: [],
});

describe("rows of the grid", () => {
  it("are a line of words, then the worst of each day, or the tasks", () => {
    const rows = rowsOf(
      [process("SALES", "dd"), process("a/b", "df"), process("NEW", "..")],
      new Set(["RETAIL/SALES"]),
      new Map([["RETAIL/SALES", [task(1), task(2)]]]),
    );
    expect(rows.map((row) => [row.kind, row.key])).toEqual([
      ["process", "RETAIL/SALES"],
      ["days", "RETAIL/SALES/1/1"],
      ["days", "RETAIL/SALES/1/2"],
      ["process", "RETAIL/a%2Fb"],
      ["days", "RETAIL/a%2Fb/*"],
      ["process", "RETAIL/NEW"],
    ]);
    expect(rows[4]).toMatchObject({ label: "2 tasks, worst shown", attempts: new Map([[1, 3]]) });
  });

  it("keep room for tasks that are on their way", () => {
    const rows = rowsOf([process("SALES", "dd", 3)], new Set(["RETAIL/SALES"]), new Map());
    expect(rows.map((row) => row.kind)).toEqual(["process", "wait", "wait", "wait"]);
  });

  it("are selected with a day, and come back from the address", () => {
    const selection = { key: "a%40b/c/1/2", day: "2026-11-20" };
    expect(selectionOf(selectionText(selection))).toEqual(selection);
    expect(selectionOf("a/b")).toEqual({ key: "a/b", day: null });
    expect(selectionOf(null)).toBeNull();
  });

  it("are said in words", () => {
    expect(rowWords("..dfdx", "2026-11-15")).toBe("6 days: 2 no run, 2 done, 1 failed (18 Nov), 1 lost (20 Nov)");
    expect(cellWords("d", 2, "2026-11-20")).toBe("Fri 20 Nov: done on attempt 2");
    expect(cellWords(".", undefined, "2026-11-21")).toBe("Sat 21 Nov: no run");
  });
});

describe("the answer on top", () => {
  it.each([
    [{ ok: 12 }, "ok", "All 12 processes are right", ""],
    [{ ok: 1 }, "ok", "The process is right", ""],
    [{ ok: 9, unknown: 3 }, "ok", "9 of 12 processes are right", "3 have no run yet."],
    [{ unknown: 2 }, "wait", "All 2 processes have no run yet", ""],
    [{ ok: 3, late: 1, at_risk: 2 }, "warn", "1 of 6 processes is late", "2 are at risk and 3 are right."],
    [{ ok: 3, at_risk: 2 }, "warn", "2 of 5 processes are at risk", "3 are right."],
    [
      { failed: 1, late: 1, ok: 1, unknown: 1 },
      "fail",
      "1 of 4 processes needs someone",
      "1 is late, 1 is right and 1 has no run yet.",
    ],
    [{ stuck: 2 }, "lost", "2 of 2 processes need someone", ""],
  ])("for %o", (verdicts, tone, title, rest) => {
    expect(headline(verdicts)).toEqual({ tone, title, rest });
  });
});
