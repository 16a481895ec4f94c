/** Reads YAML files of declared jobs: the only I/O of this source. */
import { isAbsolute, join, posix } from "node:path";
import { HeadgateError } from "../../../errors.ts";
import type { DeclaredJob } from "../../../model/job.ts";
import type { Problem } from "../../../model/problem.ts";
import { syntaxProblems } from "../../../model/yaml-problems.ts";
import { checkoutOf, originOf } from "../../../util/git.ts";
import { globFiles, isGlob } from "../../../util/glob.ts";
import { type ParsedYaml, parsePlacedYamls } from "../../../util/parse-yaml.ts";
import { memberOf, type YamlSource } from "../../../util/placed-yaml.ts";
import { readText as readUtf8 } from "../../../util/read-text.ts";
import { stableJson } from "../../../util/stable-json.ts";
import type { DeclaredJobs, JobSourceContext } from "../../job-source.ts";
import type { ParsedFile } from "./bundle.ts";
import { isOverrides, lookupKeys, overridesFile } from "./bundle-variables.ts";
import { digestOf, findReading, type KeptReading, keepReading, readingName } from "./cache.ts";
import type { YamlSourceConfig } from "./config.ts";
import { askAll, isLookup } from "./lookups.ts";
import { declaredJobs, type MapContext } from "./map.ts";
import { isRemote, remoteFiles } from "./remote-files.ts";
import { otherResourceKeys } from "./scope.ts";

const ENDINGS = [".yml", ".yaml", ".json"];

/** Texts of files as they were read, undefined for one that cannot be read. */
type Texts = Map<string, string | undefined>;

/** Files that a pattern matches: on this machine, also where a workspace's folders are mounted, else in the workspace. */
async function filesOf({ dir, folders }: JobSourceContext, pattern: string): Promise<string[]> {
  const here = await globFiles(dir, pattern, ENDINGS);
  if (here.length > 0 || !isRemote(pattern) || folders === undefined) return here;
  return (await remoteFiles(folders, pattern, ENDINGS)) ?? [];
}

/** Those of them that may declare something: a pattern for all files of a folder finds notes and scripts too. */
async function declarationsOf(context: JobSourceContext, pattern: string): Promise<string[]> {
  const files = await filesOf(context, pattern);
  return isGlob(pattern) ? files.filter((file) => ENDINGS.some((ending) => file.endsWith(ending))) : files;
}

/** Text of a file, where its pattern found it. @throws ENOENT and the like */
async function textOf({ dir, folders }: JobSourceContext, file: string): Promise<string> {
  try {
    return await readUtf8(isAbsolute(file) ? file : join(dir, file));
  } catch (error) {
    const text = isRemote(file) ? await folders?.read(file) : undefined;
    if (text === undefined) throw error;
    return text;
  }
}

/** Texts of the files that a pattern matches, by path. @throws HeadgateError of the workspace */
export async function textsOf(context: JobSourceContext, pattern: string): Promise<Map<string, string>> {
  const files = await filesOf(context, pattern);
  return new Map(
    await Promise.all(files.map(async (file): Promise<[string, string]> => [file, await textOf(context, file)])),
  );
}

/** Reads a file, each one once. */
async function readText(
  context: JobSourceContext,
  file: string,
  texts: Texts,
  problems: Problem[] = [],
): Promise<string | undefined> {
  const known = texts.get(file);
  if (known !== undefined) return known;
  try {
    const text = await textOf(context, file);
    texts.set(file, text);
    return text;
  } catch (error) {
    if (error instanceof HeadgateError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    const message = `the file cannot be read (${reason})`;
    problems.push({ severity: "error", code: "unreadable", place: { file, line: 1, column: 1 }, path: "", message });
    texts.set(file, undefined);
    return undefined;
  }
}

/** A file as it was parsed; undefined when it cannot be used (the problems say why). */
function usableFile(
  { file, text }: YamlSource,
  { root, faults }: ParsedYaml,
  problems: Problem[],
): ParsedFile | undefined {
  const start = { file, line: 1, column: 1 };
  problems.push(...syntaxProblems(faults));
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
  return {
    file,
    root,
    usesWorkspace: text.includes("${workspace."),
    usesGit: text.includes("${bundle.git."),
  };
}

const asSources = (texts: Texts): YamlSource[] => [...texts].map(([file, text]) => ({ file, text: text ?? "" }));

/** Those files that can be used, in their order. */
function parseFiles(read: readonly YamlSource[], problems: Problem[]): ParsedFile[] {
  const yamls = parsePlacedYamls(read);
  const usable = read.map((source, index) => usableFile(source, yamls[index] as ParsedYaml, problems));
  return usable.filter((file) => file !== undefined);
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

/** Where values of the variables of the file's bundle may lie, relative to the project. */
function overridesOf(parsed: ParsedFile, target: string): string[] {
  return memberOf(parsed.root, "bundle") ? [posix.join(posix.dirname(parsed.file), overridesFile(target))] : [];
}

/** One source, as it was opened. */
interface Opened {
  name: string;
  config: YamlSourceConfig;
  context: JobSourceContext;
}

/**
 * Reads all files of the source, and what bundle files among them include, each once, in the order of their names.
 * Faults never throw: they are in `problems`. Files that are as they were at the last time are not parsed again, where
 * the context says where that may be kept.
 */
export async function readYamlSource(
  name: string,
  config: YamlSourceConfig,
  context: JobSourceContext,
  signal?: AbortSignal,
): Promise<DeclaredJobs> {
  const source = { name, config, context };
  const { cache } = context;
  const texts: Texts = new Map();
  if (cache === undefined) return (await parseAll(source, texts, signal)).read;
  const kept = readingName(name, config, context, cache);
  const before = await findReading(cache.folder, kept);
  if (before !== undefined && (await isCurrent(before, context, texts))) return asKept(before, source, texts);
  const { read, reading } = await parseAll(source, texts, signal);
  if (![...texts.values()].includes(undefined)) await keepReading(cache.folder, kept, reading);
  return read;
}

/** All files of a source, parsed, in the order of their names. Faults are added to `problems`. */
export async function parseYamlFiles(
  config: YamlSourceConfig,
  context: JobSourceContext,
  problems: Problem[],
): Promise<ParsedFile[]> {
  const { files } = await findAll({ name: "", config, context }, new Map(), problems, undefined);
  return sorted([...files.values()]);
}

/** Finds, reads and parses files, and those that they include. */
async function findAll(
  { config, context }: Opened,
  texts: Texts,
  problems: Problem[],
  signal: AbortSignal | undefined,
): Promise<{ files: Map<string, ParsedFile | undefined>; found: KeptReading["patterns"] }> {
  const files = new Map<string, ParsedFile | undefined>();
  const found: KeptReading["patterns"] = [];
  const patterns = Array.isArray(config.path) ? [...config.path] : [config.path];
  for (let pattern = patterns.shift(); pattern !== undefined; pattern = patterns.shift()) {
    signal?.throwIfAborted();
    const matched = await declarationsOf(context, pattern);
    found.push({ pattern, files: matched });
    if (matched.length === 0 && !isOverrides({ file: pattern })) problems.push(nothingThere(pattern, config, context));
    // Each is a call: side by side, as fast as the client lets them.
    if (isRemote(pattern)) await Promise.all(matched.map((file) => readText(context, file, texts, problems)));
    const read: YamlSource[] = [];
    for (const file of matched.filter((one) => !files.has(one))) {
      const text = await readText(context, file, texts, problems);
      files.set(file, undefined);
      if (text !== undefined) read.push({ file, text });
    }
    for (const parsed of parseFiles(read, problems)) {
      files.set(parsed.file, parsed);
      patterns.push(...includesOf(parsed), ...overridesOf(parsed, context.target));
    }
  }
  return { files, found };
}

/** Finds, reads and parses all files, and makes jobs of them. */
async function parseAll(
  source: Opened,
  texts: Texts,
  signal: AbortSignal | undefined,
): Promise<{ read: DeclaredJobs; reading: KeptReading }> {
  const { context } = source;
  const problems: Problem[] = [];
  const { files, found } = await findAll(source, texts, problems, signal);
  const parsed = sorted([...files.values()]);
  const lookups = lookupKeys(parsed, context.target, context.variables);
  const asks = lookups.length > 0 || parsed.some(asksForWorkspace);
  const keys = (workspace: MapContext["workspace"]) => [
    ...lookups,
    ...otherResourceKeys(parsed, { ...context, workspace }),
  ];
  const workspace = asks ? await valuesOf(context, parsed.some(asksForGit), keys) : undefined;
  const made = declaredJobs(parsed, mapContext(source, workspace ?? {}));
  const read = { jobs: made.jobs, problems: [...problems, ...made.problems], inputs: [...files.keys()].sort() };
  const digests = Object.fromEntries([...files.keys()].map((file) => [file, digestOf(texts.get(file) ?? "")]));
  const jobs = made.jobs.map(({ placeOf: _placeOf, ...job }) => job);
  const asked = workspace === undefined ? null : known(workspace);
  return { read, reading: { patterns: found, digests, workspace: asked, jobs, problems: read.problems } };
}

function mapContext({ name, config, context }: Opened, workspace: MapContext["workspace"]): MapContext {
  const { dir, mode, project, target, variables, defaults } = context;
  const { profile, prefix, queriesPath, controlTable, warehouse = context.warehouse } = config;
  const own = { profile, prefix, queriesPath, controlTable, warehouse };
  return { source: name, dir, mode, project, target, variables, defaults, workspace, ...own };
}

function sorted(files: readonly (ParsedFile | undefined)[]): ParsedFile[] {
  return files.filter((file) => file !== undefined).sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

/** Values that are known. */
function known(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

/** True where the same patterns give the same files with the same texts, and the workspace answers the same. */
async function isCurrent(before: KeptReading, context: JobSourceContext, texts: Texts): Promise<boolean> {
  for (const { pattern, files } of before.patterns) {
    const matched = await declarationsOf(context, pattern);
    if (matched.length !== files.length || matched.some((file, index) => file !== files[index])) return false;
    if (isRemote(pattern)) await Promise.all(matched.map((file) => readText(context, file, texts)));
    for (const file of matched) {
      const text = await readText(context, file, texts);
      if (text === undefined || digestOf(text) !== before.digests[file]) return false;
    }
  }
  const { workspace } = before;
  if (workspace === null) return true;
  const now = await valuesOf(context, COMMIT in workspace, () => Object.keys(workspace).filter(isLookup));
  return stableJson(workspace) === stableJson(known(now));
}

/** A reading of unchanged files. Places within a job are seldom asked for: only then the files are parsed after all. */
function asKept(before: KeptReading, source: Opened, texts: Texts): DeclaredJobs {
  let parsed: Map<string, DeclaredJob> | undefined;
  const parse = (): Map<string, DeclaredJob> => {
    const files = sorted(parseFiles(asSources(texts), []));
    const { jobs } = declaredJobs(files, mapContext(source, before.workspace ?? {}));
    return new Map(jobs.map((job) => [job.resource, job]));
  };
  const parsedJob = (resource: string) => {
    parsed ??= parse();
    return parsed.get(resource);
  };
  const jobs = before.jobs.map((job) => ({
    ...job,
    placeOf: (path: string) => parsedJob(job.resource)?.placeOf(path) ?? job.place,
  }));
  return { jobs, problems: before.problems, inputs: [...texts.keys()].sort() };
}

/** True for a file that needs to know who we are in the workspace, or where it was checked out. */
function asksForWorkspace(parsed: ParsedFile): boolean {
  const ofBundle = ["resources", "bundle", "targets"].some((key) => parsed.root.members.has(key));
  return ofBundle || parsed.usesWorkspace || asksForGit(parsed);
}

const asksForGit = ({ usesGit }: ParsedFile): boolean => usesGit === true;

const COMMIT = "bundle.git.commit";

/**
 * Values of `${workspace.…}`, with `wantsGit` of `${bundle.git.…}`, and what is looked up: what is declared is one
 * reading of them all.
 */
async function valuesOf(
  { dir, workspace, lookUp }: JobSourceContext,
  wantsGit: boolean,
  lookups: (values: MapContext["workspace"]) => readonly string[],
): Promise<MapContext["workspace"]> {
  const told = await workspace();
  const values = { ...told, ...(await askAll(lookups(told), lookUp)) };
  if (!wantsGit) return values;
  const [checkout, origin] = await Promise.all([checkoutOf(dir), originOf(dir)]);
  const branch = checkout?.branch ?? undefined;
  return { ...values, [COMMIT]: checkout?.commit ?? "", "bundle.git.branch": branch, "bundle.git.origin_url": origin };
}

function nothingThere(pattern: string, config: YamlSourceConfig, context: JobSourceContext): Problem {
  const unread = isRemote(pattern) && context.folders === undefined;
  const own = Array.isArray(config.path) ? config.path.includes(pattern) : config.path === pattern;
  return {
    severity: unread ? "error" : "warning",
    code: unread ? "unsupported" : "no_files",
    place: undefined,
    path: own ? "jobs.sources.path" : "include",
    message: unread ? `${pattern} is not on this machine` : `no file matches ${pattern}`,
    hint: unread ? "without a workspace its folders are read only where they are mounted" : undefined,
  };
}
