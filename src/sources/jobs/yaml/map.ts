/** Parsed YAML files → declared jobs. Pure. */
import type { DeclaredJob, JobSettings } from "../../../model/job.ts";
import type { Problem } from "../../../model/problem.ts";
import { type ReferenceScope, substitute, type Variable } from "../../../model/reference.ts";
import { duplicateKeyProblems } from "../../../model/yaml-problems.ts";
import {
  jsonOf,
  memberOf,
  memberText,
  overlay,
  type Placed,
  type PlacedMap,
  type PlacedMember,
  placedAt,
  placeOfSpot,
  type Spot,
} from "../../../util/placed-yaml.ts";
import { fillReferences } from "../fill-references.ts";
import { type LakeflowContext, lakeflowJob, type MetadataEntry } from "../lakeflow-job.ts";
import { DEFAULT_CONTROL_TABLE, doubledSources, jobOfModule, modulesIn, resourceOf } from "../lakeflow-modules.ts";
import type { MetadataForm } from "../lakeflow-profile.ts";
import { permissionsOf } from "../permissions.ts";
import { placeText, problemAt } from "../problems.ts";
import { jobListKey, placeFinder, settingsFor } from "../settings.ts";
import { applyPresets, bundleDefaults, onCluster, type Presets, withoutPoolFields } from "./additions.ts";
import { type BundleFacts, type ParsedFile, uploadedFrom } from "./bundle.ts";
import { isOverrides, targetsOf } from "./bundle-variables.ts";
import { localPaths } from "./local-paths.ts";
import { mergeOverride } from "./merge-override.ts";
import { checkMoves, movedIn } from "./moved.ts";
import { openScope } from "./scope.ts";

/** What {@link declaredJobs} is told. */
export interface MapContext {
  source: string;
  project: string;
  target: string;
  profile: "bundle" | "lakeflow-meta" | undefined;
  variables: ReadonlyMap<string, Variable>;
  defaults: Placed | undefined;
  /** SQL warehouse of tasks that name none. */
  warehouse?: string | undefined;
  /** Folder of saved queries. */
  queriesPath?: string | undefined;
  /** What stands before names of jobs, instead of what the profile says. */
  prefix?: string | undefined;
  /** The control table that notebooks of v0.1 are told of. */
  controlTable?: string | undefined;
  /** Known values of `${workspace.…}`. */
  workspace: Readonly<Record<string, string | undefined>>;
  /** Folder of the project, absolute: a bundle may upload folders above it. */
  dir?: string | undefined;
  /** Mode of headgate's own target. */
  mode?: "development" | "production" | undefined;
}

/** A job as it stands in a file. */
interface Entry {
  resource: string;
  key: Spot;
  node: Placed;
  /** From `resources: jobs:`: local paths are those of a bundle. */
  bundled: boolean;
  form: MetadataForm;
  /** The name it gives, where that is not among its settings. */
  name?: string | undefined;
}

const RESOURCE = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** Jobs of a list, each with a `job_name`: the form between v0.1 and v0.2 of lakeflow_jobs_meta. */
function listedJobs(list: Placed & { kind: "list" }, problems: Problem[]): Entry[] {
  return list.items.flatMap((item, index): Entry[] => {
    const name = memberText(item, "job_name");
    if (item.kind !== "map" || name === undefined || name === "") {
      const message = "a job of a list needs a job_name";
      problems.push(problemAt(item, `jobs[${index}]`, { code: "missing_field", message }));
      return [];
    }
    const { job_name: key, ...rest } = Object.fromEntries(item.members);
    const node = { ...item, members: new Map(Object.entries(rest)) };
    return [{ resource: resourceOf(name), key: key ?? item, node, bundled: false, form: "job", name }];
  });
}

/** Modules of v0.1. */
function moduleJobs(file: ParsedFile, context: Pick<MapContext, "controlTable">, problems: Problem[]): Entry[] {
  return modulesIn(file.root, problems).map((module) => {
    doubledSources(module, problems);
    const node = jobOfModule(module, context.controlTable ?? DEFAULT_CONTROL_TABLE, problems);
    const { name, spot: key } = module;
    return { resource: resourceOf(name), key, node, bundled: false, form: "module", name };
  });
}

/** Jobs of one file: under `jobs:` and `resources: jobs:`, and modules. */
function entriesOf(
  file: ParsedFile,
  context: Pick<MapContext, "controlTable">,
  scope: ReferenceScope,
  problems: Problem[],
): Entry[] {
  const entries: Entry[] = moduleJobs(file, context, problems);
  const read = (node: Placed | undefined, path: string, bundled: boolean) => {
    if (!node || (node.kind === "scalar" && node.value === null)) return;
    if (node.kind === "list" && memberText(file.root, "metadata_version")?.startsWith("1")) {
      entries.push(...listedJobs(node, problems));
      return;
    }
    if (node.kind !== "map") {
      const hint = "write a map from resource id to job: `jobs: { nightly: { tasks: [...] } }`";
      const what = node.kind === "list" ? "a list" : "a text";
      problems.push(problemAt(node, path, { code: "wrong_type", message: `jobs are a map, found ${what}`, hint }));
      return;
    }
    for (const [key, member] of node.members) {
      const { value, faults } = substitute(key, scope);
      for (const fault of faults) problems.push(problemAt(member, path, { ...fault, resource: key }));
      if (faults.some((fault) => fault.severity === "error")) continue;
      const resource = String(value);
      if (!RESOURCE.test(resource)) {
        const message = `'${resource}' is no resource id`;
        const hint = "use letters, digits, _ - and .";
        problems.push(problemAt(member, path, { code: "bad_resource", message, hint, resource }));
        continue;
      }
      entries.push({ resource, key: member, node: member.value, bundled, form: "job" });
    }
    for (const { key, first, second } of node.duplicates ?? []) {
      problems.push(problemAt(second, path, duplicateFault(key, first)));
    }
  };
  read(memberOf(file.root, "jobs"), "jobs", false);
  read(memberOf(memberOf(file.root, "resources"), "jobs"), "resources.jobs", true);
  return entries;
}

/** The jobs of metadata files as they stand there: for whoever keeps them elsewhere. */
export function metadataEntries(
  files: readonly ParsedFile[],
  { variables, controlTable }: { variables: ReadonlyMap<string, Variable>; controlTable: string },
  problems: Problem[],
): MetadataEntry[] {
  return files.flatMap((file) => entriesOf(file, { controlTable }, { variables }, problems));
}

function duplicateFault(resource: string, first: Spot) {
  return {
    code: "duplicate_resource",
    message: `resource '${resource}' is declared twice, first at ${placeText(placeOfSpot(first))}`,
    hint: "rename one of them",
    resource,
  };
}

/** A metadata file of v0.1 without modules, or a job at the top of a file. */
function checkForm(file: ParsedFile, problems: Problem[]): boolean {
  const version = file.root.members.get("metadata_version");
  if (version && !["modules", "jobs", "resources"].some((key) => file.root.members.has(key))) {
    const message = "this metadata file has neither modules nor jobs";
    const hint = "v0.1 has `modules:`, a list; v0.2 has `jobs:`, a map";
    problems.push(problemAt(version, "metadata_version", { code: "missing_field", message, hint }));
    return false;
  }
  const tasks = file.root.members.get("tasks");
  if (tasks && !file.root.members.has("jobs")) {
    const hint = "put the job below a resource id: `jobs: { my_job: { tasks: [...] } }`";
    problems.push(
      problemAt(tasks, "tasks", { code: "wrong_type", message: "a job stands at the top of the file", hint }),
    );
    return false;
  }
  return true;
}

/** Members of a declared job that are no settings. */
const OWN_KEYS = ["moved", "previous", "permissions", "access_control_list", "lifecycle"];

function textsOf(node: Placed | undefined): string[] {
  if (!node) return [];
  if (node.kind === "scalar") return node.value === null ? [] : [String(node.value)];
  return node.kind === "list" ? node.items.flatMap(textsOf) : [];
}

interface JobContext extends MapContext {
  facts: BundleFacts;
  presets: Presets;
  scope: ReferenceScope;
  moved: Map<string, string[]>;
}

function lakeflowContext({ resource, key, form, name }: Entry, context: JobContext): LakeflowContext {
  const { profile, prefix, warehouse, queriesPath } = context;
  return { resource, at: key, form, name, profile, prefix, warehouse, queriesPath };
}

/** One job, or undefined when it is faulty; `problems` holds the faults of this job alone. */
function declaredJob(entry: Entry, context: JobContext, problems: Problem[]): DeclaredJob | undefined {
  const { facts, scope } = context;
  const { resource } = entry;
  const failed = () => problems.some((problem) => problem.severity === "error");
  const overrides = entry.bundled ? (facts.overrides.get(resource) ?? []).map(({ value }) => value) : [];
  if (entry.node.kind !== "map") {
    const message = `a job is a map of its settings, found ${entry.node.kind === "list" ? "a list" : "a text or nothing"}`;
    problems.push(problemAt(entry.key, `jobs.${resource}`, { code: "wrong_type", message, resource }));
    return undefined;
  }
  for (const tree of [entry.node, ...overrides]) {
    const twice = duplicateKeyProblems(tree, `jobs.${resource}`);
    problems.push(...twice.map((problem) => ({ ...problem, resource })));
  }
  const filled = (tree: Placed) => fillReferences(resource, tree, scope, problems);
  // Filled first: a variable may be a key, or a list that a target adds to.
  let node: Placed = overrides.map(filled).reduce((below, above) => mergeOverride(below, above), filled(entry.node));
  if (context.defaults) node = overlay(filled(context.defaults), node, jobListKey);
  if (context.profile === "bundle")
    node = overlay(bundleDefaults(entry.key, scope.workspace?.state_path), node, jobListKey);
  if (entry.bundled && facts.runAs && !memberOf(node, "run_as"))
    node = withMember(node, "run_as", { ...facts.runAs, value: filled(facts.runAs.value) });
  const short = node.kind === "map" ? lakeflowJob(node, lakeflowContext(entry, context), problems) : undefined;
  node = short?.job ?? node;
  if (entry.bundled)
    node = localPaths(node, entry, { ...scope.workspace, ...uploadedFrom(facts, context.dir) }, problems);
  if (failed() || node.kind !== "map") return undefined;
  const settings = settingsFor(withoutOwn(node)) as JobSettings;
  const deployed = context.profile === "bundle";
  if (!deployed) settings.name ??= resource;
  const prefixed = entry.bundled && applyPresets(settings, context.presets);
  if (deployed) {
    // Below presets, which may say it.
    settings.max_concurrent_runs ??= 1;
    settings.name ||= "Untitled";
    withoutPoolFields(settings);
  }
  if (entry.bundled && facts.clusterId !== undefined) onCluster(settings, facts.clusterId);
  const permissions = permissionsOf(
    [memberOf(node, "permissions"), memberOf(node, "access_control_list")],
    entry.bundled ? facts.permissions : [],
  );
  return {
    resource,
    settings,
    place: placeOfSpot(entry.key),
    placeOf: placeFinder(node, entry.key),
    source: context.source,
    previous: [
      ...new Set([
        ...textsOf(memberOf(node, "moved")),
        ...textsOf(memberOf(node, "previous")),
        ...(context.moved.get(resource) ?? []),
      ]),
    ],
    permissions,
    ...(prefixed ? { prefixed: true as const } : {}),
    ...(short && short.queries.length > 0 ? { queries: short.queries } : {}),
    protect: jsonOf(memberOf(memberOf(node, "lifecycle"), "prevent_destroy") ?? placedAt(false, entry.key)) === true,
  };
}

function withMember(node: Placed, key: string, member: PlacedMember): Placed {
  return node.kind === "map" ? { ...node, members: new Map(node.members).set(key, member) } : node;
}

function withoutOwn(node: PlacedMap): PlacedMap {
  const members = new Map(node.members);
  for (const key of OWN_KEYS) members.delete(key);
  return { ...node, members };
}

/** Reports a resource that two files declare; both jobs are left out, since either may be the wrong one. */
function refuseTwins(entries: Entry[], problems: Problem[]): Entry[] {
  const first = new Map<string, Entry>();
  const doubled = new Set<string>();
  for (const entry of entries) {
    const other = first.get(entry.resource);
    if (!other) first.set(entry.resource, entry);
    else {
      doubled.add(entry.resource);
      problems.push(problemAt(entry.key, `jobs.${entry.resource}`, duplicateFault(entry.resource, other.key)));
    }
  }
  const inFile = problems.flatMap((problem) => (problem.code === "duplicate_resource" ? (problem.resource ?? []) : []));
  for (const resource of inFile) doubled.add(resource);
  return entries.filter((entry) => !doubled.has(entry.resource));
}

/** A bundle's target deploys each user's own jobs, and headgate's of that name one set for all. */
function otherMode(files: readonly ParsedFile[], target: string): Problem {
  const at = files.map(({ root }) => memberOf(targetsOf(root), target)).find((node) => memberText(node, "mode"));
  return problemAt(at, `targets.${target}.mode`, {
    severity: "warning",
    code: "other_mode",
    message:
      "mode is development here, and not in headgate.yaml: jobs are named after who applies them, and everybody shares one state",
    hint: `give target ${target} of headgate.yaml mode: development, so that everybody has jobs of their own`,
  });
}

/** All jobs that the files of one source declare, in the order of files and keys. One bad job does not lose the others. */
export function declaredJobs(
  files: readonly ParsedFile[],
  context: MapContext,
): { jobs: DeclaredJob[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const read = files.filter((file) => !isOverrides(file) && checkForm(file, problems));
  const { facts, presets, scope } = openScope([...read, ...files.filter(isOverrides)], context, problems);
  const moved = new Map<string, string[]>();
  for (const file of read) movedIn(file, moved, problems);
  if (facts.mode === "development" && context.mode !== "development") problems.push(otherMode(read, context.target));
  const entries = read.flatMap((file) => entriesOf(file, context, scope, problems));
  const known = new Set(entries.map((entry) => entry.resource));
  for (const [resource, [member]] of facts.overrides) {
    if (member && !known.has(resource))
      entries.push({ resource, key: member, node: placedAt({}, member), bundled: true, form: "job" });
  }
  const jobs = refuseTwins(entries, problems).flatMap((entry) => {
    const own: Problem[] = [];
    const job = declaredJob(entry, { ...context, facts, presets, scope, moved }, own);
    problems.push(...own);
    return job ?? [];
  });
  checkMoves(moved, known, problems, read);
  return { jobs, problems };
}
