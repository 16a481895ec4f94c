import { expect, it } from "vitest";
import { checkClusters } from "./check-clusters.ts";

it("names clusters that the service would refuse, wherever they are", () => {
  const found: string[] = [];
  const cluster = { spark_version: "15.4", autoscale: { min_workers: 5, max_workers: 2 } };
  checkClusters(
    {
      job_clusters: [
        { job_cluster_key: "a", new_cluster: { num_workers: -1, policy_id: "p" } },
        { job_cluster_key: "b", new_cluster: { spark_version: "15.4", num_workers: 0 } },
      ],
      tasks: [
        { task_key: "a", new_cluster: { num_workers: 1 } },
        { task_key: "b", for_each_task: { inputs: "[]", task: { task_key: "c", new_cluster: cluster } } },
      ],
    },
    (path, _code, message) => found.push(`${path} ${message}`),
  );
  expect(found).toEqual([
    "job_clusters[0].new_cluster.num_workers 0 workers or more, found -1",
    "tasks[0].new_cluster spark_version is missing",
    "tasks[1].for_each_task.task.new_cluster.autoscale.min_workers min_workers 5 is more than max_workers 2",
  ]);
});
