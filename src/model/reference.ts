/**
 * The `${…}` language of config and declarations: parsing, substitution, escaping.
 *
 * Ours are `${env:NAME}`, `${file:path}`, `${var.name}`, `${resources.jobs.KEY.id}`, `${bundle.…}`, `${workspace.…}`.
 * Every other `${…}` and every `{{…}}` belongs to the platform and is kept; `$${` writes a literal `${`.
 */
import { isObject, type Json } from "../util/json.ts";
import { nearest } from "../util/nearest.ts";

/** One part of a text. `at` counts characters from 0; `raw` is the part as written. */
export type Segment =
  | { kind: "text"; text: string }
  | { kind: "env"; name: string; raw: string; at: number }
  | { kind: "file"; path: string; raw: string; at: number }
  | { kind: "var"; name: string; path: (string | number)[]; raw: string; at: number }
  | { kind: "job"; key: string; field: "id" | "name"; raw: string; at: number }
  /** A saved query of the same job, by the key of the task that runs it. */
  | { kind: "query"; key: string; raw: string; at: number }
  /** Another resource of a bundle: its value at a path (`name`, `clusters[0].label`). */
  | { kind: "resource"; type: string; key: string; path: (string | number)[]; raw: string; at: number }
  | { kind: "bundle"; field: string; raw: string; at: number }
  | { kind: "workspace"; field: string; raw: string; at: number }
  /** Kept as it is, but probably not what was meant. */
  | { kind: "doubtful"; message: string; hint: string; raw: string; at: number }
  | { kind: "bad"; message: string; hint: string; raw: string; at: number };

/** What `${bundle.…}` knows. */
export const BUNDLE_FIELDS = ["name", "target", "environment", "git.branch", "git.commit", "git.origin_url"] as const;

/** What `${workspace.…}` knows. */
export const WORKSPACE_FIELDS = [
  "host",
  "current_user.userName",
  "current_user.short_name",
  "current_user.domain_friendly_name",
  "root_path",
  "file_path",
  "artifact_path",
  "resource_path",
  "state_path",
] as const;

const NAME = "[A-Za-z_][A-Za-z0-9_-]*";
const VAR = new RegExp(`^var\\.(${NAME})((?:\\.${NAME}|\\[\\d+\\])*)$`);
/** The long form of the same in bundles: `${variables.x.value}`. */
const VARIABLE_VALUE = new RegExp(`^variables\\.(${NAME})\\.value(?=$|[.[])`);
const JOB = /^resources\.jobs\.([A-Za-z0-9_-]+)\.([a-z_]+)$/;
const RESOURCE = /^resources\.(\w+)\.([\w-]+)((?:\.[\w-]+|\[\d+\])+)$/;
const QUERY = /^resources\.queries\.([A-Za-z0-9_-]+)\.id$/;
/** What makes a `${` ours, whether it is well formed or not. */
const OURS = /^(?:env[:.]|file:|var\.|variables\.[\w-]+\.value\b|resources\.|bundle\.|workspace\.)/;
const LITERAL_HINT = `write $\${ for a literal \${`;

/** `.a[0].b` as its steps. */
const stepsOf = (path: string): (string | number)[] =>
  [...path.matchAll(/\.([^.[]+)|\[(\d+)\]/g)].map((m) => m[1] ?? Number(m[2]));

/** What stands between `${` and `}`. */
export function parseReference(written: string, raw: string, at: number): Segment {
  const inner = written.replace(VARIABLE_VALUE, "var.$1");
  if (inner.startsWith("env:")) {
    const name = inner.slice(4);
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return { kind: "env", name, raw, at };
    return { kind: "bad", message: `${raw} names no environment variable`, hint: `write \${env:NAME}`, raw, at };
  }
  if (inner.startsWith("env.")) {
    const hint = `environment variables are written \${env:${inner.slice(4)}}; ${LITERAL_HINT}`;
    return { kind: "doubtful", message: `${raw} is kept as it is`, hint, raw, at };
  }
  if (inner.startsWith("file:")) {
    const path = inner.slice(5).trim();
    if (path !== "") return { kind: "file", path, raw, at };
    return { kind: "bad", message: `${raw} names no file`, hint: `write \${file:path}`, raw, at };
  }
  if (inner.startsWith("var.")) {
    const match = VAR.exec(inner);
    if (!match?.[1]) {
      return { kind: "bad", message: `${raw} is no reference`, hint: `write \${var.name}; ${LITERAL_HINT}`, raw, at };
    }
    return { kind: "var", name: match[1], path: stepsOf(match[2] ?? ""), raw, at };
  }
  if (inner.startsWith("resources.jobs.")) {
    const match = JOB.exec(inner);
    const field = match?.[2];
    if (match?.[1] && (field === "id" || field === "name")) return { kind: "job", key: match[1], field, raw, at };
    return {
      kind: "bad",
      message: `${raw} is no reference`,
      hint: `write \${resources.jobs.KEY.id} or .name`,
      raw,
      at,
    };
  }
  const query = QUERY.exec(inner)?.[1];
  if (query !== undefined) return { kind: "query", key: query, raw, at };
  const [, type, key, path] = RESOURCE.exec(inner) ?? [];
  if (type !== undefined && key !== undefined)
    return { kind: "resource", type, key, path: stepsOf(path ?? ""), raw, at };
  if (inner.startsWith("resources.")) {
    const hint = "headgate declares jobs only: give the id itself, or a variable";
    return { kind: "doubtful", message: `${raw} is kept as it is`, hint, raw, at };
  }
  const [room, fields] = inner.startsWith("bundle.")
    ? (["bundle", BUNDLE_FIELDS] as const)
    : (["workspace", WORKSPACE_FIELDS] as const);
  const field = inner.slice(room.length + 1);
  if ((fields as readonly string[]).includes(field)) return { kind: room, field, raw, at };
  const near = nearest(field, fields);
  const hint = near ? `did you mean \${${room}.${near}}?` : `known are ${fields.join(", ")}; ${LITERAL_HINT}`;
  return { kind: "bad", message: `${raw} is not known`, hint, raw, at };
}

/** The parts of a text, in order; neighbouring text is one part. */
export function parseReferences(text: string): Segment[] {
  if (!text.includes("${")) return text === "" ? [] : [{ kind: "text", text }];
  const segments: Segment[] = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("${", at);
    if (open < 0) {
      plain += text.slice(at);
      break;
    }
    if (open > at && text[open - 1] === "$") {
      plain += `${text.slice(at, open - 1)}\${`;
      at = open + 2;
      continue;
    }
    plain += text.slice(at, open);
    const close = text.indexOf("}", open);
    const inner = text.slice(open + 2, close < 0 ? undefined : close);
    if (!OURS.test(inner)) {
      plain += "${";
      at = open + 2;
      continue;
    }
    if (plain !== "") segments.push({ kind: "text", text: plain });
    plain = "";
    const raw = text.slice(open, close < 0 ? undefined : close + 1);
    if (close < 0) {
      segments.push({ kind: "bad", message: `${raw} has no closing brace`, hint: LITERAL_HINT, raw, at: open });
      break;
    }
    segments.push(parseReference(inner, raw, open));
    at = close + 1;
  }
  if (plain !== "") segments.push({ kind: "text", text: plain });
  return segments;
}

/** The text written so that {@link parseReferences} gives it back as it is. */
export function escapeReferences(text: string): string {
  return text.replace(/\$\{/g, (open, offset: number) => {
    const doubled = offset > 0 && text[offset - 1] === "$";
    return doubled || OURS.test(text.slice(offset + 2)) ? `$${open}` : open;
  });
}

/** Where a variable's value comes from, strongest first. */
export type VariableOrigin = "--var" | "environment" | "target" | "file" | "default";

/** A variable with the value that wins. */
export interface Variable {
  value: Json;
  origin: VariableOrigin;
  /** Taken as it is, without looking for references: values of `--var` and of the environment. */
  literal?: boolean | undefined;
  /** Where the value is written: `headgate.yaml:12:5`, `HEADGATE_VAR_x`. */
  from?: string | undefined;
}

/** What references are filled from. */
export interface ReferenceScope {
  variables: ReadonlyMap<string, Variable>;
  /** Values of {@link BUNDLE_FIELDS}; an unknown one leaves the reference as written. */
  bundle?: Readonly<Record<string, string | undefined>> | undefined;
  /** Values of {@link WORKSPACE_FIELDS}; an unknown one leaves the reference as written. */
  workspace?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * Text of a bundle's other resource at a path, with references; one that is not known yet (undefined), and a resource
   * that is not declared (null), leave the reference as written.
   */
  resource?: ((type: string, key: string, path: readonly (string | number)[]) => string | undefined | null) | undefined;
}

/** Code of a reference to a bundle's other resource that nothing here says the value of. */
export const OTHER_RESOURCE = "other_resource";

/** What is wrong with a reference. */
export interface ReferenceFault {
  severity: "error" | "warning";
  code: "bad_reference" | "undefined_variable" | "variable_cycle" | "doubtful_reference" | typeof OTHER_RESOURCE;
  message: string;
  hint?: string | undefined;
}

/** A text with its references filled in. */
export interface Substituted {
  value: Json;
  faults: ReferenceFault[];
  /** Secrets (`${env:…}`, `${file:…}`) that are still in it, as written. */
  secrets: string[];
}

/** References that are left in settings until they are sent. */
const LATE = /\$\{(?=env:|file:|resources\.(?:jobs|queries)\.)/g;

/** Keeps literal text from being taken for a late reference. */
const shield = (text: string): string => text.replace(LATE, "$$$${");

/** A value written so that nothing in it is taken for a reference when settings are sent. */
export function asLiteral(value: Json): Json {
  if (typeof value === "string") return shield(value);
  if (Array.isArray(value)) return value.map(asLiteral);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asLiteral(member ?? null)]));
}

interface Work {
  scope: ReferenceScope;
  faults: ReferenceFault[];
  secrets: Set<string>;
  /** Variables being filled, outermost first. */
  chain: string[];
}

function variableValue(segment: Extract<Segment, { kind: "var" }>, work: Work): Json | undefined {
  const { name, raw } = segment;
  const variable = work.scope.variables.get(name);
  if (!variable) {
    const known = [...work.scope.variables.keys()].sort();
    const near = nearest(name, known);
    const list = known.length === 0 ? "no variables are defined" : `defined are ${known.join(", ")}`;
    work.faults.push({
      severity: "error",
      code: "undefined_variable",
      message: `variable '${name}' has no value`,
      hint: near ? `did you mean '${near}'? ${list}` : list,
    });
    return undefined;
  }
  // By its path, since two complex variables may refer to parts of each other.
  const step = raw.slice(2, -1);
  if (work.chain.includes(step)) {
    const chain = [...work.chain.slice(work.chain.indexOf(step)), step].map((one) => one.replace(/^var\./, ""));
    const message = `variables refer to each other: ${chain.join(" → ")}`;
    work.faults.push({ severity: "error", code: "variable_cycle", message });
    return undefined;
  }
  work.chain.push(step);
  const value = partOf(variable, segment, work);
  work.chain.pop();
  return value;
}

/** The part of a variable's value that a reference names, filled in; undefined where there is none (a fault says so). */
function partOf(
  { value: whole, literal }: Variable,
  { name, path, raw }: Extract<Segment, { kind: "var" }>,
  work: Work,
): Json | undefined {
  let value: Json = literal ? asLiteral(whole) : whole;
  for (const step of path) {
    // Only what lies on the way is filled: what stands beside it may refer to what asks for this.
    if (typeof value === "string" && !literal) value = fillText(value, work);
    const inner: Json | undefined = Array.isArray(value)
      ? value[Number(step)]
      : isObject(value)
        ? value[step]
        : undefined;
    if (inner === undefined) {
      const known = isObject(value) ? Object.keys(value) : [];
      const hint = known.length > 0 ? `it has ${known.join(", ")}` : `variable '${name}' is no such map or list`;
      work.faults.push({ severity: "error", code: "undefined_variable", message: `${raw} has no value`, hint });
      return undefined;
    }
    value = inner;
  }
  return literal ? value : fillTree(value, work);
}

/** Value of one part; undefined leaves it as written (a fault may say why). */
function segmentValue(segment: Exclude<Segment, { kind: "text" }>, work: Work): Json | undefined {
  switch (segment.kind) {
    case "var":
      return variableValue(segment, work);
    case "env":
    case "file":
      work.secrets.add(segment.raw);
      return undefined;
    case "job":
    case "query":
      return undefined;
    case "resource":
      return resourceValue(segment, work);
    case "bundle":
      return work.scope.bundle?.[segment.field];
    case "workspace":
      return work.scope.workspace?.[segment.field];
    case "doubtful":
    case "bad":
      work.faults.push({
        severity: segment.kind === "bad" ? "error" : "warning",
        code: segment.kind === "bad" ? "bad_reference" : "doubtful_reference",
        message: segment.message,
        hint: segment.hint,
      });
      return undefined;
  }
}

const undeclared = (raw: string): ReferenceFault => ({
  severity: "warning",
  code: "doubtful_reference",
  message: `${raw} is kept as it is: no such resource is declared`,
  hint: "give the id itself, or a variable",
});

function openResource({ type, key, raw }: Extract<Segment, { kind: "resource" }>): ReferenceFault {
  const what = type.replaceAll("_", " ").replace(/s$/, "");
  return {
    severity: "warning",
    code: OTHER_RESOURCE,
    message: `${raw} is known only when ${what} ${key} is deployed`,
    hint: "headgate declares jobs only: deploy the bundle's other resources first, or give the value by a variable (lookup, --var)",
  };
}

function resourceValue(segment: Extract<Segment, { kind: "resource" }>, work: Work): Json | undefined {
  const { type, key, path, raw } = segment;
  const { resource = () => null } = work.scope;
  const text = work.chain.includes(raw) ? undefined : resource(type, key, path);
  if (typeof text !== "string") {
    work.faults.push(text === null ? undeclared(raw) : openResource(segment));
    return undefined;
  }
  work.chain.push(raw);
  const value = fillText(text, work);
  work.chain.pop();
  return value;
}

function fillText(text: string, work: Work): Json {
  const segments = parseReferences(text);
  const [only] = segments;
  if (segments.length === 1 && only && only.kind !== "text") return segmentValue(only, work) ?? only.raw;
  let filled = "";
  for (const segment of segments) {
    if (segment.kind === "text") {
      filled += shield(segment.text);
      continue;
    }
    const value = segmentValue(segment, work);
    if (typeof value === "object" && value !== null) {
      work.faults.push({
        severity: "error",
        code: "bad_reference",
        message: `${segment.raw} is a ${Array.isArray(value) ? "list" : "map"} and cannot be part of a text`,
        hint: "let it be the whole value",
      });
    } else filled += value === undefined ? segment.raw : value === null ? "" : String(value);
  }
  return filled;
}

function fillTree(value: Json, work: Work): Json {
  if (typeof value === "string") return fillText(value, work);
  if (Array.isArray(value)) return value.map((item) => fillTree(item, work));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fillTree(member ?? null, work)]));
}

/**
 * A text with variables, `${bundle.…}` and `${workspace.…}` filled in. A text that is exactly one `${var.x}` takes the
 * variable's value with its type (number, list, map). References to secrets and to other jobs are left as written
 * (see {@link fillLate}).
 */
export function substitute(text: string, scope: ReferenceScope): Substituted {
  if (!text.includes("${")) return { value: text, faults: [], secrets: [] };
  const work: Work = { scope, faults: [], secrets: new Set(), chain: [] };
  return { value: fillText(text, work), faults: work.faults, secrets: [...work.secrets] };
}
