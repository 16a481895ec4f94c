/** The variables of a project: who says what they are. */
import type { Variable } from "../model/reference.ts";
import { jsonOf, memberOf, type Placed, type PlacedMap, placeOfSpot } from "../util/placed-yaml.ts";

const DECLARATION = new Set(["default", "description", "type"]);

/** `{ default: …, description: … }` declares a variable; any other map is a value. */
function isDeclaration(node: Placed): node is PlacedMap {
  return node.kind === "map" && node.members.size > 0 && [...node.members.keys()].every((key) => DECLARATION.has(key));
}

function fromMap(node: Placed | undefined, origin: "target" | "file", into: Map<string, Variable>): void {
  if (node?.kind !== "map") return;
  for (const [name, member] of node.members) {
    const { file, line, column } = placeOfSpot(member);
    const from = `${file}:${line}:${column}`;
    if (origin === "target" || !isDeclaration(member.value)) {
      into.set(name, { value: jsonOf(member.value), origin, from });
      continue;
    }
    const value = memberOf(member.value, "default");
    if (value) into.set(name, { value: jsonOf(value), origin: "default", from });
  }
}

/** Prefixes of environment variables that give a variable its value: that of bundles, and ours, which is stronger. */
const ENVIRONMENT = ["BUNDLE_VAR_", "HEADGATE_VAR_"];

/**
 * All variables with the value that wins: `--var`, then `HEADGATE_VAR_name`, then `BUNDLE_VAR_name`, then the target's, then the file's, then
 * defaults of declarations.
 */
export function variablesOf(sources: {
  file: Placed | undefined;
  target: Placed | undefined;
  env: Readonly<Record<string, string | undefined>>;
  vars: Readonly<Record<string, string>>;
}): Map<string, Variable> {
  const variables = new Map<string, Variable>();
  fromMap(sources.file, "file", variables);
  fromMap(sources.target, "target", variables);
  for (const prefix of ENVIRONMENT) {
    for (const [key, value] of Object.entries(sources.env)) {
      if (!key.startsWith(prefix) || value === undefined) continue;
      variables.set(key.slice(prefix.length), { value, origin: "environment", literal: true, from: key });
    }
  }
  for (const [name, value] of Object.entries(sources.vars)) {
    variables.set(name, { value, origin: "--var", literal: true, from: `--var ${name}` });
  }
  return variables;
}
