/** On which cluster a task runs, and how long it takes until that is up. */
import { hexOf } from "../ids.ts";
import type { JsonObject } from "../json.ts";
import type { Settled } from "../options.ts";
import type { Run } from "./model.ts";

/** Task types that bring their own compute, or need none. */
const OWN_COMPUTE = [
  "sql_task",
  "pipeline_task",
  "dbt_cloud_task",
  "dbt_platform_task",
  "run_job_task",
  "condition_task",
  "for_each_task",
  "dashboard_task",
  "alert_task",
  "power_bi_task",
];

/**
 * Finds a task's cluster at a time.
 * One cluster for each job cluster key of a run, a new one for each task with `new_cluster`, the existing one where one is named.
 * @returns no id where the task type has no cluster
 */
export function clusterFor(
  task: JsonObject,
  run: Run,
  time: number,
  startup: Settled["startup"],
  count: () => number,
): { id: string | undefined; setupMs: number } {
  const fresh = () => clusterId(time, `${run.runId}/${count()}`);
  if (typeof task.existing_cluster_id === "string") return { id: task.existing_cluster_id, setupMs: 0 };
  if (typeof task.job_cluster_key === "string") {
    const known = run.clusters.get(task.job_cluster_key) ?? { id: fresh(), readyAt: time + startup.clusterMs };
    run.clusters.set(task.job_cluster_key, known);
    return { id: known.id, setupMs: Math.max(0, known.readyAt - time) };
  }
  if (task.new_cluster !== undefined) return { id: fresh(), setupMs: startup.clusterMs };
  if (OWN_COMPUTE.some((type) => task[type] !== undefined)) return { id: undefined, setupMs: 0 };
  return { id: `${fresh()}-v2n`, setupMs: startup.serverlessMs };
}

/** `MMDD-HHMMSS-xxxxxxxx`, the form of the service: the time of creation and eight random characters. */
function clusterId(time: number, salt: string): string {
  const iso = new Date(time).toISOString();
  const stamp = `${iso.slice(5, 7)}${iso.slice(8, 10)}-${iso.slice(11, 19).replaceAll(":", "")}`;
  const letters = BigInt(`0x${hexOf(salt)}`)
    .toString(36)
    .padStart(8, "0")
    .slice(-8);
  return `${stamp}-${letters}`;
}
