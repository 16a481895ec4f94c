/** The databricks run source over a fake workspace whose time stands still, for the contract of run sources and its own tests. */
import { expect } from "vitest";
import { openDatabricksRuns } from "../src/sources/runs/databricks/index.ts";
import { startFakeWorkspace } from "./fake-workspace.ts";

const START = Date.UTC(2026, 10, 1);
const MINUTE = 60_000;

/** Opens a workspace with one job of two tasks, `load` before `mart`. */
export async function openDatabricksSetting() {
  const { fake, workspace } = await startFakeWorkspace({ clock: { start: START, speed: 0 } });
  const task = { notebook_task: { notebook_path: "/etl/load" }, new_cluster: { spark_version: "x", num_workers: 1 } };
  const { jobIds } = fake.control.seedJobs({
    jobs: [
      {
        name: "Nightly",
        max_concurrent_runs: 1_000,
        tasks: [
          { ...task, task_key: "load" },
          { ...task, task_key: "mart", depends_on: [{ task_key: "load" }] },
        ],
      },
    ],
  });
  const jobId = jobIds[0] ?? "";
  return {
    fake,
    workspace,
    source: openDatabricksRuns({ kind: "databricks" }, workspace),
    now: () => fake.control.clock({}).now as number,
    advance: (milliseconds: number) => void fake.control.clock({ advance: milliseconds }),
    start: ({ at, taskMs = MINUTE, fails = false }: { at?: number; taskMs?: number; fails?: boolean } = {}) => {
      if (fails) {
        fake.control.addBehaviour({ taskKey: "load", attempt: 0, times: 1, behaviour: { outcome: "fail" } });
      }
      const behaviours = fails ? {} : { behaviours: { "*": { durationMs: taskMs } } };
      return fake.control.startRun({ jobId, ...(at === undefined ? {} : { at }), ...behaviours }).runId;
    },
    repair: async (runId: string) => {
      const response = await fetch(`${fake.url}/api/2.2/jobs/runs/repair`, {
        method: "POST",
        headers: { authorization: `Bearer ${fake.token}`, "content-type": "application/json" },
        body: `{"run_id":${runId},"rerun_all_failed_tasks":true}`,
      });
      expect(response.status, await response.text()).toBe(200);
    },
    close: () => fake.close(),
  };
}
