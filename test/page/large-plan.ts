/** A job of many tasks of which every one changes, as a plan shows it. */
import type { FieldChange } from "../../src/model/plan.ts";
import type { JobView } from "../../src/model/view.ts";
import type { PlanView } from "../../src/server/api.ts";
import { change, largeJob, retailPlan } from "./retail-jobs.ts";

/** `large_1000_changed` or `large_1000_new`: how many tasks, and what becomes of them. */
const NAME = /^large_(\d+)_(changed|new)$/;

/** The job's page; undefined for another job. */
export function changedLargeJob(resource: string): JobView | undefined {
  const [, count, kind] = NAME.exec(resource) ?? [];
  if (count === undefined) return undefined;
  const view = largeJob(resource, Number(count));
  const tasks = view.graph.after;
  const last = tasks.at(-1)?.key ?? "";
  if (kind === "new")
    return {
      ...view,
      actual: null,
      graph: { before: [], after: tasks },
      change: change(resource, { action: "create", reason: "not deployed yet", desired: view.desired as never }),
    };
  const fields = tasks.map(
    ({ key }): FieldChange => ({ path: `tasks[task_key=${key}].max_retries`, kind: "declared", before: 0, after: 2 }),
  );
  fields.push({ path: `tasks[task_key=${last}].depends_on`, kind: "declared", before: [{ task_key: "x" }], after: [] });
  const after = tasks.map((task) => (task.key === last ? { ...task, dependsOn: [] } : task));
  return {
    ...view,
    graph: { before: tasks, after },
    change: change(resource, { action: "update", reason: `${fields.length} fields changed`, fields }),
  };
}

/** A plan of this job alone; undefined for another job. */
export function largePlan(id: string, resource: string | undefined): PlanView | undefined {
  const view = resource === undefined ? undefined : changedLargeJob(resource);
  if (view === undefined) return undefined;
  const plan = retailPlan(id, []);
  const created = view.change.action === "create";
  return { ...plan, changes: [view.change], summary: { ...plan.summary, [created ? "create" : "update"]: 1 } };
}
