/** Reads YAML files of declared jobs: the only I/O of this source. */
import { readFile } from "node:fs/promises";
import { isAbsolute, join, posix } from "node:path";
import type { Problem } from "../../../model/problem.ts";
import { globFiles } from "../../../util/glob.ts";
import { parsePlacedYaml } from "../../../util/parse-yaml.ts";
import { memberOf, placeOfSpot } from "../../../util/placed-yaml.ts";
import type { DeclaredJobs, JobSourceContext } from "../../job-source.ts";
import type { ParsedFile } from "./bundle.ts";
import type { YamlSourceConfig } from "./config.ts";
import { declaredJobs } from "./map.ts";

const ENDINGS = [".yml", ".yaml", ".json"];

/** One file, parsed; undefined when it cannot be used (the problems say why). */
async function readOne(dir: string, file: string, problems: Problem[]): Promise<ParsedFile | undefined> {
  let text: string;
  const start = { file, line: 1, column: 1 };
  try {
    text = await readFile(isAbsolute(file) ? file : join(dir, file), "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    const message = `the file cannot be read (${reason})`;
    problems.push({ severity: "error", code: "unreadable", place: start, path: "", message });
    return undefined;
  }
  const { root, faults } = parsePlacedYaml(text, file);
  for (const { severity, message, hint, spot } of faults) {
    problems.push({ severity, code: "yaml_syntax", place: placeOfSpot(spot), path: "", message, hint });
  }
  if (faults.some((fault) => fault.severity === "error") || root === undefined) return undefined;
  if (root.kind !== "map") {
    const hint = "declare jobs under `jobs:` or `resources: jobs:`";
    problems.push({
      severity: "error",
      code: "wrong_type",
      place: start,
      path: "",
      message: "the file is no map",
      hint,
    });
    return undefined;
  }
  return { file, root, usesWorkspace: text.includes("${workspace.") };
}

/** Patterns of a file's `include:`, relative to the project. */
function includesOf(parsed: ParsedFile): string[] {
  const include = memberOf(parsed.root, "include");
  const items = include?.kind === "list" ? include.items : include ? [include] : [];
  const folder = posix.dirname(parsed.file);
  return items.flatMap((item) =>
    item.kind === "scalar" && typeof item.value === "string" ? [posix.join(folder, item.value)] : [],
  );
}

/**
 * Reads all files of the source, and what bundle files among them include, each once, in the order of their names.
 * Faults never throw: they are in `problems`.
 */
export async function readYamlSource(
  name: string,
  config: YamlSourceConfig,
  context: JobSourceContext,
  signal?: AbortSignal,
): Promise<DeclaredJobs> {
  const problems: Problem[] = [];
  const files = new Map<string, ParsedFile | undefined>();
  const patterns = Array.isArray(config.path) ? [...config.path] : [config.path];
  for (let pattern = patterns.shift(); pattern !== undefined; pattern = patterns.shift()) {
    signal?.throwIfAborted();
    const matched = await globFiles(context.dir, pattern, ENDINGS);
    if (matched.length === 0) problems.push(nothingThere(pattern, config));
    for (const file of matched) {
      if (files.has(file)) continue;
      const parsed = await readOne(context.dir, file, problems);
      files.set(file, parsed);
      if (parsed) patterns.push(...includesOf(parsed));
    }
  }
  const parsed = [...files.values()].filter((file) => file !== undefined);
  parsed.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  const made = declaredJobs(parsed, {
    source: name,
    project: context.project,
    target: context.target,
    profile: config.profile,
    variables: context.variables,
    defaults: context.defaults,
    workspace: parsed.some(asksForWorkspace) ? await context.workspace() : {},
  });
  return { jobs: made.jobs, problems: [...problems, ...made.problems], inputs: [...files.keys()].sort() };
}

/** True for a file that needs to know who we are in the workspace. */
function asksForWorkspace(parsed: ParsedFile): boolean {
  return memberOf(parsed.root, "resources") !== undefined || parsed.usesWorkspace;
}

function nothingThere(pattern: string, config: YamlSourceConfig): Problem {
  const remote = /^\/(?:Volumes|Workspace)\//.test(pattern);
  const own = Array.isArray(config.path) ? config.path.includes(pattern) : config.path === pattern;
  return {
    severity: remote ? "error" : "warning",
    code: remote ? "unsupported" : "no_files",
    place: undefined,
    path: own ? "jobs.sources.path" : "include",
    message: remote ? `${pattern} is not on this machine` : `no file matches ${pattern}`,
    hint: remote
      ? "this version of headgate reads volumes and workspace folders only where they are mounted"
      : undefined,
  };
}
