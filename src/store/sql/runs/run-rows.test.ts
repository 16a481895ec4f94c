/** Steps of a run in memory stay in their order, whatever is put in or taken out, and are found again. */
import { expect, it } from "vitest";
import type { StoredStep } from "../../../model/step.ts";
import { dropRow, findRow, putRow, type RunRows, rowsOfTask } from "./run-rows.ts";

const step = (workflowId: number, taskId: number, attempt: number, version = 1): StoredStep =>
  ({ workflowId, taskId, attempt, version }) as StoredStep;
const keys = (rows: readonly StoredStep[]) => rows.map((one) => [one.workflowId, one.taskId, one.attempt]);

it("keeps steps by workflow, task and attempt as numbers", () => {
  const rows: RunRows = [];
  for (const one of [step(1, 10, 0), step(0, 0, 0), step(1, 9, 1), step(1, 9, 0), step(2, 1, 0)]) {
    expect(putRow(rows, one)).toBeUndefined();
  }
  expect(keys(rows)).toEqual([
    [0, 0, 0],
    [1, 9, 0],
    [1, 9, 1],
    [1, 10, 0],
    [2, 1, 0],
  ]);
  expect(keys(rowsOfTask(rows, 1, 9))).toEqual([
    [1, 9, 0],
    [1, 9, 1],
  ]);
  expect(rowsOfTask(rows, 1, 11)).toEqual([]);
});

it("replaces, finds and takes out the very attempt", () => {
  const rows: RunRows = [step(1, 1, 0), step(1, 1, 1)];
  const newer = step(1, 1, 0, 2);
  expect(putRow(rows, newer)?.version).toBe(1);
  expect(findRow(rows, { workflowId: 1, taskId: 1, attempt: 0 })).toBe(newer);
  dropRow(rows, { workflowId: 1, taskId: 1, attempt: 2 });
  expect(rows).toHaveLength(2);
  dropRow(rows, newer);
  expect(keys(rows)).toEqual([[1, 1, 1]]);
  expect(findRow(rows, newer)).toBeUndefined();
});
