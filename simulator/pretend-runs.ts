/** Runs for a world without a workspace: every program once in so many minutes, each run on a cluster of its own. */
import { openRandom } from "./random.ts";
import type { HappenedRun, World } from "./world.ts";

/** Which runs to make. */
export interface PretendOptions {
  seed: string;
  /** Milliseconds since 1970 UTC. */
  from: number;
  to: number;
  everyMinutes: number;
  /** Share of runs that fail. */
  failing?: number;
  /** Programs that run on this cluster, all of them, whenever they run. */
  shared?: { clusterId: string; programs: readonly string[] };
  /** Programs on compute that the Jobs API names no cluster of. */
  nameless?: readonly string[];
}

const MINUTE = 60_000;

/** Makes runs, by their start. */
export function pretendRuns(world: World, options: PretendOptions): HappenedRun[] {
  const { seed, from, to, everyMinutes, failing = 0, shared, nameless = [] } = options;
  const jobs = [...new Set(world.programs.map(({ task }) => task.split("/")[0] ?? ""))];
  const runs: HappenedRun[] = [];
  for (const [index, { task }] of world.programs.entries()) {
    const [job = "", taskKey = ""] = task.split("/");
    const random = openRandom(`${seed}/runs/${task}`);
    for (let at = from + (index % everyMinutes) * MINUTE; at < to; at += everyMinutes * MINUTE) {
      const start = at + random.int(MINUTE);
      const stamp = new Date(start).toISOString();
      const own = `${stamp.slice(5, 7)}${stamp.slice(8, 10)}-${stamp.slice(11, 19).replaceAll(":", "")}-${random.hex(8)}`;
      const isShared = shared?.programs.includes(task) === true;
      const isNameless = nameless.includes(task);
      runs.push({
        program: task,
        jobId: String(1000 + jobs.indexOf(job)),
        jobName: job,
        runId: String(1_000_000 + runs.length),
        taskKey,
        attempt: 0,
        clusterId: isNameless ? null : isShared ? (shared?.clusterId ?? null) : own,
        clusterKnown: !isNameless,
        compute: isNameless ? "warehouse" : "cluster",
        start,
        ready: start + 30_000,
        end: start + 30_000 + random.between(2, 12) * MINUTE,
        failed: random.chance(failing),
      });
    }
  }
  return runs.sort((a, b) => a.start - b.start);
}
