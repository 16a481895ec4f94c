/** Processes that nobody declared: made of the runs of a job that no catalogue names. Pure. */
import { createHash } from "node:crypto";
import { lastingName } from "../../model/lasting-name.ts";
import type { Process, ProcessTask, Sequence } from "../../model/process.ts";
import type { Run } from "../../model/run.ts";
import type { MatchedProcess } from "../match.ts";
import { attemptsOfTask, taskKeys } from "./attempts.ts";

/** Stages of discovered tasks are numbered from here, by how many tasks lie before them. */
const FIRST_STAGE = 1_000;
const CODE_LENGTH = 128;

/** A process with tasks and stages to declare, and what the run is of it. */
export interface Discovered {
  process: Process;
  tasks: ProcessTask[];
  sequences: Sequence[];
  matched: MatchedProcess;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The code of a process: the job's name, or its beginning with a digest of all of it. */
function loadOf(run: Run): string {
  const name = (run.oneOff ? lastingName(run.name) : run.name).trim() || `job ${run.jobId ?? run.runId}`;
  return name.length <= CODE_LENGTH ? name : `${name.slice(0, CODE_LENGTH - 9)}~${digest(name).slice(0, 8)}`;
}

/**
 * A number for each task that follows from its name alone, so that runs may be read in any order. Nine digits; where two
 * names of one run fall together, the later in the alphabet takes another.
 */
export function taskIdsOf(keys: readonly string[]): Map<string, number> {
  const ids = new Map<string, number>();
  const taken = new Set<number>();
  for (const key of [...keys].sort()) {
    for (let turn = 0; !ids.has(key); turn += 1) {
      const text = turn === 0 ? key : `${key}#${turn}`;
      const id = 100_000_000 + (Number.parseInt(digest(text).slice(0, 12), 16) % 900_000_000);
      if (taken.has(id)) continue;
      taken.add(id);
      ids.set(key, id);
    }
  }
  return ids;
}

/** How many tasks lie before each on its longest way; a cycle, which the platform refuses, counts as no way. */
function levelsOf(run: Run): Map<string, number> {
  const before = new Map<string, Set<string>>();
  for (const { taskKey, dependsOn } of run.tasks) {
    before.set(taskKey, new Set([...(before.get(taskKey) ?? []), ...dependsOn]));
  }
  const levels = new Map<string, number>();
  const level = (key: string, path: ReadonlySet<string>): number => {
    const known = levels.get(key);
    if (known !== undefined) return known;
    const needs = [...(before.get(key) ?? [])].filter((one) => before.has(one) && !path.has(one));
    const found = needs.length === 0 ? 0 : 1 + Math.max(...needs.map((one) => level(one, new Set([...path, key]))));
    levels.set(key, found);
    return found;
  };
  for (const key of before.keys()) level(key, new Set());
  return levels;
}

/** What a run tells of its job. @param project the headgate project: its name is the process's project code */
export function discover(run: Run, project: string, timezone: string): Discovered {
  const projectCode = project.slice(0, CODE_LENGTH);
  const processLoad = loadOf(run);
  const process: Process = {
    projectCode,
    processLoad,
    name: run.name || null,
    description: "Discovered: runs of a job that no catalogue names",
    owner: null,
    // Nobody said when it is expected: it is never late.
    loadFrequency: "A",
    timezone,
    deadline: null,
    isActive: true,
  };
  const keys = taskKeys(run);
  const ids = taskIdsOf(keys);
  const levels = levelsOf(run);
  const sequenceOf = (key: string) => FIRST_STAGE + (levels.get(key) ?? 0);
  const tasks = keys.map(
    (key): ProcessTask => ({
      projectCode,
      processLoad,
      workflowId: 1,
      taskId: ids.get(key) ?? 0,
      sequenceId: sequenceOf(key),
      name: key,
      description: null,
      sourceType: "DBX_JOB",
      sourceIdentifier: `${run.oneOff ? processLoad : run.name}/${key}`,
      sourceSystemCode: null,
      loadFrequency: "A",
      mandatory: true,
      expectedSeconds: null,
      owner: null,
      expect: null,
      fileNameMask: null,
      fileExtension: null,
      inFilePath: null,
      outFilePath: null,
      isActive: true,
      discovered: true,
    }),
  );
  const sequences = [...new Set(tasks.map(({ sequenceId }) => sequenceId))]
    .sort((a, b) => a - b)
    .map(
      (sequenceId): Sequence => ({
        sequenceId,
        sequenceCode: `LEVEL_${sequenceId - FIRST_STAGE}`,
        name: `Level ${sequenceId - FIRST_STAGE}`,
        description: "Tasks of discovered processes with so many tasks before them",
        sortOrder: sequenceId,
        isActive: true,
      }),
    );
  const matched: MatchedProcess = {
    process,
    discovered: true,
    severalJobs: false,
    tasks: keys.map((taskKey) => ({
      workflowId: 1,
      taskId: ids.get(taskKey) ?? 0,
      taskKey,
      attempts: attemptsOfTask(run, taskKey),
    })),
  };
  return { process, tasks, sequences, matched };
}
