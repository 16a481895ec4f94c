/** Which tasks of the catalogue a platform's run is a run of. Pure. */
import type { Process, ProcessTask } from "../model/process.ts";
import type { Run } from "../model/run.ts";
import { type Attempt, attemptsOfRun, attemptsOfTask, taskKeys } from "./observe/attempts.ts";

/** A process with its tasks, as the catalogue has them. */
export interface Catalogued {
  process: Process;
  tasks: readonly ProcessTask[];
}

/** Where tasks are found by what they name. */
export interface NamedTasks {
  /** By notebook path, without what may differ in writing. */
  byPath: ReadonlyMap<string, readonly TaskOf[]>;
  /** By name or id of a job, or of a job's task (`Nightly sales/load`). */
  byJob: ReadonlyMap<string, readonly TaskOf[]>;
}

interface TaskOf {
  process: Process;
  task: ProcessTask;
  /** The tasks of its process name more than one job, or notebooks that a scheduler submits one by one. */
  severalJobs: boolean;
}

/** What a run is of one process. */
export interface MatchedProcess {
  process: Process;
  /** Only seen running, never declared. */
  discovered: boolean;
  /** One run of the process is made of several runs of the platform. */
  severalJobs: boolean;
  tasks: { workflowId: number; taskId: number; taskKey: string | null; attempts: Attempt[] }[];
}

/** `/Workspace/Shared/etl/load.py` and `/Shared/etl/load` are one notebook. */
function pathKey(path: string): string {
  return path
    .trim()
    .replace(/^\/Workspace(?=\/)/, "")
    .replace(/\/+$/, "")
    .replace(/\.(py|sql|scala|r|ipynb)$/i, "");
}

/** Indexes the active tasks that name something of Databricks (`DBX_…`), but for those that were only discovered. */
export function nameTasks(catalogue: readonly Catalogued[]): NamedTasks {
  const byPath = new Map<string, TaskOf[]>();
  const byJob = new Map<string, TaskOf[]>();
  const add = (map: Map<string, TaskOf[]>, key: string, one: TaskOf) => map.set(key, [...(map.get(key) ?? []), one]);
  for (const { process, tasks } of catalogue) {
    if (!process.isActive) continue;
    const named = tasks.filter(
      (task) => task.isActive && !task.discovered && task.sourceType?.startsWith("DBX_") && task.sourceIdentifier,
    );
    const jobs = named.flatMap(({ sourceIdentifier }) =>
      sourceIdentifier?.startsWith("/") ? [] : [sourceIdentifier?.split("/")[0] ?? ""],
    );
    const severalJobs = new Set(jobs).size > 1;
    for (const task of named) {
      const name = task.sourceIdentifier ?? "";
      if (name.startsWith("/")) add(byPath, pathKey(name), { process, task, severalJobs });
      else add(byJob, name, { process, task, severalJobs });
    }
  }
  return { byPath, byJob };
}

/** What a run is: of every process that names its job, one of its tasks or one of its notebooks. Sorted by process. */
export function matchRun(named: NamedTasks, run: Run): MatchedProcess[] {
  const found = new Map<string, MatchedProcess>();
  const add = ({ process, task, severalJobs }: TaskOf, taskKey: string | null, attempts: Attempt[]) => {
    const key = JSON.stringify([process.projectCode, process.processLoad]);
    const known = found.get(key) ?? {
      process,
      discovered: false,
      severalJobs: severalJobs || run.oneOff === true,
      tasks: [],
    };
    const { workflowId, taskId } = task;
    // A notebook may be named by path and its task by name: it is one step all the same.
    if (known.tasks.some((one) => one.workflowId === workflowId && one.taskId === taskId)) return;
    known.tasks.push({ workflowId, taskId, taskKey, attempts });
    found.set(key, known);
  };
  const jobNames = [run.name, ...(run.jobId === undefined ? [] : [run.jobId])].filter((name) => name !== "");
  for (const name of jobNames) {
    for (const one of named.byJob.get(name) ?? []) add(one, null, attemptsOfRun(run));
  }
  for (const taskKey of taskKeys(run)) {
    const attempts = attemptsOfTask(run, taskKey);
    const work = run.tasks.find((task) => task.taskKey === taskKey)?.work;
    const path = work?.kind === "notebook_task" ? work.name : undefined;
    for (const one of path === undefined ? [] : (named.byPath.get(pathKey(path)) ?? [])) add(one, taskKey, attempts);
    for (const name of jobNames) {
      for (const one of named.byJob.get(`${name}/${taskKey}`) ?? []) add(one, taskKey, attempts);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, matched]) => matched);
}
