/** Reads definitions and templates: the only I/O of this source. */
import { readdir, stat } from "node:fs/promises";
import { isAbsolute, join, posix } from "node:path";
import type { Problem } from "../../../model/problem.ts";
import { syntaxProblems } from "../../../model/yaml-problems.ts";
import { globFiles } from "../../../util/glob.ts";
import { parsePlacedYaml } from "../../../util/parse-yaml.ts";
import { NOT_UTF8, readText } from "../../../util/read-text.ts";
import type { DeclaredJobs, JobSourceContext } from "../../job-source.ts";
import type { TemplateSourceConfig } from "./config.ts";
import { type Jinja, openJinja } from "./jinja/engine.ts";
import { type Definition, templateJobs } from "./map.ts";
import { type Parameters, readParameters } from "./parameters.ts";

const ENDINGS = [".json", ".yml", ".yaml"];
const PARAMETERS = ".params.yml";

const absolute = (dir: string, file: string) => (isAbsolute(file) ? file : join(dir, file));

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

function missingFolder(path: string, what: string): Problem {
  const hint = `a ${what} source needs both folders: definitions and templates`;
  const message = `there is no folder ${path}`;
  return { severity: "error", code: "no_folder", place: undefined, path: `jobs.sources.${what}`, message, hint };
}

/** Folder part of a pattern, before its first wildcard. */
function folderOf(pattern: string): string {
  const parts = pattern.split("/");
  const wild = parts.findIndex((part) => /[*?[{]/.test(part));
  return parts.slice(0, wild < 0 ? -1 : wild).join("/") || ".";
}

/** Text of a file, or undefined where it is no UTF-8: then `problems` say so. */
async function textOf(dir: string, file: string, problems: Problem[]): Promise<string | undefined> {
  try {
    return await readText(absolute(dir, file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== NOT_UTF8) throw error;
    const place = { file, line: 1, column: 1 };
    const hint = "save it as UTF-8";
    problems.push({ severity: "error", code: "unreadable", place, path: "", message: "the file is not UTF-8", hint });
    return undefined;
  }
}

/** Every file of the templates' folder, by its name within it. */
async function readTemplates(dir: string, folder: string, problems: Problem[]): Promise<Map<string, string>> {
  const root = absolute(dir, folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.replace(/[/\\]+$/, "").length + 1));
  const texts = new Map<string, string>();
  for (const name of names.sort()) {
    const shown = name.replaceAll("\\", "/");
    const text = await textOf(dir, posix.join(folder, shown), problems);
    if (text !== undefined) texts.set(shown, text);
  }
  return texts;
}

async function readDefinition(dir: string, file: string, problems: Problem[]): Promise<Definition[]> {
  const text = await textOf(dir, file, problems);
  if (text === undefined) return [];
  const { root, faults } = parsePlacedYaml(text, file);
  problems.push(...syntaxProblems(faults));
  if (root === undefined || faults.some(({ severity }) => severity === "error")) return [];
  if (root.kind === "map") return [{ file, node: root }];
  const place = { file, line: 1, column: 1 };
  const message = "a definition is a map of what its template reads";
  problems.push({ severity: "error", code: "wrong_type", place, path: "", message });
  return [];
}

/**
 * Reads all definitions and what their templates make of them. Faults never throw: they are in `problems`.
 */
export async function readTemplateSource(
  name: string,
  config: TemplateSourceConfig,
  context: JobSourceContext,
  signal?: AbortSignal,
): Promise<DeclaredJobs> {
  const problems: Problem[] = [];
  const { dir } = context;
  const folder = folderOf(config.definitions);
  if (!(await isFolder(absolute(dir, folder)))) problems.push(missingFolder(folder, "definitions"));
  if (!(await isFolder(absolute(dir, config.templates)))) problems.push(missingFolder(config.templates, "templates"));
  if (problems.length > 0) return { jobs: [], problems, inputs: [] };

  const files = await globFiles(dir, config.definitions, ENDINGS);
  if (files.length === 0) {
    const message = `no file matches ${config.definitions}`;
    const path = "jobs.sources.definitions";
    problems.push({ severity: "warning", code: "no_files", place: undefined, path, message });
  }
  const texts = await readTemplates(dir, config.templates, problems);
  const definitions: Definition[] = [];
  for (const file of files) {
    signal?.throwIfAborted();
    definitions.push(...(await readDefinition(dir, file, problems)));
  }
  const templates = new Map([...texts].filter(([file]) => !file.endsWith(PARAMETERS)));
  const parameters = new Map<string, Parameters>();
  for (const [file, text] of texts) {
    if (!file.endsWith(PARAMETERS)) continue;
    const shown = posix.join(config.templates, file);
    const { root, faults } = parsePlacedYaml(text, shown);
    problems.push(...syntaxProblems(faults));
    const stem = file.slice(0, -PARAMETERS.length);
    const of = [...templates.keys()].find((one) => one === stem || one.startsWith(`${stem}.`));
    if (of !== undefined) parameters.set(of, readParameters(root, problems));
  }
  const jinja: Jinja =
    definitions.length > 0 ? openJinja(templates) : { faults: new Map(), render: () => ({ text: "" }) };
  const inputs = [...files, ...[...texts.keys()].map((file) => posix.join(config.templates, file))].sort();
  const usesWorkspace = [...texts.values()].some((text) => text.includes("${workspace."));
  const made = templateJobs(definitions, {
    source: name,
    project: context.project,
    target: context.target,
    folder: config.templates,
    jinja,
    names: [...templates.keys()],
    parameters,
    variables: context.variables,
    defaults: context.defaults,
    profile: config.profile,
    workspace: usesWorkspace ? await context.workspace() : {},
  });
  return { jobs: made.jobs, problems: [...problems, ...made.problems], inputs };
}
