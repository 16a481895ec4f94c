/** Checks the new clusters of a job and its tasks: size and Spark version. Pure. */
import type { JobSettings } from "../model/job.ts";
import { isObject, type Json } from "../util/json.ts";
import type { Report } from "./check-fields.ts";
import { rowsOf } from "./check-tasks.ts";

function checkCluster(cluster: Json | undefined, path: string, report: Report): void {
  if (!isObject(cluster)) return;
  const { autoscale, num_workers: workers, spark_version: version, policy_id: policy } = cluster;
  // A policy may fill it in, and so may the workspace's default one; else the service asks for it (Clusters API reference).
  if (version === undefined && policy === undefined) {
    report(path, "missing_field", "spark_version is missing", "for example 15.4.x-scala2.12", "warning");
  }
  if (typeof workers === "number" && workers < 0) {
    report(`${path}.num_workers`, "limit", `0 workers or more, found ${workers}`);
  }
  if (!isObject(autoscale)) return;
  const { min_workers: least, max_workers: most } = autoscale;
  if (typeof least === "number" && typeof most === "number" && least > most) {
    report(`${path}.autoscale.min_workers`, "bad_value", `min_workers ${least} is more than max_workers ${most}`);
  }
}

/** Everything that the service would refuse of clusters that a job brings with it. */
export function checkClusters(settings: JobSettings, report: Report): void {
  rowsOf(settings.job_clusters).forEach((row, index) => {
    checkCluster(row.new_cluster, `job_clusters[${index}].new_cluster`, report);
  });
  rowsOf(settings.tasks).forEach((task, index) => {
    checkCluster(task.new_cluster, `tasks[${index}].new_cluster`, report);
    const inner = isObject(task.for_each_task) ? task.for_each_task.task : undefined;
    if (isObject(inner)) checkCluster(inner.new_cluster, `tasks[${index}].for_each_task.task.new_cluster`, report);
  });
}
