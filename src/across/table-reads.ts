/** Which tables the tasks of a run read, by the lineage, and how it went last with those that write them. */
import type { Adjacency } from "../lineage/graph/adjacency.ts";
import { neighbours } from "../lineage/graph/walk.ts";
import { strengthOf } from "../lineage/view/edge.ts";
import { lastOf } from "../lineage/view/focus.ts";
import { jobIdOf, nodeView, spoken } from "../lineage/view/node.ts";
import type { ProcessTask } from "../model/process.ts";
import type { StoredStep } from "../model/step.ts";
import { blockReason } from "../runs/stage.ts";
import type { RunStore } from "../store/runs.ts";
import { utc } from "../util/clock.ts";
import type { TableRead, TableWriter } from "./cause.ts";

/** What is looked into. */
export interface ReadsSetting {
  graph: Adjacency;
  runs: Pick<RunStore, "steps">;
  /** Every task of the catalogue, by the job it names. */
  tasksOf: (job: string) => readonly ProcessTask[];
  /** Milliseconds since 1970 UTC. */
  now: number;
}

const DAY_MS = 86_400_000;
/** How far back the last run of a writer is looked for. */
const BACK_DAYS = 35;
const MANY = 100_000;

/** The job that a task names (`nightly sales/load`, a name, an id); undefined for notebooks and other platforms. */
export function jobNamedBy({
  sourceType,
  sourceIdentifier,
}: Pick<ProcessTask, "sourceType" | "sourceIdentifier">): string | undefined {
  if (!sourceType?.startsWith("DBX_") || !sourceIdentifier || sourceIdentifier.startsWith("/")) return undefined;
  return sourceIdentifier.split("/", 1)[0];
}

/** Place of the one job of a name or id; undefined where there is none, or several. */
function placeOfJob(graph: Adjacency, name: string): number | undefined {
  const found = [...graph.nodes.keys()].filter((place) => {
    const node = graph.nodes[place];
    return node?.kind === "job" && (node.title === name || jobIdOf(node) === name);
  });
  return found.length === 1 ? found[0] : undefined;
}

/** Neighbours that are surely so, with what kind they are. */
function sureNeighbours(graph: Adjacency, place: number, kind: "dataset" | "job"): number[] {
  const { edges, words, nodes } = graph;
  return [...neighbours(graph, place, "up")].flatMap(([edge, other]) => {
    const attributions = words[edges.attributions[edge] as number] ?? [];
    const isSure = strengthOf(attributions, edges.confidence[edge] as number) !== "unsure";
    return isSure && nodes[other]?.kind === kind ? [other] : [];
  });
}

/** How the newest run of some tasks stood at a time. */
function stateAt(steps: readonly StoredStep[], asOf: string | null): Omit<TableWriter, "name"> {
  const begun = steps.filter(({ startTime }) => asOf === null || (startTime !== null && startTime <= asOf));
  const [newest] = [...begun].sort(
    (a, b) =>
      (a.processingDate < b.processingDate ? 1 : a.processingDate > b.processingDate ? -1 : 0) ||
      b.runNumber - a.runNumber,
  );
  if (newest === undefined) return { state: "unknown", at: null, message: null };
  const { processingDate, executionId } = newest;
  const run = begun.filter((one) => one.processingDate === processingDate && one.executionId === executionId);
  const last = new Map<string, StoredStep>();
  for (const step of [...run].sort((a, b) => a.attempt - b.attempt))
    last.set(`${step.workflowId}/${step.taskId}`, step);
  const rows = [...last.values()];
  const isOver = ({ endTime }: StoredStep) => endTime !== null && (asOf === null || endTime <= asOf);
  const failed = rows.find((step) => step.status === "FAIL" && isOver(step));
  if (failed !== undefined) return { state: "failed", at: failed.endTime, message: failed.logMessage };
  const running = rows.find((step) => step.startTime !== null && step.phase !== "SKIPPED" && !isOver(step));
  if (running !== undefined) return { state: "running", at: running.startTime, message: null };
  if (rows.some(({ phase }) => phase === "QUEUED")) return { state: "waiting", at: null, message: null };
  const ends = rows.flatMap(({ endTime }) => endTime ?? []).sort();
  return { state: "done", at: ends.at(-1) ?? null, message: null };
}

/** Steps of a job's tasks in the weeks up to a time. */
async function stepsOfJob(
  { runs, tasksOf }: ReadsSetting,
  names: readonly string[],
  until: string,
): Promise<StoredStep[]> {
  const tasks = names.flatMap((name) => tasksOf(name));
  const processes = new Map(tasks.map((task) => [JSON.stringify([task.projectCode, task.processLoad]), task]));
  const wanted = new Set(
    tasks.map((task) => JSON.stringify([task.projectCode, task.processLoad, task.workflowId, task.taskId])),
  );
  const from = utc(Date.parse(until) - BACK_DAYS * DAY_MS).slice(0, 10);
  // A day begins earlier or later elsewhere.
  const to = utc(Date.parse(until) + DAY_MS).slice(0, 10);
  const found = await Promise.all(
    [...processes.values()].map(({ projectCode, processLoad }) =>
      runs.steps({ projectCode, processLoad, from, to, limit: MANY }),
    ),
  );
  return found
    .flat()
    .filter((step) => wanted.has(JSON.stringify([step.projectCode, step.processLoad, step.workflowId, step.taskId])));
}

/** When a table was last written before a time, as far as it is known; undefined where that cannot be said. */
function writtenBefore(
  graph: Adjacency,
  table: number,
  asOf: string | null,
  ends: readonly string[],
): string | undefined {
  const last = lastOf(graph, table, "up") ?? undefined;
  if (asOf === null || (last !== undefined && last <= asOf)) return last;
  return ends
    .filter((end) => end <= asOf)
    .sort()
    .at(-1);
}

/**
 * What the tasks of a run read that failed or wait: tables with others that write them. Lineage knows jobs, not their
 * tasks: what a job reads is told of the first of its tasks that is not well.
 * @param steps all of one run
 */
export async function tableReadsOf(steps: readonly StoredStep[], setting: ReadsSetting): Promise<TableRead[]> {
  const { graph, now } = setting;
  const readers = new Map<string, StoredStep>();
  for (const step of [...steps].sort(
    (a, b) => a.sortOrder - b.sortOrder || a.taskId - b.taskId || b.attempt - a.attempt,
  )) {
    const job = jobNamedBy(step);
    if (job === undefined || readers.has(job)) continue;
    if (["FAILED", "LOST", "PENDING"].includes(blockReason(step) ?? "")) readers.set(job, step);
  }
  const reads: TableRead[] = [];
  for (const [job, step] of readers) {
    const own = placeOfJob(graph, job);
    if (own === undefined) continue;
    // A failure is due to what was there when it happened.
    const asOf = step.phase === "ENDED" ? step.endTime : null;
    for (const table of sureNeighbours(graph, own, "dataset")) {
      const places = sureNeighbours(graph, table, "job");
      // It waits for nobody to find its own data.
      if (places.includes(own)) continue;
      const writers: TableWriter[] = [];
      const ends: string[] = [];
      for (const place of places) {
        const view = nodeView(graph, place);
        const names = [...new Set([view.label, ...(view.jobId === null ? [] : [view.jobId])])];
        const found = await stepsOfJob(setting, names, asOf ?? utc(now));
        ends.push(...found.flatMap(({ status, endTime }) => (status === "DONE" && endTime !== null ? [endTime] : [])));
        writers.push({ name: spoken(view), ...stateAt(found, asOf) });
      }
      const lastWritten = writtenBefore(graph, table, asOf, ends);
      if (writers.length === 0 || lastWritten === undefined) continue;
      // Of one table several may tell: whose runs are known comes first.
      writers.sort((a, b) => Number(a.state === "unknown") - Number(b.state === "unknown"));
      const { workflowId, taskId } = step;
      reads.push({ workflowId, taskId, table: spoken(nodeView(graph, table)), lastWritten, asOf, writers });
    }
  }
  return reads;
}
