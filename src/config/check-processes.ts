/** Rules that hold between parts of `processes/*.yml`, across files: names that occur twice, references that lead nowhere. Pure. */
import type { Problem } from "../model/problem.ts";
import { nearest } from "../util/nearest.ts";
import { placeOfSpot } from "../util/placed-yaml.ts";
import { pathText, spotOf } from "./issues.ts";
import type { ParsedProcesses } from "./read-processes.ts";

/** Numbers of stages that are built in; those up to 9 are kept for more of them. */
const BUILT_IN = 6;
const FIRST_OWN = 10;
const EXPECTATION = /^(>=|<=|>|<|=|!=)\s*-?\d+(\.\d+)?$/;

type Path = (string | number)[];

interface Finder {
  add(severity: Problem["severity"], code: string, path: Path, message: string, hint?: string): void;
}

function finderOf({ root }: ParsedProcesses, problems: Problem[]): Finder {
  return {
    add: (severity, code, path, message, hint) =>
      problems.push({ severity, code, place: placeOfSpot(spotOf(root, path)), path: pathText(path), message, hint }),
  };
}

/** Where something was first seen, to say it of the second. */
type Seen = Map<string, string>;

function seenBefore(seen: Seen, key: string, { root }: ParsedProcesses, path: Path): string | undefined {
  const first = seen.get(key);
  const { file, line } = placeOfSpot(spotOf(root, path));
  if (first === undefined) seen.set(key, `${file}:${line}`);
  return first;
}

type ProcessValue = ParsedProcesses["value"]["processes"][number];

function checkTasks(file: ParsedProcesses, at: number, process: ProcessValue, own: ReadonlySet<number>, find: Finder) {
  const numbers: Seen = new Map();
  const names: Seen = new Map();
  const parameters = process.parameters.map((one) => one.name);
  process.tasks.forEach((task, index) => {
    const path: Path = ["processes", at, "tasks", index];
    const number = `${task.workflowId}/${task.taskId}`;
    const twice = seenBefore(numbers, number, file, path);
    if (twice)
      find.add("error", "duplicate_task", [...path, "taskId"], `the task ${number} is there already, at ${twice}`);
    const named = seenBefore(names, task.name, file, path);
    if (named)
      find.add(
        "warning",
        "duplicate_name",
        [...path, "name"],
        `'${task.name}' is also the name of the task at ${named}`,
      );
    const { sequenceId, sourceSystemCode: code } = task;
    const isInitiation = task.workflowId === 0 && task.taskId === 0;
    if (isInitiation !== (sequenceId === 0 || task.workflowId === 0)) {
      const message = "workflow 0 and sequence 0 are those of task 0, which stands for the run as a whole";
      find.add("error", "bad_initiation", [...path, "sequenceId"], message, "number your tasks from workflow 1 on");
    } else if (sequenceId > BUILT_IN && !own.has(sequenceId)) {
      const reserved = sequenceId < FIRST_OWN;
      find.add(
        reserved ? "error" : "warning",
        "unknown_sequence",
        [...path, "sequenceId"],
        `there is no stage ${sequenceId}${reserved ? "" : " in these files"}`,
        "0 to 6 are built in; declare others from 10 on under 'sequences'",
      );
    }
    if (code !== undefined && !parameters.includes(code)) {
      const near = nearest(code, parameters);
      const hint = near
        ? `did you mean ${near}?`
        : "without it no watermark is kept, and the task always loads everything";
      find.add(
        "warning",
        "unknown_parameter",
        [...path, "sourceSystemCode"],
        `the process declares no parameter ${code}`,
        hint,
      );
    }
    for (const [metric, expected] of Object.entries(task.expect ?? {})) {
      if (EXPECTATION.test(expected)) continue;
      const message = `'${expected}' is no expectation`;
      find.add("error", "bad_value", [...path, "expect", metric], message, 'write a comparison, as in ">= 1"');
    }
  });
}

function checkParameters(file: ParsedProcesses, at: number, process: ProcessValue, find: Finder) {
  const names: Seen = new Map();
  process.parameters.forEach(({ name, type }, index) => {
    const path: Path = ["processes", at, "parameters", index];
    const twice = seenBefore(names, name, file, path);
    if (twice) find.add("error", "duplicate_name", [...path, "name"], `${name} is declared already, at ${twice}`);
    if ((type === "SYSTEM") !== (name === "SYSDT")) {
      const message = "SYSDT is the only parameter of type SYSTEM, and is nothing else";
      find.add("error", "bad_value", [...path, "type"], message);
    }
  });
}

/** Faults between the parts of the files. */
export function checkProcesses(files: readonly ParsedProcesses[]): Problem[] {
  const problems: Problem[] = [];
  const processes: Seen = new Map();
  const sequences: Seen = new Map();
  const own = new Set(files.flatMap(({ value }) => value.sequences.map((one) => one.sequenceId)));
  for (const file of files) {
    const find = finderOf(file, problems);
    file.value.sequences.forEach(({ sequenceId }, index) => {
      const path: Path = ["sequences", index, "sequenceId"];
      const twice = seenBefore(sequences, String(sequenceId), file, path);
      if (twice)
        find.add("error", "duplicate_sequence", path, `the stage ${sequenceId} is declared already, at ${twice}`);
      if (sequenceId < FIRST_OWN) find.add("error", "bad_value", path, "numbers below 10 are built in");
    });
    file.value.processes.forEach((process, at) => {
      const key = `${process.project}/${process.process}`;
      const twice = seenBefore(processes, key, file, ["processes", at]);
      if (twice)
        find.add("error", "duplicate_process", ["processes", at, "process"], `${key} is declared already, at ${twice}`);
      checkTasks(file, at, process, own, find);
      checkParameters(file, at, process, find);
    });
  }
  return problems;
}
