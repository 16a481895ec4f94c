/** Variables of bundle files: what they are declared with, what a target makes of them, what is looked up. */
import type { Problem } from "../../../model/problem.ts";
import { substitute, type Variable } from "../../../model/reference.ts";
import { jsonOf, memberOf, type Placed, type PlacedMap, placeOfSpot } from "../../../util/placed-yaml.ts";
import { placeText } from "../problems.ts";
import type { ParsedFile } from "./bundle.ts";
import { lookedUp, lookupKey } from "./lookups.ts";

/** What is known beside the files. */
export interface Given {
  /** Variables of the config, the environment and the command line: those win. */
  variables: ReadonlyMap<string, Variable>;
  workspace: Readonly<Record<string, string | undefined>>;
}

/** Where the values of a bundle's variables for one target may lie, below its root; git-ignored (Databricks CLI). */
export const overridesFile = (target: string): string => `.databricks/bundle/${target}/variable-overrides.json`;

/** True for a file of such values. */
export const isOverrides = ({ file }: Pick<ParsedFile, "file">): boolean =>
  /(?:^|\/)\.databricks\/bundle\/[^/]+\/variable-overrides\.json$/.test(file);

/** A variable that is looked up, with the path of the lookup in its file. */
interface Lookup {
  node: Placed;
  path: string;
}

/** Variables that have a value, and those that are looked up, by name. */
interface Declared {
  values: Map<string, Variable>;
  lookups: Map<string, Lookup>;
}

/** A map is a declaration of a variable, not a complex value, when it has only these keys. */
const DECLARATION_KEYS = new Set(["default", "description", "type", "lookup", "value"]);

function isDeclaration(node: Placed): node is PlacedMap {
  return node.kind === "map" && [...node.members.keys()].every((key) => DECLARATION_KEYS.has(key));
}

const isEmpty = (node: Placed) => node.kind === "scalar" && node.value === null;

function readVariables(node: Placed | undefined, path: string, fromTarget: boolean, declared: Declared): void {
  if (node?.kind !== "map") return;
  for (const [name, member] of node.members) {
    const { value: given } = member;
    const from = placeText(placeOfSpot(member));
    const lookup = isDeclaration(given) ? memberOf(given, "lookup") : undefined;
    const value = isDeclaration(given) ? (memberOf(given, "default") ?? memberOf(given, "value")) : given;
    if (lookup !== undefined) {
      declared.lookups.set(name, { node: lookup, path: `${path}.${name}.lookup` });
      declared.values.delete(name);
    } else if (value !== undefined && !isEmpty(value)) {
      const origin = fromTarget ? "target" : isDeclaration(given) ? "default" : "file";
      const old = declared.values.get(name)?.origin;
      if (origin === "default" && old === "file") continue;
      declared.values.set(name, { value: jsonOf(value), origin, from });
      declared.lookups.delete(name);
    }
  }
}

/** Values of an overrides file: below those of the environment and the command line, above all that is declared. */
function readOverrides({ file, root }: ParsedFile, declared: Declared): void {
  for (const [name, { value }] of root.members) {
    declared.values.set(name, { value: jsonOf(value), origin: "environment", from: file });
    declared.lookups.delete(name);
  }
}

function declaredIn(files: readonly ParsedFile[], target: string): Declared {
  const declared: Declared = { values: new Map(), lookups: new Map() };
  for (const { root } of files) readVariables(memberOf(root, "variables"), "variables", false, declared);
  for (const { root } of files) {
    const node = memberOf(memberOf(targetsOf(root), target), "variables");
    readVariables(node, `targets.${target}.variables`, true, declared);
  }
  return declared;
}

/** `targets:` of a file, also by the name that bundles once had for it. */
export function targetsOf(root: PlacedMap): Placed | undefined {
  return memberOf(root, "targets") ?? memberOf(root, "environments");
}

const ORDER: Record<Variable["origin"], number> = { "--var": 0, environment: 1, target: 2, file: 3, default: 4 };

/** Variables of the config and of the bundle's files: the stronger origin wins, the config where both are equal. */
export function mergeVariables(
  config: ReadonlyMap<string, Variable>,
  bundle: ReadonlyMap<string, Variable>,
): Map<string, Variable> {
  const merged = new Map<string, Variable>(bundle);
  for (const [name, variable] of config) {
    const other = merged.get(name);
    if (!other || ORDER[variable.origin] <= ORDER[other.origin]) merged.set(name, variable);
  }
  return merged;
}

/** What the bundle declares, with the values of an overrides file over it. */
function declaredFor(files: readonly ParsedFile[], target: string): Declared {
  const declared = declaredIn(
    files.filter((file) => !isOverrides(file)),
    target,
  );
  for (const file of files.filter(isOverrides)) readOverrides(file, declared);
  return declared;
}

/** Fills variables in a text that names what is looked up. */
const filling = (variables: ReadonlyMap<string, Variable>) => (text: string) =>
  String(substitute(text, { variables }).value);

/** Keys of everything that the files look up for a target, as `askAll` takes them. */
export function lookupKeys(
  files: readonly ParsedFile[],
  target: string,
  variables: ReadonlyMap<string, Variable>,
): string[] {
  const declared = declaredFor(files, target);
  const fill = filling(mergeVariables(variables, declared.values));
  const wanted = [...declared.lookups].filter(([name]) => !variables.has(name));
  return [...new Set(wanted.flatMap(([, { node }]) => lookupKey(node, fill) ?? []))];
}

/** The variables of a bundle's files for a target, with what was looked up. Faults are added to `problems`. */
export function bundleVariables(
  files: readonly ParsedFile[],
  target: string,
  given: Given,
  problems: Problem[],
): Map<string, Variable> {
  const declared = declaredFor(files, target);
  const fill = filling(mergeVariables(given.variables, declared.values));
  for (const [name, { node, path }] of declared.lookups) {
    if (given.variables.has(name)) continue;
    const found = lookedUp(node, path, name, { known: given.workspace, fill });
    if ("problem" in found) problems.push(found.problem);
    else
      declared.values.set(name, {
        value: found.id,
        origin: path.startsWith("targets.") ? "target" : "default",
        from: placeText(placeOfSpot(node)),
      });
  }
  return declared.values;
}
