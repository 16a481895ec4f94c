/**
 * Decides what becomes of a task once the tasks it depends on have ended: the rules of `run_if`.
 *
 * Source: "Configure task dependencies" of the Databricks documentation.
 */
import { type JsonObject, objectsIn } from "../json.ts";
import type { Result, TaskRun } from "./model.ts";

export type Fate = "run" | "UPSTREAM_FAILED" | "UPSTREAM_CANCELED" | "EXCLUDED";

const GOOD = new Set<Result | undefined>(["SUCCESS", "SUCCESS_WITH_FAILURES", "DISABLED"]);
const CANCELLED = new Set<Result | undefined>(["CANCELED", "UPSTREAM_CANCELED"]);

/** Keys of the tasks a task depends on, without those that are not part of the run. */
export function needsOf(task: JsonObject, latest: ReadonlyMap<string, TaskRun>): string[] {
  return objectsIn(task.depends_on)
    .map((dependency) => String(dependency.task_key))
    .filter((key) => latest.has(key));
}

/** @returns undefined while something it depends on has not ended */
export function fateOf(task: JsonObject, latest: ReadonlyMap<string, TaskRun>): Fate | undefined {
  const results: (Result | undefined)[] = [];
  for (const dependency of objectsIn(task.depends_on)) {
    const before = latest.get(String(dependency.task_key));
    if (!before) continue; // Left out of this run: nothing to wait for.
    if (before.phase !== "DONE") return undefined;
    // The branch of a condition that was not taken counts as excluded.
    const taken = dependency.outcome === undefined || dependency.outcome === before.conditionOutcome;
    results.push(before.result === "SUCCESS" && !taken ? "EXCLUDED" : before.result);
  }
  const present = results.filter((result) => result !== "EXCLUDED");
  if (results.length > 0 && present.length === 0) return "EXCLUDED";
  const good = present.filter((result) => GOOD.has(result)).length;
  const bad = present.length - good;
  const upstream = present.some((result) => CANCELLED.has(result)) ? "UPSTREAM_CANCELED" : "UPSTREAM_FAILED";
  switch (task.run_if ?? "ALL_SUCCESS") {
    case "ALL_DONE":
      return "run";
    case "AT_LEAST_ONE_SUCCESS":
      return good > 0 || present.length === 0 ? "run" : upstream;
    case "ALL_FAILED":
      return good === 0 ? "run" : "EXCLUDED";
    case "AT_LEAST_ONE_FAILED":
      return bad > 0 ? "run" : "EXCLUDED";
    default: // ALL_SUCCESS, NONE_FAILED
      return bad === 0 ? "run" : upstream;
  }
}

/** The result of a run out of those of its tasks: its leaves decide. */
export function runResult(latest: ReadonlyMap<string, TaskRun>): { result: Result; culprit: TaskRun | undefined } {
  const inner = new Set([...latest.values()].flatMap(({ task }) => needsOf(task, latest)));
  const failed = (task: TaskRun) => !GOOD.has(task.result) && task.result !== "EXCLUDED";
  const all = [...latest.values()];
  const leaves = all.filter(({ key }) => !inner.has(key));
  const culprit = all
    .filter(failed)
    .find(({ result }) => result !== "UPSTREAM_FAILED" && result !== "UPSTREAM_CANCELED");
  const bad = leaves.filter(failed);
  if (bad.length === 0) return { result: all.some(failed) ? "SUCCESS_WITH_FAILURES" : "SUCCESS", culprit };
  const cancelled = bad.every(({ result }) => CANCELLED.has(result));
  return { result: cancelled ? "CANCELED" : "FAILED", culprit };
}
