/** Answers of the Jobs and Clusters APIs, saved to files: who ran on which cluster, and when. */
import type { ClusterInfo, TaskUse } from "../../../model/cluster-use.ts";
import { lastingName } from "../../../model/lasting-name.ts";
import { isObject, type Json, type JsonObject } from "../../../util/json.ts";

/** What one record of a dump is. */
export type DumpRecord =
  | { kind: "run"; run: JsonObject }
  | { kind: "job"; jobId: string; name: string }
  | { kind: "cluster"; cluster: ClusterInfo }
  | { kind: "cluster event" };

const idOf = (value: Json | undefined): string | undefined =>
  typeof value === "number" || typeof value === "bigint" || typeof value === "string" ? String(value) : undefined;
const numberOf = (value: Json | undefined): number | undefined => (typeof value === "number" ? value : undefined);
const textOf = (value: Json | undefined): string | undefined => (typeof value === "string" ? value : undefined);

const CLUSTER_KINDS: Readonly<Record<string, ClusterInfo["kind"]>> = {
  JOB: "job",
  UI: "all-purpose",
  API: "all-purpose",
};

/**
 * The nodes of a cluster as `clusters/list` tells them (Clusters API reference: driver, executors, private_ip); they
 * are those of its last start.
 */
function nodesOf(cluster: JsonObject): ClusterInfo["nodes"] {
  const listed = [cluster.driver, ...(Array.isArray(cluster.executors) ? cluster.executors : [])];
  const addresses = listed.flatMap((node) => (isObject(node) ? (textOf(node.private_ip) ?? []) : []));
  if (addresses.length === 0) return undefined;
  const from = numberOf(cluster.last_restarted_time) || numberOf(cluster.start_time) || null;
  return { addresses: [...new Set(addresses)], from, to: numberOf(cluster.terminated_time) || null };
}

/** Recognises a record by its fields; undefined for anything else. */
export function recogniseDump(record: Json): DumpRecord | undefined {
  if (!isObject(record)) return undefined;
  const { run_id, job_id, settings, cluster_id, timestamp, type } = record;
  if (idOf(run_id) !== undefined && numberOf(record.start_time) !== undefined) return { kind: "run", run: record };
  if (idOf(job_id) !== undefined && isObject(settings)) {
    return { kind: "job", jobId: `${idOf(job_id)}`, name: textOf(settings.name) ?? "" };
  }
  const clusterId = textOf(cluster_id);
  if (clusterId === undefined) return undefined;
  if (numberOf(timestamp) !== undefined && textOf(type) !== undefined) return { kind: "cluster event" };
  if (!("cluster_name" in record || "spark_version" in record)) return undefined;
  const kind = CLUSTER_KINDS[textOf(record.cluster_source) ?? ""] ?? null;
  const name = textOf(record.cluster_name) ?? null;
  const nodes = nodesOf(record);
  return { kind: "cluster", cluster: { clusterId, name, kind, ...(nodes === undefined ? {} : { nodes }) } };
}

/** What the iterations of a for-each task run; of other tasks nothing. */
function innerOf(part: JsonObject): JsonObject {
  const inner = isObject(part.for_each_task) ? part.for_each_task.task : undefined;
  return isObject(inner) ? inner : {};
}

/** @param byKey ids of the run's job clusters, as far as some task tells them */
function clusterOf(part: JsonObject, byKey: ReadonlyMap<string, string> = new Map()): string | null {
  const instance = part.cluster_instance;
  const named = isObject(instance) ? textOf(instance.cluster_id) : undefined;
  const inner = innerOf(part);
  const key = textOf(part.job_cluster_key) ?? textOf(inner.job_cluster_key) ?? "";
  return named ?? textOf(part.existing_cluster_id) ?? textOf(inner.existing_cluster_id) ?? byKey.get(key) ?? null;
}

/** Ids of job clusters by their keys: a for-each task names only the key, other tasks on the same cluster its id. */
function clustersByKey(tasks: readonly JsonObject[]): Map<string, string> {
  const byKey = new Map<string, string>();
  for (const task of tasks) {
    const [key, id] = [textOf(task.job_cluster_key), clusterOf(task)];
    if (key !== undefined && id !== null) byKey.set(key, id);
  }
  return byKey;
}

function endOf(part: JsonObject): number | null {
  const end = numberOf(part.end_time);
  return end === undefined || end === 0 ? null : end;
}

function identity(run: JsonObject, names: ReadonlyMap<string, string>): Pick<TaskUse, "jobId" | "jobName"> {
  const runName = textOf(run.run_name);
  if (run.run_type === "SUBMIT_RUN") {
    const name = lastingName(runName ?? "Untitled");
    return { jobId: `submit:${name}`, jobName: name };
  }
  const jobId = idOf(run.job_id) ?? `run:${idOf(run.run_id)}`;
  return { jobId, jobName: names.get(jobId) ?? runName ?? null };
}

/** A use of a cluster, with what tells two records of the same from one another. */
interface Keyed {
  /** Id of the task's own run. */
  id: string;
  /** Made of a run whose tasks were not listed: true tasks replace it. */
  whole: boolean;
  use: TaskUse;
}

function usesOf(run: JsonObject, names: ReadonlyMap<string, string>): Keyed[] {
  const runId = `${idOf(run.job_run_id) ?? idOf(run.run_id)}`;
  const runStart = numberOf(run.start_time) ?? 0;
  const workspaceId = /[?&]o=(\d+)/.exec(textOf(run.run_page_url) ?? "")?.[1] ?? null;
  const common = { workspaceId, ...identity(run, names), runId, runStart };
  const tasks = Array.isArray(run.tasks) ? run.tasks.filter(isObject) : [];
  const iterations = Array.isArray(run.iterations) ? run.iterations.filter(isObject) : [];
  const byKey = clustersByKey([...tasks, ...iterations]);
  const use = (part: JsonObject, taskKey = textOf(part.task_key)): TaskUse => ({
    ...common,
    taskKey: taskKey ?? null,
    attempt: numberOf(part.attempt_number) ?? 0,
    clusterId: clusterOf(part, byKey),
    start: numberOf(part.start_time) || runStart,
    end: endOf(part) ?? endOf(run),
  });
  if (tasks.length === 0 && iterations.length === 0) return [{ id: runId, whole: true, use: use(run) }];
  const keyed = (task: JsonObject, key?: string): Keyed => ({
    id: idOf(task.run_id) ?? runId,
    whole: false,
    use: use(task, key),
  });
  // The run of a for-each task lists that task and its iterations; in the graph they are the task.
  const loop = tasks.length === 1 ? textOf(tasks[0]?.task_key) : undefined;
  return [...tasks.map((task) => keyed(task)), ...iterations.map((one) => keyed(one, loop))];
}

/**
 * The task runs of run records. Pages overlap, and a run may be there with its tasks and without: each task counts once,
 * and a run without tasks only where no other record lists them. Records may come in any order.
 */
export function mapRuns(runs: readonly JsonObject[], names: ReadonlyMap<string, string>): TaskUse[] {
  const byRun = new Map<string, Map<string, Keyed>>();
  for (const run of runs) {
    for (const keyed of usesOf(run, names)) {
      const known = byRun.get(keyed.use.runId) ?? new Map<string, Keyed>();
      byRun.set(keyed.use.runId, known);
      const before = known.get(keyed.id);
      if (before === undefined || (before.use.clusterId === null && keyed.use.clusterId !== null)) {
        known.set(keyed.id, keyed);
      }
    }
  }
  return [...byRun.values()].flatMap((known) => {
    const all = [...known.values()];
    const tasks = all.filter(({ whole }) => !whole);
    return (tasks.length > 0 ? tasks : all).map(({ use }) => use);
  });
}
