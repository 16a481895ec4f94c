/** Where the repeating parts of a job's settings are: its tasks (with the inner task of for-each) and its clusters. */
import { isObject, type JsonObject, objectsIn } from "../json.ts";

/** Each task, and the task inside each for-each task. */
export function tasksOf(settings: JsonObject): JsonObject[] {
  return objectsIn(settings.tasks).flatMap((task) => {
    const inner = isObject(task.for_each_task) ? task.for_each_task.task : undefined;
    return isObject(inner) ? [task, inner] : [task];
  });
}

/** Each `new_cluster`, of tasks and of job clusters. */
export function clustersOf(settings: JsonObject): JsonObject[] {
  return [...tasksOf(settings), ...objectsIn(settings.job_clusters)].map((owner) => owner.new_cluster).filter(isObject);
}

/** The one `*_task` key of a task, undefined when there is none. */
export function typeOf(task: JsonObject): string | undefined {
  return Object.keys(task).find((key) => key.endsWith("_task"));
}
