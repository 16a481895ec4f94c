/** What bundle files say beside their jobs: variables, the target's overrides, folders, permissions. */
import { posix } from "node:path";
import type { Problem } from "../../../model/problem.ts";
import { substitute, type Variable } from "../../../model/reference.ts";
import { memberOf, memberText, type Placed, type PlacedMap, type PlacedMember } from "../../../util/placed-yaml.ts";
import { problemAt } from "../problems.ts";
import { bundleVariables, type Given, isOverrides, targetsOf } from "./bundle-variables.ts";
import { checkTopLevel } from "./top-level.ts";

/** A file that was parsed. */
export interface ParsedFile {
  /** Relative to the project, forward slashes. */
  file: string;
  root: PlacedMap;
  /** Whether the text refers to `${workspace.…}`. */
  usesWorkspace: boolean;
  /** Whether the text refers to `${bundle.git.…}`. */
  usesGit?: boolean;
}

/** Everything that bundle files of one source say together. */
export interface BundleFacts {
  /** `bundle.name`. */
  name: string | undefined;
  /** `bundle.git`: what is declared of the checkout. */
  git: Map<string, string>;
  /** Folder of the file with `bundle:`, relative to the project. */
  root: string;
  /** Folders beside the bundle's own that are uploaded with it (`sync.paths`), relative to the project. */
  synced: string[];
  /** `mode` of the target. */
  mode: string | undefined;
  /** The cluster that every task of a target runs on (`cluster_id`). */
  clusterId: string | undefined;
  /** Defaults and target values of variables; those of the config and command line win. */
  variables: Map<string, Variable>;
  /** Parts that lie over a job, by resource: of the current target, in the order of the files. */
  overrides: Map<string, PlacedMember[]>;
  /** `workspace:` with the target's over it: `root_path`, `file_path`, … */
  workspace: Map<string, string>;
  permissions: Placed[];
  runAs: PlacedMember | undefined;
  presets: Placed[];
  problems: Problem[];
}

function readWorkspace(node: Placed | undefined, facts: BundleFacts): void {
  if (node?.kind !== "map") return;
  for (const key of node.members.keys()) {
    const text = memberText(node, key);
    if (text !== undefined) facts.workspace.set(key, text);
  }
}

function readGit(node: Placed | undefined, facts: BundleFacts): void {
  for (const key of ["branch", "commit", "origin_url"]) {
    const text = memberText(node, key);
    if (text !== undefined) facts.git.set(key, text);
  }
}

/** Reads what stands beside jobs at the top of a file, or in a target. */
function readShared(root: PlacedMap, facts: BundleFacts): void {
  readWorkspace(memberOf(root, "workspace"), facts);
  const permissions = memberOf(root, "permissions");
  if (permissions?.kind === "list") facts.permissions.push(...permissions.items);
  facts.runAs = root.members.get("run_as") ?? facts.runAs;
  const presets = memberOf(root, "presets");
  if (presets) facts.presets.push(presets);
}

const folderOf = (file: string) => (file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : "");

/** Paths of `sync:` are relative to the file that names them. */
function readSync(node: Placed | undefined, file: string, facts: BundleFacts): void {
  const paths = memberOf(node, "paths");
  for (const item of paths?.kind === "list" ? paths.items : [])
    if (item.kind === "scalar" && typeof item.value === "string")
      facts.synced.push(posix.join(folderOf(file) || ".", item.value));
}

/** The cluster to run on, also by the name it had before. */
const clusterIdOf = (node: Placed | undefined) => memberText(node, "cluster_id") ?? memberText(node, "compute_id");

function readTarget(file: ParsedFile, target: string, facts: BundleFacts): boolean {
  const all = targetsOf(file.root);
  if (all?.kind !== "map" || !all.members.has(target)) return false;
  const wanted = memberOf(all, target);
  if (wanted?.kind !== "map") return true;
  readShared(wanted, facts);
  readSync(memberOf(wanted, "sync"), file.file, facts);
  readGit(memberOf(wanted, "git"), facts);
  facts.mode = memberText(wanted, "mode") ?? facts.mode;
  facts.clusterId = clusterIdOf(wanted) ?? clusterIdOf(memberOf(wanted, "bundle")) ?? facts.clusterId;
  const jobs = memberOf(memberOf(wanted, "resources"), "jobs");
  for (const [key, member] of jobs?.kind === "map" ? jobs.members : [])
    facts.overrides.set(key, [...(facts.overrides.get(key) ?? []), member]);
  return true;
}

/** Puts together what all files of a source say beside their jobs, for one target. */
export function bundleFacts(all: readonly ParsedFile[], target: string, given: Given): BundleFacts {
  const files = all.filter((file) => !isOverrides(file));
  const facts: BundleFacts = {
    name: undefined,
    git: new Map(),
    root: "",
    synced: [],
    mode: undefined,
    clusterId: undefined,
    variables: new Map(),
    overrides: new Map(),
    workspace: new Map(),
    permissions: [],
    runAs: undefined,
    presets: [],
    problems: [],
  };
  for (const file of files) {
    checkTopLevel(file, facts.problems);
    const bundle = memberOf(file.root, "bundle");
    if (bundle) {
      facts.name = memberText(bundle, "name") ?? facts.name;
      facts.root = folderOf(file.file);
      facts.clusterId = clusterIdOf(bundle) ?? facts.clusterId;
      readGit(memberOf(bundle, "git"), facts);
    }
    readShared(file.root, facts);
    readSync(memberOf(file.root, "sync"), file.file, facts);
  }
  facts.variables = bundleVariables(all, target, given, facts.problems);
  const withTargets = files.filter((file) => targetsOf(file.root));
  const matched = withTargets.filter((file) => readTarget(file, target, facts));
  const [first] = withTargets;
  if (first && matched.length === 0) {
    const names = withTargets.flatMap((file) => {
      const targets = targetsOf(file.root);
      return targets?.kind === "map" ? [...targets.members.keys()] : [];
    });
    facts.problems.push(
      problemAt(first.root.members.get("targets") ?? first.root.members.get("environments"), "targets", {
        severity: "warning",
        code: "unknown_target",
        message: `there is no target '${target}' here, so no overrides apply`,
        hint: `it has ${names.join(", ")}; targets are matched by name with those of headgate.yaml`,
      }),
    );
  }
  return facts;
}

/** Values of `${bundle.…}`; `known` has those of the checkout, under their own names. */
export function bundleScope(
  facts: BundleFacts,
  known: Readonly<Record<string, string | undefined>>,
  { project, target }: { project: string; target: string },
): Record<string, string | undefined> {
  const git = ["branch", "commit", "origin_url"].map((key): [string, string | undefined] => [
    `git.${key}`,
    facts.git.get(key) ?? known[`bundle.git.${key}`],
  ]);
  return { name: facts.name ?? project, target, environment: target, ...Object.fromEntries(git) };
}

/** A folder of the workspace by its whole path: `/Users/…` lies in `/Workspace` (databricks/cli `prepend_workspace_prefix`). */
const inWorkspace = (path: string) =>
  path.startsWith("/") && !/^\/(?:Workspace|Volumes)\//.test(path) ? `/Workspace${path}` : path;

/** Values of `${workspace.…}`: what is known of the workspace, and the folders of the bundle. */
export function workspaceScope(
  facts: BundleFacts,
  known: Readonly<Record<string, string | undefined>>,
  names: { project: string; target: string; variables: ReadonlyMap<string, Variable> },
): Record<string, string | undefined> {
  const user = known["current_user.userName"];
  const bundle = bundleScope(facts, known, names);
  const filled = (text: string, workspace: typeof known) =>
    inWorkspace(
      String(substitute(text, { variables: names.variables, bundle, workspace }).value).replace(
        /^~(?=\/|$)/,
        user ? `/Workspace/Users/${user}` : "~",
      ),
    );
  const usual = user && `/Workspace/Users/${user}/.bundle/${facts.name ?? names.project}/${names.target}`;
  const written = facts.workspace.get("root_path");
  const root = written === undefined ? (known.root_path ?? usual) : filled(written, known);
  const below = (key: string, folder: string) => {
    const own = facts.workspace.get(key);
    return own === undefined
      ? (known[key] ?? (root && `${root}/${folder}`))
      : filled(own, { ...known, root_path: root });
  };
  return {
    ...known,
    root_path: root,
    file_path: below("file_path", "files"),
    artifact_path: below("artifact_path", "artifacts"),
    resource_path: below("resource_path", "resources"),
    state_path: below("state_path", "state"),
  };
}

/**
 * The folder that is uploaded: the bundle's own, or the innermost one that holds it and all that `sync.paths` names
 * (databricks/cli `sync_infer_root`). @param dir folder of the project, absolute
 */
export function uploadedFrom(
  { root, synced }: Pick<BundleFacts, "root" | "synced">,
  dir = "/",
): { dir: string; root: string } {
  const base = dir.replaceAll("\\", "/");
  let folder = posix.resolve(base, root);
  for (const path of synced)
    while (folder !== "/" && posix.relative(folder, posix.resolve(base, path)).startsWith(".."))
      folder = posix.dirname(folder);
  return { dir: base, root: folder };
}
