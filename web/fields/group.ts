/** Fields of a change put in order for reading: by parent path, whole objects that come or go folded into one row. */
import type { FieldChange } from "../../src/model/plan.ts";
import type { Json, JsonObject } from "./json-value.ts";
import { type Step, shortPath, stepsOf } from "./path.ts";

/** Sign of a row: added, removed, changed, or something a person must look at. */
export type Sign = "+" | "-" | "~" | "!";

/** One row under a parent. */
export interface FieldRow {
  field: FieldChange;
  /** Name under the parent. */
  label: string;
  sign: Sign;
  /** What the row is called where it is a whole object: `task`, `schedule`. */
  noun: string | undefined;
  /** Leaves of a whole object, without the key it is told by. */
  inside: { label: string; value: Json }[];
}

/** Rows under one parent path. */
export interface FieldGroup {
  parent: string;
  rows: FieldRow[];
}

/** What was found in the workspace: a plan leaves it out where it equals `before`. */
export function foundOf(field: FieldChange): Json | undefined {
  return field.actual === undefined && field.kind !== "conflict" ? field.before : field.actual;
}

/** `+` where there was nothing, `-` where nothing stays, `!` where somebody else had a hand in it. */
export function signOf(field: FieldChange): Sign {
  if (field.kind !== "declared") return "!";
  if (foundOf(field) === undefined) return "+";
  return field.after === undefined ? "-" : "~";
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Leaves of a value by path; lists of plain values are one leaf. */
function leavesOf(value: Json, path: string): { label: string; value: Json }[] {
  if (isObject(value))
    return Object.entries(value).flatMap(([key, member]) =>
      member === undefined ? [] : leavesOf(member, path === "" ? key : `${path}.${key}`),
    );
  if (Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null))
    return value.flatMap((item, index) => leavesOf(item, `${path}[${index}]`));
  return [{ label: path, value }];
}

/** What an element of a list is called: `task`, `job cluster`, … */
export function elementNoun(list: string): string {
  return list.replaceAll("_", " ").replace(/ies$/, "y").replace(/s$/, "");
}

function nounOf(steps: Step[]): string {
  const [list, last] = [steps.at(-2), steps.at(-1)];
  if (last?.kind === "key") return last.key.replaceAll("_", " ");
  return list?.kind === "key" ? elementNoun(list.key) : "entry";
}

function rowOf(field: FieldChange, steps: Step[]): FieldRow {
  const last = steps.at(-1);
  const label = last?.kind === "by" ? last.value : last?.kind === "key" ? last.key : shortPath(steps.slice(-1));
  const [here, there] = [field.after, foundOf(field)];
  const whole = here === undefined ? there : there === undefined ? here : undefined;
  const row: FieldRow = { field, label, sign: signOf(field), noun: undefined, inside: [] };
  if (!isObject(whole)) return row;
  const told = last?.kind === "by" ? last.field : undefined;
  return { ...row, noun: nounOf(steps), inside: leavesOf(whole, "").filter((leaf) => leaf.label !== told) };
}

/** Rows by parent, parents in the order their first field comes. */
export function groupFields(fields: FieldChange[]): FieldGroup[] {
  const groups = new Map<string, FieldGroup>();
  for (const field of fields) {
    const steps = stepsOf(field.path);
    const parent = shortPath(steps.slice(0, -1));
    const group = groups.get(parent) ?? { parent, rows: [] };
    groups.set(parent, group);
    group.rows.push(rowOf(field, steps));
  }
  return [...groups.values()];
}

/** Ids beyond 2^53 travel as text and are shown as the numbers they are. */
const LONG_ID = /^-?\d{16,}$/;

function plainString(text: string): boolean {
  if (LONG_ID.test(text)) return true;
  return (
    text !== "" && text.trim() === text && !/^(true|false|null|nothing|-?[\d.]+)$/i.test(text) && !/[\n"]/.test(text)
  );
}

/** A value as it stands in a diff: exact, strings quoted only where they could be taken for something else. */
export function valueText(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return plainString(value) ? value : JSON.stringify(value);
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value) && value.every((item) => typeof item !== "object" || item === null))
    return value.length === 0 ? "[]" : value.map((item) => valueText(item)).join(", ");
  return JSON.stringify(value, (_key, inner) => (typeof inner === "bigint" ? inner.toString() : inner));
}
