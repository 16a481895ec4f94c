/** What bundle files say beside their jobs: variables, the target's overrides, folders, permissions. */
import type { Problem } from "../../../model/problem.ts";
import { substitute, type Variable } from "../../../model/reference.ts";
import type { Json } from "../../../util/json.ts";
import { nearest } from "../../../util/nearest.ts";
import {
  jsonOf,
  memberOf,
  memberText,
  type Placed,
  type PlacedMap,
  type PlacedMember,
  placedAt,
  placeOfSpot,
} from "../../../util/placed-yaml.ts";
import { placeText, problemAt } from "../problems.ts";
import { lookedUp } from "./lookups.ts";

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

const ROOT_PATH = `\${workspace.root_path}`;

/** Keys of a bundle file that headgate reads. */
const READ_KEYS = [
  "jobs",
  "resources",
  "variables",
  "targets",
  "include",
  "bundle",
  "workspace",
  "permissions",
  "run_as",
  "presets",
  "moved",
  "modules",
  "metadata_version",
];
/** Keys of a bundle file that say nothing about jobs. */
const OTHER_KEYS = ["artifacts", "sync", "experimental", "environments", "scripts", "python", "version"];

/** Everything that bundle files of one source say together. */
export interface BundleFacts {
  /** `bundle.name`. */
  name: string | undefined;
  /** `bundle.git`: what is declared of the checkout. */
  git: Map<string, string>;
  /** Folder of the file with `bundle:`, relative to the project: local paths are relative to the bundle's root. */
  root: string;
  /** Defaults and target values of variables; those of the config and command line win. */
  variables: Map<string, Variable>;
  /** Parts that lie over a job, by resource: of the current target. */
  overrides: Map<string, PlacedMember>;
  /** `workspace:` with the target's over it: `root_path`, `file_path`, … */
  workspace: Map<string, string>;
  permissions: Placed[];
  runAs: PlacedMember | undefined;
  presets: Placed[];
  problems: Problem[];
}

/** A map is a declaration of a variable, not a complex value, when it has only these keys. */
const DECLARATION_KEYS = new Set(["default", "description", "type", "lookup", "value"]);

function isDeclaration(node: Placed): node is PlacedMap {
  return (
    node.kind === "map" && node.members.size > 0 && [...node.members.keys()].every((key) => DECLARATION_KEYS.has(key))
  );
}

/** What is known beside the files. */
export interface Given {
  /** Variables of the config and the command line: those win. */
  variables: ReadonlyMap<string, Variable>;
  workspace: Readonly<Record<string, string | undefined>>;
}

function readVariables(
  node: Placed | undefined,
  path: string,
  fromTarget: boolean,
  facts: BundleFacts,
  given: Given,
): void {
  if (node?.kind !== "map") return;
  for (const [name, member] of node.members) {
    let value: Placed | undefined = member.value;
    let isDefault = !fromTarget;
    if (isDeclaration(member.value)) {
      const { members } = member.value;
      const lookup = members.get("lookup")?.value;
      if (lookup && !given.variables.has(name)) {
        const found = lookedUp(lookup, `${path}.${name}.lookup`, name, given.workspace);
        if ("problem" in found) facts.problems.push(found.problem);
        else value = placedAt(found.id, lookup);
      }
      value =
        members.get("default")?.value ?? members.get("value")?.value ?? (value === member.value ? undefined : value);
    } else if (!fromTarget && member.value.kind === "scalar" && member.value.value === null) value = undefined;
    else isDefault = false;
    if (value === undefined) continue;
    const old = facts.variables.get(name);
    if (old && (old.origin === "target" || (old.origin === "file" && isDefault))) if (!fromTarget) continue;
    facts.variables.set(name, {
      value: jsonOf(value),
      origin: fromTarget ? "target" : isDefault ? "default" : "file",
      from: placeText(placeOfSpot(member)),
    });
  }
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

function readTarget(file: ParsedFile, target: string, facts: BundleFacts, given: Given): boolean {
  const all = memberOf(file.root, "targets");
  const wanted = memberOf(all, target);
  if (wanted?.kind !== "map") return false;
  readVariables(memberOf(wanted, "variables"), `targets.${target}.variables`, true, facts, given);
  readShared(wanted, facts);
  readGit(memberOf(wanted, "git"), facts);
  const jobs = memberOf(memberOf(wanted, "resources"), "jobs");
  if (jobs?.kind === "map") for (const [key, member] of jobs.members) facts.overrides.set(key, member);
  return true;
}

function checkTopLevel(file: ParsedFile, problems: Problem[]): void {
  const known = [...READ_KEYS, ...OTHER_KEYS];
  for (const [key, member] of file.root.members) {
    if (known.includes(key) || /^[x._-]/.test(key)) continue;
    const near = nearest(key, known);
    problems.push(
      problemAt(member, key, {
        severity: "warning",
        code: "unknown_key",
        message: "this key is not read",
        hint: near ? `did you mean ${near}?` : "declare jobs under `jobs:` or `resources: jobs:`",
      }),
    );
  }
  const resources = memberOf(file.root, "resources");
  if (resources?.kind !== "map") return;
  for (const [kind, member] of resources.members) {
    if (kind === "jobs") continue;
    const near = nearest(kind, ["jobs"]);
    problems.push(
      problemAt(member, `resources.${kind}`, {
        severity: "warning",
        code: "ignored_resource",
        message: `${kind} are left alone`,
        hint: near ? `did you mean ${near}?` : "headgate declares jobs only",
      }),
    );
  }
}

const folderOf = (file: string) => (file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : "");

/** Puts together what all files of a source say beside their jobs, for one target. */
export function bundleFacts(files: readonly ParsedFile[], target: string, given: Given): BundleFacts {
  const facts: BundleFacts = {
    name: undefined,
    git: new Map(),
    root: "",
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
      readGit(memberOf(bundle, "git"), facts);
    }
    readVariables(memberOf(file.root, "variables"), "variables", false, facts, given);
    readShared(file.root, facts);
  }
  const withTargets = files.filter((file) => memberOf(file.root, "targets"));
  const matched = withTargets.filter((file) => readTarget(file, target, facts, given));
  const [first] = withTargets;
  if (first && matched.length === 0) {
    const names = withTargets.flatMap((file) => {
      const targets = memberOf(file.root, "targets");
      return targets?.kind === "map" ? [...targets.members.keys()] : [];
    });
    facts.problems.push(
      problemAt(first.root.members.get("targets"), "targets", {
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

/** Values of `${workspace.…}`: what is known of the workspace, and the folders of the bundle. */
export function workspaceScope(
  facts: BundleFacts,
  known: Readonly<Record<string, string | undefined>>,
  names: { project: string; target: string; variables: ReadonlyMap<string, Variable> },
): Record<string, string | undefined> {
  const user = known["current_user.userName"];
  const bundle = bundleScope(facts, known, names);
  const fill = (text: string | undefined): string | undefined =>
    text &&
    String(substitute(text, { variables: names.variables, bundle, workspace: known }).value).replace(
      /^~\//,
      user ? `/Workspace/Users/${user}/` : "~/",
    );
  const usual = user && `/Workspace/Users/${user}/.bundle/${facts.name ?? names.project}/${names.target}`;
  const root = fill(facts.workspace.get("root_path")) ?? known.root_path ?? usual;
  const below = (key: string, folder: string) =>
    fill(facts.workspace.get(key))?.replace(ROOT_PATH, root ?? ROOT_PATH) ??
    known[key] ??
    (root && `${root}/${folder}`);
  return {
    ...known,
    root_path: root,
    file_path: below("file_path", "files"),
    artifact_path: below("artifact_path", "artifacts"),
    resource_path: below("resource_path", "resources"),
    state_path: below("state_path", "state"),
  };
}

/** The value of a preset of the bundle, the last one that gives it. */
export function presetOf(facts: BundleFacts, key: string): { value: Json; node: Placed } | undefined {
  for (const presets of [...facts.presets].reverse()) {
    const node = memberOf(presets, key);
    if (node) return { value: jsonOf(node), node };
  }
  return undefined;
}
