/** The runs of the fake workspace as the simulator takes them, and as dumps of the Jobs API that an attribution reads. */
import type { FakeDatabricks } from "../../fakes/index.ts";
import { type HappenedRun, SHARED_CLUSTER } from "../../simulator/index.ts";
import { formatWireJson, parseJson } from "../util/int64-json.ts";
import { isObject, type Json, type JsonObject } from "../util/json.ts";

const objects = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
const number = (value: Json | undefined): number => (typeof value === "number" ? value : 0);

/** The iterations of a for-each task, which only `runs/get` of the task's own run tells. */
async function iterationsOf(fake: FakeDatabricks, task: JsonObject): Promise<JsonObject[]> {
  const headers = { authorization: `Bearer ${fake.token}` };
  const answer = await fetch(`${fake.url}/api/2.2/jobs/runs/get?run_id=${String(task.run_id)}`, { headers });
  const run = parseJson(await answer.text());
  return isObject(run) ? objects(run.iterations) : [];
}

function happened(
  task: JsonObject,
  run: JsonObject,
  names: { program: string; taskKey: string },
  now: number,
): HappenedRun {
  const cluster = isObject(task.cluster_instance) ? task.cluster_instance.cluster_id : undefined;
  const clusterId = typeof cluster === "string" ? cluster : null;
  const state = isObject(task.state) ? task.state.result_state : undefined;
  const start = number(task.start_time);
  return {
    ...names,
    jobId: String(run.job_id),
    jobName: String(run.run_name),
    runId: String(run.run_id),
    attempt: number(task.attempt_number),
    clusterId,
    clusterKnown: clusterId !== null,
    compute: task.sql_task !== undefined ? "warehouse" : clusterId?.endsWith("-v2n") ? "serverless" : "cluster",
    start,
    ready: start + number(task.setup_duration),
    end: number(task.end_time) || now,
    failed: state !== undefined && state !== "SUCCESS",
  };
}

/**
 * The task runs that did something until now.
 * @param keyOf the key of a job in the example by its id; undefined for a job that nobody declared
 */
export async function happenedRuns(
  fake: FakeDatabricks,
  keyOf: (jobId: string) => string | undefined,
): Promise<HappenedRun[]> {
  const now = fake.control.clock().now;
  const found: HappenedRun[] = [];
  for (const run of fake.control.runs() as JsonObject[]) {
    const job = keyOf(String(run.job_id)) ?? String(run.run_name);
    for (const task of objects(run.tasks)) {
      const taskKey = String(task.task_key);
      if (number(task.start_time) === 0) continue;
      found.push(happened(task, run, { program: `${job}/${taskKey}`, taskKey }, now));
      if (!isObject(task.for_each_task)) continue;
      const inner = isObject(task.for_each_task.task) ? String(task.for_each_task.task.task_key) : "";
      for (const iteration of await iterationsOf(fake, task)) {
        const one = happened(iteration, run, { program: `${job}/${inner}`, taskKey }, now);
        // runs/list, which the dump is made of, does not tell the clusters of iterations
        found.push({ ...one, clusterKnown: false });
      }
    }
  }
  return found;
}

/** The clusters that are no job's own, in the shape of `clusters/list`, as JSON text. */
export const clustersDump = (): string =>
  `${JSON.stringify({
    clusters: [{ cluster_id: SHARED_CLUSTER, cluster_name: "analysts", cluster_source: "UI", spark_version: "15.4.x" }],
  })}\n`;

/** The runs in the shape of `runs/list` with `expand_tasks`, as JSON text. */
export const runsDump = (fake: FakeDatabricks): string => `${formatWireJson({ runs: fake.control.runs() as Json })}\n`;
