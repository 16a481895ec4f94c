/** Two graphs of one job compared: what comes, goes and changes. */
import type { TaskNode } from "../../src/model/job.ts";

/** How a task or dependency stands between before and after. */
export type Mark = "same" | "add" | "del" | "chg";

/** Marks of one side. */
export interface Marks {
  task: (key: string) => Mark;
  edge: (from: string, to: string) => Mark;
}

const edgesOf = (tasks: TaskNode[]) =>
  new Set(tasks.flatMap((task) => task.dependsOn.map((from) => JSON.stringify([from, task.key]))));

/** Marks for drawing `after` (what comes is `add`) and `before` (what goes is `del`). `changed` are tasks with other settings. */
export function compareGraphs(before: TaskNode[], after: TaskNode[], changed: ReadonlySet<string>) {
  const was = new Set(before.map((task) => task.key));
  const is = new Set(after.map((task) => task.key));
  const wasEdges = edgesOf(before);
  const isEdges = edgesOf(after);
  const side = (there: Set<string>, thereEdges: Set<string>, mark: "add" | "del"): Marks => ({
    task: (key) => (there.has(key) ? (changed.has(key) && mark === "add" ? "chg" : "same") : mark),
    edge: (from, to) => (thereEdges.has(JSON.stringify([from, to])) ? "same" : mark),
  });
  return {
    before: side(is, isEdges, "del"),
    after: side(was, wasEdges, "add"),
    differs:
      was.size !== is.size ||
      wasEdges.size !== isEdges.size ||
      [...is].some((key) => !was.has(key)) ||
      [...isEdges].some((edge) => !wasEdges.has(edge)),
  };
}

/** Tasks that depend on each task. */
export function dependentsOf(tasks: TaskNode[]): Map<string, string[]> {
  const dependents = new Map<string, string[]>(tasks.map((task) => [task.key, []]));
  for (const task of tasks) for (const from of task.dependsOn) dependents.get(from)?.push(task.key);
  return dependents;
}
