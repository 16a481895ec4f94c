/** Which clusters the tasks of a run used, read from a workspace. */
import { expect, it } from "vitest";
import { startFakeWorkspace } from "../../test/fake-workspace.ts";
import { openUsesReader } from "./cluster-uses.ts";

const START = Date.UTC(2026, 10, 1);

it("knows the cluster of every iteration of a for-each task", async () => {
  const { fake, workspace } = await startFakeWorkspace({ clock: { start: START, speed: 0 } });
  try {
    const notebook = { notebook_task: { notebook_path: "/etl/load" } };
    const own = { new_cluster: { spark_version: "x", num_workers: 1 } };
    const loop = (inner: object) => ({
      for_each_task: { inputs: "[1,2,3]", concurrency: 3, task: { task_key: "inner", ...notebook, ...inner } },
    });
    const { jobIds } = fake.control.seedJobs({
      jobs: [
        {
          name: "Nightly",
          job_clusters: [{ job_cluster_key: "main", ...own }],
          tasks: [
            { task_key: "first", ...notebook, job_cluster_key: "main" },
            { task_key: "shared", ...loop({ job_cluster_key: "main" }) },
            { task_key: "each", ...loop(own) },
          ],
        },
      ],
    });
    fake.control.startRun({ jobId: jobIds[0] ?? "", behaviours: { "*": { durationMs: 1_000 } } });
    fake.control.clock({ advance: 3_600_000 });
    const { uses } = await openUsesReader(workspace).read(START + 3_600_000);
    const clustersOf = (key: string) =>
      new Set(
        uses.tasks.flatMap(({ taskKey, clusterId }) => (taskKey === key && clusterId !== null ? [clusterId] : [])),
      );
    expect(clustersOf("each").size).toBe(3);
    expect(clustersOf("shared")).toEqual(clustersOf("first"));
    expect(uses.tasks.some(({ taskKey }) => taskKey === "inner")).toBe(false);
  } finally {
    await fake.close();
  }
});
