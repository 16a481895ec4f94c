/** What changes in the order of tasks, in words: for phones and screen readers. */
import type { TaskNode } from "../../src/model/job.ts";
import { counted, listed } from "../words/count.ts";
import { dependentsOf } from "./compare.ts";

const few = (keys: string[]) =>
  keys.length <= 4 ? listed(keys) : `${listed([...keys.slice(0, 3), counted(keys.length - 3, "more task")])}`;

function between(task: TaskNode, dependents: string[]): string {
  const after = task.dependsOn.length > 0 ? `after ${few(task.dependsOn)}` : "at the start";
  return dependents.length > 0 ? `${after}, and before ${few(dependents)}` : after;
}

/** A line for each task that comes, goes, or waits for others than before. */
export function orderWords(before: TaskNode[], after: TaskNode[]): { task: string; words: string }[] {
  const was = new Map(before.map((task) => [task.key, task]));
  const is = new Map(after.map((task) => [task.key, task]));
  const wasAfter = dependentsOf(before);
  const isAfter = dependentsOf(after);
  const lines: { task: string; words: string }[] = [];
  for (const task of before)
    if (!is.has(task.key))
      lines.push({ task: task.key, words: `goes; it ran ${between(task, wasAfter.get(task.key) ?? [])}` });
  for (const task of after) {
    const old = was.get(task.key);
    if (old === undefined) {
      lines.push({ task: task.key, words: `new, runs ${between(task, isAfter.get(task.key) ?? [])}` });
    } else if (old.dependsOn.join("\0") !== task.dependsOn.join("\0")) {
      const now = task.dependsOn.length > 0 ? `now runs after ${few(task.dependsOn)}` : "now runs at the start";
      lines.push({
        task: task.key,
        words: `${now} instead of ${old.dependsOn.length > 0 ? few(old.dependsOn) : "at the start"}`,
      });
    }
  }
  return lines;
}
