/** Typed parameters of a template: `standard.params.yml` beside `standard.jinja2` says what a definition must give. Pure. */
import type { Problem } from "../../../model/problem.ts";
import { isObject, type Json, type JsonObject } from "../../../util/json.ts";
import { nearest } from "../../../util/nearest.ts";
import { jsonOf, type Placed, type PlacedMap, type Spot } from "../../../util/placed-yaml.ts";
import { problemAt } from "../problems.ts";

const TYPES = ["string", "integer", "number", "boolean", "list", "map"] as const;
type Type = (typeof TYPES)[number];

/** One parameter. */
interface Parameter {
  type: Type | undefined;
  /** Undefined = it must be given. */
  default: Json | undefined;
  required: boolean;
  enum: Json[] | undefined;
  minimum: number | undefined;
  maximum: number | undefined;
  spot: Spot;
}

/** Parameters by name. */
export type Parameters = ReadonlyMap<string, Parameter>;

const KEYS = ["type", "default", "required", "enum", "minimum", "maximum", "description"];

const typeOf = (value: Json | undefined): Type | "null" => {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "boolean";
  if (Array.isArray(value)) return "list";
  if (isObject(value)) return "map";
  return typeof value === "bigint" || Number.isInteger(value) ? "integer" : "number";
};
const isOf = (value: Json, type: Type): boolean => {
  const found = typeOf(value);
  return found === type || (type === "number" && found === "integer");
};

/** Reads a parameters file; what is wrong with it goes to `problems`. */
export function readParameters(root: Placed | undefined, problems: Problem[]): Parameters {
  const parameters = new Map<string, Parameter>();
  if (root === undefined) return parameters;
  if (root.kind !== "map") {
    const hint = "write a map from name to type: { workers: { type: integer, default: 2 } }";
    problems.push(problemAt(root, "", { code: "wrong_type", message: "parameters are a map", hint }));
    return parameters;
  }
  for (const [name, member] of root.members) {
    const value = jsonOf(member.value);
    const given: JsonObject = typeof value === "string" ? { type: value } : isObject(value) ? value : { type: "?" };
    for (const key of Object.keys(given)) {
      if (KEYS.includes(key)) continue;
      const near = nearest(key, KEYS);
      const hint = near ? `did you mean ${near}?` : `known are ${KEYS.join(", ")}`;
      problems.push(
        problemAt(member, name, { code: "unknown_key", message: `'${key}' is no key of a parameter`, hint }),
      );
    }
    const type = TYPES.find((one) => one === given.type);
    if (given.type !== undefined && type === undefined) {
      const hint = `types are ${TYPES.join(", ")}`;
      const message = `${name} has the type '${String(given.type)}', which there is not`;
      problems.push(problemAt(member, name, { code: "wrong_type", message, hint }));
      continue;
    }
    parameters.set(name, {
      type,
      default: given.default,
      required: given.required === true || (given.required === undefined && given.default === undefined),
      enum: Array.isArray(given.enum) ? given.enum : undefined,
      minimum: typeof given.minimum === "number" ? given.minimum : undefined,
      maximum: typeof given.maximum === "number" ? given.maximum : undefined,
      spot: member,
    });
  }
  return parameters;
}

function faultOf(name: string, value: Json, parameter: Parameter): string | undefined {
  if (parameter.type !== undefined && !isOf(value, parameter.type)) {
    return `${name} is to be ${parameter.type === "integer" ? "an" : "a"} ${parameter.type}, found ${typeOf(value)}`;
  }
  if (parameter.enum && !parameter.enum.some((one) => JSON.stringify(one) === JSON.stringify(value))) {
    return `${name} is to be one of ${parameter.enum.map((one) => JSON.stringify(one)).join(", ")}`;
  }
  if (parameter.minimum !== undefined && Number(value) < parameter.minimum) {
    return `${name} is to be at least ${parameter.minimum}`;
  }
  if (parameter.maximum !== undefined && Number(value) > parameter.maximum) {
    return `${name} is to be at most ${parameter.maximum}`;
  }
  return undefined;
}

/**
 * The values of a definition with defaults filled in. Keys that the template does not name are kept: a definition may
 * say more than its template reads, but a near miss of a name is said.
 */
export function fillParameters(
  values: Record<string, Json>,
  parameters: Parameters,
  definition: { node: PlacedMap; resource: string },
  problems: Problem[],
): Record<string, Json> {
  const filled = { ...values };
  const { node, resource } = definition;
  for (const [name, parameter] of parameters) {
    const value = filled[name];
    if (value === undefined || value === null) {
      if (parameter.default !== undefined) filled[name] = parameter.default;
      else if (parameter.required) {
        const near = nearest(
          name,
          Object.keys(values).filter((key) => !parameters.has(key)),
        );
        const hint = near ? `did you mean ${near}?` : "give it in the definition, or a default in the parameters file";
        const message = `the template wants ${name}${parameter.type ? ` (${parameter.type})` : ""}`;
        problems.push(problemAt(node, name, { code: "missing_parameter", message, hint, resource }));
      }
      continue;
    }
    const message = faultOf(name, value, parameter);
    if (message !== undefined) {
      problems.push(problemAt(node.members.get(name) ?? node, name, { code: "wrong_type", message, resource }));
    }
  }
  return filled;
}
