/** Checks every field of a job against the Jobs API: known, of the right type, one of the allowed values. Pure. */
import { childShape, type FieldShape, JOB } from "../model/job-fields.ts";
import { isObject, type Json } from "../util/json.ts";
import { nearest } from "../util/nearest.ts";
import { memberPath } from "./pattern.ts";

/** Tells of a fault at a path of the settings. */
export type Report = (
  path: string,
  code: string,
  message: string,
  hint?: string,
  severity?: "error" | "warning",
) => void;

/** True for a text whose value is known only to the platform, or only when it is sent. */
export function isDeferred(value: Json | undefined): boolean {
  return typeof value === "string" && (value.includes("${") || value.includes("{{"));
}

const WANTED: Record<FieldShape["kind"], string> = {
  string: "a text",
  boolean: "true or false",
  int32: "a whole number",
  int64: "a whole number",
  double: "a number",
  enum: "a text",
  list: "a list",
  map: "a map",
  object: "a map",
};

/** What a value is, for messages. */
function named(value: Json): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "string") return `'${value.length > 40 ? `${value.slice(0, 37)}...` : value}'`;
  return String(value);
}

const WHOLE: Partial<Record<FieldShape["kind"], bigint>> = { int32: 2n ** 31n, int64: 2n ** 63n };

function isOfKind(value: Json, kind: FieldShape["kind"]): boolean {
  switch (kind) {
    case "string":
    case "enum":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "int32":
    case "int64":
      return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
    case "double":
      return typeof value === "number" || typeof value === "bigint";
    case "list":
      return Array.isArray(value);
    case "map":
    case "object":
      return isObject(value);
  }
}

/** True for a scalar with nothing to say about it: nearly every one, and its path need not be made. */
function isFine(value: Json, shape: FieldShape): boolean {
  switch (shape.kind) {
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "int32":
      return typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 2 ** 31;
    case "int64":
      return Number.isSafeInteger(value);
    case "double":
      return typeof value === "number";
    case "enum":
      return typeof value === "string" && shape.values.includes(value);
    default:
      return false;
  }
}

function checkValue(value: Json, shape: FieldShape, path: string, report: Report): void {
  const scalar = shape.kind !== "list" && shape.kind !== "map" && shape.kind !== "object";
  if (!isOfKind(value, shape.kind)) {
    if (isDeferred(value)) {
      if (!scalar || shape.kind === "boolean") {
        const hint = "nothing fills it in";
        report(path, "unresolved", `expected ${WANTED[shape.kind]}, found ${named(value)}`, hint, "warning");
      }
      return;
    }
    const hint = shape.kind === "list" && typeof value === "string" ? `write [${value}]` : undefined;
    report(path, "wrong_type", `expected ${WANTED[shape.kind]}, found ${named(value)}`, hint);
    return;
  }
  const limit = WHOLE[shape.kind];
  if (limit !== undefined && (typeof value === "number" || typeof value === "bigint")) {
    const whole = BigInt(value);
    if (whole >= limit || whole < -limit) report(path, "out_of_range", `${whole} does not fit into ${shape.kind}`);
  }
  if (shape.kind === "enum" && typeof value === "string" && !isDeferred(value)) checkEnum(value, shape, path, report);
  if (Array.isArray(value)) {
    const items = childShape(shape, 0);
    value.forEach((item, index) => {
      if (items && !isFine(item, items)) checkValue(item, items, `${path}[${index}]`, report);
    });
  } else if (isObject(value)) checkMembers(value, shape, path, report);
}

function checkEnum(value: string, shape: Extract<FieldShape, { kind: "enum" }>, path: string, report: Report): void {
  const same = shape.anyCase
    ? shape.values.some((known) => known.toLowerCase() === value.toLowerCase())
    : shape.values.includes(value);
  if (same) return;
  const near = nearest(value, shape.values);
  report(
    path,
    "bad_value",
    `'${value}' is none of ${shape.values.join(", ")}`,
    near ? `did you mean ${near}?` : undefined,
  );
}

function checkMembers(
  value: { [key: string]: Json | undefined },
  shape: FieldShape,
  path: string,
  report: Report,
): void {
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const field = childShape(shape, key);
    if (field && isFine(member, field)) continue;
    const inner = memberPath(path, key);
    if (field) {
      checkValue(member, field, inner, report);
      continue;
    }
    const known = shape.kind === "object" ? Object.keys(shape.fields) : [];
    const near = nearest(key, known);
    const hint = near ? `did you mean ${near}?` : "it is sent as it is";
    report(inner, "unknown_field", `the Jobs API has no field '${key}' here`, hint, "warning");
  }
  for (const key of shape.kind === "object" ? (shape.required ?? []) : []) {
    if (value[key] === undefined) report(path, "missing_field", `${key} is missing`);
  }
}

/** Checks all fields of a job's settings. Unknown ones are a warning: they are sent, since the API grows. */
export function checkFields(settings: { [key: string]: Json | undefined }, report: Report): void {
  checkMembers(settings, JOB, "", report);
}
