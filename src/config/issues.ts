/** Faults that zod finds → problems with a place, in words. */
import * as z from "zod";
import type { Problem } from "../model/problem.ts";
import { isObject, type Json } from "../util/json.ts";
import { nearest } from "../util/nearest.ts";
import { childPath, type Placed, placeOfSpot, type Spot } from "../util/placed-yaml.ts";

type Path = readonly PropertyKey[];

/** Dotted text of a path. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => childPath(text, typeof step === "number" ? step : String(step)), "");
}

/** Where a path is written: the key of a member, the start of an element; the nearest parent where it ends earlier. */
export function spotOf(root: Placed, path: Path): Spot {
  let spot: Spot = root;
  let node: Placed | undefined = root;
  for (const step of path) {
    if (node?.kind === "map") {
      const member: (Spot & { value: Placed }) | undefined = node.members.get(String(step));
      if (!member) break;
      spot = member;
      node = member.value;
    } else if (node?.kind === "list") {
      const item: Placed | undefined = node.items[Number(step)];
      if (!item) break;
      spot = item;
      node = item;
    } else break;
  }
  return spot;
}

function valueAt(root: Json, path: Path): Json | undefined {
  let value: Json | undefined = root;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isObject(value)) value = value[String(step)];
    else return undefined;
  }
  return value;
}

/** The schema that stands at a path, where choices are settled by the value. */
function schemaAt(schema: z.core.$ZodType, value: Json | undefined, path: Path): z.core.$ZodType | undefined {
  const def = schema._zod.def as unknown as { type: string } & Record<string, unknown>;
  const inner = def.innerType as z.core.$ZodType | undefined;
  if (inner) return schemaAt(inner, value, path);
  if (def.type === "union") {
    const options = def.options as z.core.$ZodType[];
    const key = def.discriminator as string | undefined;
    const chosen = options.find((option) => {
      if (!key) return z.safeParse(option, value).success || options.length === 1;
      const literal = (option as z.ZodObject).shape?.[key];
      return isObject(value) && literal instanceof z.ZodType && literal.safeParse(value[key]).success;
    });
    return chosen && schemaAt(chosen, value, path);
  }
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  const member = Array.isArray(value) ? value[Number(step)] : isObject(value) ? value[String(step)] : undefined;
  const next =
    def.type === "object"
      ? (def.shape as Record<string, z.core.$ZodType>)[String(step)]
      : ((def.element ?? def.valueType) as z.core.$ZodType | undefined);
  return next && schemaAt(next, member, rest);
}

const TYPE_WORDS: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

function found(value: Json | undefined): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "a map";
  return typeof value === "string" ? `'${value}'` : String(value);
}

function messageOf(issue: z.core.$ZodIssue, value: Json | undefined): string {
  const name = String(issue.path.at(-1) ?? "the file");
  switch (issue.code) {
    case "invalid_type":
      if (value === undefined) return `${name} is missing`;
      return `expected ${TYPE_WORDS[issue.expected] ?? issue.expected}, found ${found(value)}`;
    case "invalid_value":
      if (value === undefined) return `${name} is missing`;
      if (!issue.message.startsWith("Invalid")) return `${issue.message}, found ${found(value)}`;
      return `expected ${issue.values.map(String).join(" | ")}, found ${found(value)}`;
    case "too_small":
      return issue.origin === "string" || issue.origin === "array" ? `${name} is empty` : `at least ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    default:
      if (value !== undefined || issue.path.length === 0 || issue.message.includes(" is missing")) return issue.message;
      return `${name} is missing: ${issue.message}`;
  }
}

/** Problems of a value that a schema refused. `root` is the tree the value was made of. */
export function problemsOf(error: z.ZodError, schema: z.core.$ZodType, root: Placed, value: Json): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    if (issue.code === "unrecognized_keys") {
      const holder = schemaAt(schema, value, issue.path);
      const shape = holder && ((holder._zod.def as { shape?: Record<string, unknown> }).shape ?? {});
      const known = Object.keys(shape ?? {});
      return issue.keys.map((key) => unknownKey(root, [...issue.path, key], known));
    }
    const missing = valueAt(value, issue.path) === undefined;
    const at = spotOf(root, issue.path);
    return [
      {
        severity: "error",
        code: missing ? "missing_key" : issue.code === "invalid_type" ? "wrong_type" : "bad_value",
        place: placeOfSpot(at),
        path: pathText(missing ? issue.path.slice(0, -1) : issue.path),
        message: messageOf(issue, valueAt(value, issue.path)),
      },
    ];
  });
}

/** The problem of a key that nobody reads, at the key. */
export function unknownKey(root: Placed, path: Path, known: readonly string[]): Problem {
  const key = String(path.at(-1));
  const near = nearest(key, known);
  return {
    severity: "error",
    code: "unknown_key",
    place: placeOfSpot(spotOf(root, path)),
    path: pathText(path),
    message: "this key is not known",
    hint: near ? `did you mean ${near}?` : known.length > 0 ? `known are ${known.join(", ")}` : undefined,
  };
}
