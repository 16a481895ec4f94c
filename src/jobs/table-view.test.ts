import { expect, it } from "vitest";
import { tableView } from "./table-view.ts";

const problem = (file: string, message: string) => ({
  ...{ severity: "error" as const, code: "bad_json", path: "", message, hint: undefined },
  place: { file, line: 1, column: 1 },
});

it("puts faults to their rows and columns, and leaves those of other sources", () => {
  const rows = {
    table: "main.etl.control",
    columns: ["resource_id", "task_key", "task_config"],
    types: ["STRING", "STRING", "STRING"],
    keys: ["resource_id", "task_key"],
    editable: ["resource_id", "task_key", "task_config"],
    rows: [
      { label: "a/x", cells: ["a", "x", "{"] },
      { label: "a/y[1]", cells: ["a", "y[1]", null] },
    ],
  };
  const view = tableView("control", rows, [
    problem("main.etl.control[a/x].task_config", "no JSON"),
    problem("main.etl.control[a/y[1]].gone", "whole row"),
    problem("jobs/a.yml", "another source"),
    problem("main.etl.control2[a/x].task_config", "another table"),
  ]);
  expect(view.rows.map(({ problems }) => problems.map(({ column, message }) => [column, message]))).toEqual([
    [["task_config", "no JSON"]],
    [[null, "whole row"]],
  ]);
  expect(view.rows[0]?.problems[0]?.hint).toBeNull();
});
