/** Loads headgate.yaml for one target: everything that is wrong with it at once, each fault at its place. */
import { dirname } from "node:path";
import { HeadgateError } from "../errors.ts";
import { parsePath } from "../model/field-shape.ts";
import { formatProblem, type Place, type Problem } from "../model/problem.ts";
import { type ReferenceScope, substitute, type Variable } from "../model/reference.ts";
import { duplicateKeyProblems, syntaxProblems } from "../model/yaml-problems.ts";
import { nearest } from "../util/nearest.ts";
import { parsePlacedYaml } from "../util/parse-yaml.ts";
import {
  jsonOf,
  mapPlaced,
  memberOf,
  memberText,
  type Placed,
  type PlacedMap,
  placedAt,
  placeOfSpot,
} from "../util/placed-yaml.ts";
import { findConfig } from "./find.ts";
import { problemsOf, spotOf, unknownKey } from "./issues.ts";
import { EffectiveConfig, TARGET_KEYS, TargetSection } from "./schema.ts";
import { secretWarnings } from "./secrets.ts";
import { chooseTarget, layOver, TARGET_NAMES, targetsOf, type WrittenTarget } from "./target.ts";
import { variablesOf } from "./variables.ts";

/** The target that is meant. */
export interface TargetConfig extends Omit<TargetSection, "variables"> {
  name: string;
}

/** A workspace, its secrets still references. */
export type WorkspaceConfig = EffectiveConfig["workspaces"][string] & { name: string };

/** The config of one target. Secrets are references still: fill them with `openValue` where something is opened. */
export interface Config extends Omit<EffectiveConfig, "version" | "variables" | "workspaces"> {
  /** The config file, absolute. */
  file: string;
  /** Its folder: paths in the config are relative to it. */
  dir: string;
  target: TargetConfig;
  /** Names of all targets. */
  targets: string[];
  /** The target's workspace; undefined for a project that has none. */
  workspace: WorkspaceConfig | undefined;
  variables: ReadonlyMap<string, Variable>;
  /** `jobs.defaults` with their places. */
  jobDefaults: Placed | undefined;
  /** The whole config of this target as a tree: where each value came from. */
  tree: PlacedMap;
  /** Place of a path (`jobs.sources[0].path`), the nearest known parent's otherwise. */
  placeOf(path: string): Place;
}

/** What {@link loadConfig} is told. */
export interface LoadOptions {
  /** Where the search begins, or the project's folder. */
  dir: string;
  /** Look in `dir` only. */
  exact?: boolean | undefined;
  /** Else `HEADGATE_TARGET`, else the default target. */
  target?: string | undefined;
  /** Of `--var`. */
  vars?: Readonly<Record<string, string>> | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** A config that is in no headgate.yaml: its text, and the file it stands for. */
  given?: { path: string; name: string; text: string } | undefined;
}

/** A config, or the faults that leave none; warnings come with either. */
export interface LoadedConfig {
  config: Config | undefined;
  problems: Problem[];
}

/** Parses the file and finds what is wrong with the text itself. */
function parseFile(text: string, name: string): { root: PlacedMap | undefined; problems: Problem[] } {
  const { root, faults } = parsePlacedYaml(text, name);
  const problems = syntaxProblems(faults);
  if (root && root.kind !== "map") {
    problems.push({
      severity: "error",
      code: "wrong_type",
      place: placeOfSpot(root),
      path: "",
      message: "the file is no map",
    });
  }
  if (root?.kind !== "map") {
    if (problems.length === 0) {
      const place = { file: name, line: 1, column: 1 };
      problems.push({
        severity: "error",
        code: "missing_key",
        place,
        path: "",
        message: "the file is empty",
        hint: "headgate init makes one",
      });
    }
    return { root: undefined, problems };
  }
  problems.push(...duplicateKeyProblems(root));
  return { root, problems };
}

/** Fills `${var.…}` and the like; secrets stay. `variables` themselves stay as written. */
function fill(root: PlacedMap, scope: ReferenceScope, problems: Problem[]): PlacedMap {
  const { members } = root;
  const rest = new Map(members);
  rest.delete("variables");
  const filled = mapPlaced({ ...root, members: rest }, "", (scalar, pathOf) => {
    if (typeof scalar.value !== "string" || !scalar.value.includes("${")) return scalar;
    const path = pathOf();
    // Filled with the job they become part of.
    if (path.startsWith("jobs.defaults.")) return scalar;
    const { value, faults } = substitute(scalar.value, scope);
    for (const fault of faults) problems.push({ ...fault, place: placeOfSpot(scalar), path });
    return value === scalar.value ? scalar : placedAt(value, scalar);
  }) as PlacedMap;
  const variables = members.get("variables");
  return variables ? { ...filled, members: new Map(filled.members).set("variables", variables) } : filled;
}

interface Resolved {
  tree: PlacedMap;
  variables: Map<string, Variable>;
  config: EffectiveConfig | undefined;
  own: TargetSection | undefined;
  problems: Problem[];
}

/** The config of one target, checked against the schema. */
function resolveTarget(root: PlacedMap, written: WrittenTarget, options: LoadOptions): Resolved {
  const problems: Problem[] = [];
  const variables = variablesOf({
    file: memberOf(root, "variables"),
    target: memberOf(written.own, "variables"),
    env: options.env,
    vars: options.vars ?? {},
  });
  const project = memberText(root, "project");
  const scope: ReferenceScope = {
    variables,
    bundle: { name: project, target: written.name, environment: written.name },
  };
  const tree = fill(layOver(root, written), scope, problems);
  const own = fill(written.own, scope, problems);
  const value = jsonOf(tree);
  const parsed = EffectiveConfig.safeParse(value);
  if (!parsed.success) problems.push(...problemsOf(parsed.error, EffectiveConfig, tree, value));
  const ownValue = jsonOf(own);
  const ownParsed = TargetSection.safeParse(ownValue);
  if (!ownParsed.success) {
    const path = (inner: string) => `targets.${written.name}${inner === "" ? "" : `.${inner}`}`;
    const found = problemsOf(ownParsed.error, TargetSection, own, ownValue).map((problem) => ({
      ...problem,
      path: path(problem.path),
    }));
    problems.push(...found.filter((problem) => problem.code !== "unknown_key"));
    for (const key of own.members.keys()) {
      if (!Object.hasOwn(TARGET_KEYS, key)) {
        problems.push({ ...unknownKey(own, [key], TARGET_NAMES), path: path(key) });
      }
    }
  }
  return { tree, variables, config: parsed.data, own: ownParsed.data, problems };
}

/** Rules that hold between parts of the config. */
function checkWhole(resolved: Resolved, written: WrittenTarget, problems: Problem[]): void {
  const { config, own, tree } = resolved;
  if (!config || !own) return;
  const names = Object.keys(config.workspaces);
  if (own.workspace !== undefined && !names.includes(own.workspace)) {
    const near = nearest(own.workspace, names);
    problems.push({
      severity: "error",
      code: "unknown_workspace",
      place: placeOfSpot(spotOf(written.own, ["workspace"])),
      path: `targets.${written.name}.workspace`,
      message: `there is no workspace '${own.workspace}'`,
      hint: near ? `did you mean ${near}?` : `workspaces has ${names.join(", ") || "none"}`,
    });
  }
  if (config.jobs.state.kind === "store" && config.store.kind !== "postgres") {
    problems.push({
      severity: "error",
      code: "bad_value",
      place: placeOfSpot(spotOf(tree, ["jobs", "state"])),
      path: "jobs.state",
      message: "a state in the store needs a Postgres that all share",
      hint: "write { kind: workspace }, or give store: { kind: postgres, url: … }",
    });
  }
  for (const path of [
    ["jobs", "sources"],
    ["runs", "sources"],
    ["lineage", "sources"],
    ["lineage", "sinks"],
  ] as const) {
    const [room, list] = path;
    const items = (config[room] as unknown as Record<string, { name?: string; kind: string }[]>)[list] ?? [];
    const seen = new Map<string, number>();
    items.forEach((item, index) => {
      const name = item.name ?? item.kind;
      const first = seen.get(name);
      if (first === undefined) {
        seen.set(name, index);
        return;
      }
      problems.push({
        severity: "error",
        code: "duplicate_name",
        place: placeOfSpot(spotOf(tree, [...path, index])),
        path: `${path.join(".")}[${index}]`,
        message: `'${name}' is also the name of ${list}[${first}]`,
        hint: "give each its own name: what was read and sent is remembered by it",
      });
    });
  }
}

const sameProblem = (problem: Problem) =>
  `${problem.severity} ${problem.place?.line}:${problem.place?.column} ${problem.message}`;

/** Faults of the other targets; what only the chosen one can know (variables, secrets) is left to their own turn. */
function otherFaults(root: PlacedMap, others: readonly WrittenTarget[], options: LoadOptions): Problem[] {
  return others.flatMap((written) => {
    const resolved = resolveTarget(root, written, { ...options, vars: options.vars });
    if (resolved.problems.some((problem) => problem.code === "undefined_variable")) return [];
    const problems = [...resolved.problems];
    checkWhole(resolved, written, problems);
    return problems;
  });
}

/**
 * Loads the config of a project for one target. Nothing is thrown for what is wrong in the file: `config` is undefined
 * and `problems` holds every fault, in the order of the file.
 * @throws HeadgateError `not_found` when there is no headgate.yaml
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const found = options.given ?? (await findConfig(options.dir, options.exact ?? false));
  const { root, problems } = parseFile(found.text, found.name);
  if (!root || problems.some((problem) => problem.severity === "error" && problem.code === "yaml_syntax")) {
    return { config: undefined, problems };
  }
  const written = targetsOf(root);
  const wanted = options.target ?? (options.env.HEADGATE_TARGET || undefined);
  const { target, problems: targetFaults } = chooseTarget(root, written, wanted);
  problems.push(...targetFaults);
  const chosen = target ?? written[0];
  const resolved = chosen && resolveTarget(root, chosen, options);
  if (chosen && resolved) {
    problems.push(...resolved.problems);
    checkWhole(resolved, chosen, problems);
  }
  problems.push(
    ...otherFaults(
      root,
      written.filter((one) => one !== chosen),
      options,
    ),
  );
  const config = resolved && target && configOf(resolved, target, written, found.path);
  if (config) {
    const others = (path: string) => {
      const workspace = /^workspaces(?:\.([^.[]+)|\['(.*?)'\])/.exec(path);
      return workspace !== null && (workspace[1] ?? workspace[2]) !== config.workspace?.name;
    };
    const places = { dir: config.dir, env: options.env };
    problems.push(...secretWarnings(resolved.tree, places, others));
  }
  const unique = [...new Map(problems.map((problem) => [sameProblem(problem), problem])).values()];
  unique.sort((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0));
  const failed = unique.some((problem) => problem.severity === "error");
  return { config: failed ? undefined : config, problems: unique };
}

function configOf(
  resolved: Resolved,
  target: WrittenTarget,
  all: readonly WrittenTarget[],
  file: string,
): Config | undefined {
  if (!resolved.config || !resolved.own) return undefined;
  const { version: _version, variables: _variables, workspaces, ...rest } = resolved.config;
  const { variables: _own, ...own } = resolved.own;
  const names = Object.keys(workspaces);
  const name = own.workspace ?? (names.length === 1 ? names[0] : undefined);
  const workspace = name === undefined ? undefined : workspaces[name];
  return {
    ...rest,
    file,
    dir: dirname(file),
    target: { name: target.name, ...own },
    targets: all.map((one) => one.name),
    workspace: workspace && name !== undefined ? { name, ...workspace } : undefined,
    variables: resolved.variables,
    jobDefaults: memberOf(memberOf(resolved.tree, "jobs"), "defaults"),
    tree: resolved.tree,
    placeOf(path) {
      const steps = (parsePath(path) ?? []).map((step) =>
        step.kind === "member" ? step.name : step.kind === "index" ? step.index : "",
      );
      return placeOfSpot(spotOf(resolved.tree, steps));
    },
  };
}

/**
 * As {@link loadConfig}, for callers that cannot go on without a config.
 * @throws HeadgateError `config_invalid` whose message is the first fault and whose `data.problems` are all
 */
export async function requireConfig(options: LoadOptions): Promise<{ config: Config; warnings: Problem[] }> {
  const { config, problems } = await loadConfig(options);
  if (config) return { config, warnings: problems };
  const errors = problems.filter((problem) => problem.severity === "error");
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const message = first ? formatProblem({ ...first, hint: undefined }) + more : "the config is not usable";
  throw new HeadgateError("config_invalid", message, { hint: first?.hint, permanent: true, data: { problems } });
}
