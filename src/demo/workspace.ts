/** The demo's workspace: the fake one, with its people and the jobs that others made there by hand. */
import { randomUUID } from "node:crypto";
import { type FakeDatabricks, type JobView, startFakeDatabricks } from "../../fakes/index.ts";
import { SHARED_CLUSTER } from "../../simulator/index.ts";
import { type Clock, systemClock } from "../util/clock.ts";

/** Who deploys. */
export const DEPLOYER = "anna@example.com";
/** Who edits a job in the workspace behind our back. */
export const COLLEAGUE = "marek@example.com";
const OPERATOR = "ops@example.com";

const task = (key: string) => ({
  task_key: key,
  // an all-purpose cluster: two jobs may be on it at once
  existing_cluster_id: SHARED_CLUSTER,
  notebook_task: { notebook_path: `/Workspace/Users/${OPERATOR}/${key}` },
});

/** The job that a colleague starts by hand while {@link RECONCILE} is on the same cluster. */
export const BACKFILL = "tmp backfill orders";
export const RECONCILE = "till reconcile";

/** Jobs that nobody declared. */
const OTHERS: { as: string; settings: JobView["settings"] }[] = [
  {
    as: OPERATOR,
    settings: {
      name: RECONCILE,
      schedule: { quartz_cron_expression: "0 10 23 * * ?", timezone_id: "Europe/London", pause_status: "UNPAUSED" },
      tasks: [task("reconcile")],
    },
  },
  { as: COLLEAGUE, settings: { name: BACKFILL, tasks: [task("backfill")] } },
];

/** The workspace of a demo. */
export interface DemoWorkspace {
  fake: FakeDatabricks;
  /** The workspace's time; waiting takes as long as it says. */
  clock: Clock;
}

/** Starts the workspace at a time. @param start milliseconds since 1970 UTC */
export async function startWorkspace(start: number): Promise<DemoWorkspace> {
  const fake = await startFakeDatabricks({
    principals: [
      { userName: DEPLOYER, displayName: "Anna", admin: true, tokens: [randomUUID()] },
      { userName: COLLEAGUE, displayName: "Marek", tokens: [] },
      { userName: OPERATOR, displayName: "Operations", tokens: [] },
    ],
    clock: { start, speed: 1 },
    validation: "strict",
    seed: 20,
  });
  for (const { as, settings } of OTHERS) fake.control.seedJobs({ jobs: [settings], as });
  return { fake, clock: { now: () => fake.control.clock().now, sleep: systemClock.sleep } };
}
