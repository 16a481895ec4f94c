/** Reads `processes/*.yml`: what the files declare, and everything that is wrong with them at its place. */
import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { Problem } from "../model/problem.ts";
import type { DeclaredProcess, SequenceDetails } from "../model/registration.ts";
import { duplicateKeyProblems, syntaxProblems } from "../model/yaml-problems.ts";
import { globFiles } from "../util/glob.ts";
import { parsePlacedYaml } from "../util/parse-yaml.ts";
import { jsonOf, type Placed } from "../util/placed-yaml.ts";
import { checkProcesses } from "./check-processes.ts";
import { problemsOf } from "./issues.ts";
import { ProcessesFile } from "./processes.ts";

/** A file as it was parsed. */
export interface ParsedProcesses {
  root: Placed;
  value: ProcessesFile;
}

/** What files of processes declare. */
export interface DeclaredCatalogue {
  sequences: SequenceDetails[];
  processes: DeclaredProcess[];
  /** In the order of the files and their lines. */
  problems: Problem[];
}

function parseFile(text: string, name: string): { parsed: ParsedProcesses | undefined; problems: Problem[] } {
  const { root, faults } = parsePlacedYaml(text, name);
  const problems = syntaxProblems(faults);
  if (!root || problems.some((problem) => problem.severity === "error")) return { parsed: undefined, problems };
  problems.push(...duplicateKeyProblems(root));
  const value = jsonOf(root);
  const parsed = ProcessesFile.safeParse(value);
  if (!parsed.success) problems.push(...problemsOf(parsed.error, ProcessesFile, root, value));
  return { parsed: parsed.data && { root, value: parsed.data }, problems };
}

function declaredOf({ value }: ParsedProcesses): DeclaredProcess[] {
  return value.processes.map(({ project, process, tasks, parameters, ...details }) => ({
    projectCode: project,
    processLoad: process,
    details,
    tasks,
    parameters,
  }));
}

/**
 * Reads files of processes.
 *
 * @param dir the project's folder
 * @param patterns paths or patterns, relative to it
 */
export async function readProcesses(dir: string, patterns: readonly string[]): Promise<DeclaredCatalogue> {
  const names = new Set<string>();
  const problems: Problem[] = [];
  for (const pattern of patterns) {
    const found = await globFiles(dir, pattern, [".yml", ".yaml"]);
    for (const name of found) names.add(name);
    if (found.length === 0) {
      problems.push({
        severity: "warning",
        code: "no_files",
        place: undefined,
        path: "runs.catalogue",
        message: `no file is called ${pattern}`,
        hint: "headgate runs sample writes one to start from",
      });
    }
  }
  const files: ParsedProcesses[] = [];
  for (const name of names) {
    const text = await readFile(isAbsolute(name) ? name : join(dir, name), "utf8");
    const { parsed, problems: faults } = parseFile(text, name);
    problems.push(...faults);
    if (parsed) files.push(parsed);
  }
  problems.push(...checkProcesses(files));
  const order = [...names];
  const place = ({ place: at }: Problem) => [at ? order.indexOf(at.file) : -1, at?.line ?? 0, at?.column ?? 0] as const;
  problems.sort((a, b) => {
    const [one, other] = [place(a), place(b)];
    return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
  });
  return {
    sequences: files.flatMap(({ value }) => value.sequences),
    processes: files.flatMap(declaredOf),
    problems,
  };
}
