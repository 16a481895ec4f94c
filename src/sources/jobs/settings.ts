/** YAML values as the Jobs API wants them: texts as written, numbers from numeric texts, places kept. */

import { parsePath } from "../../model/field-shape.ts";
import { childShape, type FieldShape, fieldAt, JOB } from "../../model/job-fields.ts";
import type { Place } from "../../model/problem.ts";
import type { Json, JsonObject } from "../../util/json.ts";
import {
  jsonOf,
  memberText,
  type Placed,
  type PlacedMember,
  type PlacedScalar,
  placeOfSpot,
  type Spot,
  setMember,
} from "../../util/placed-yaml.ts";

function integer(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** Words for true and false: those of YAML 1.1 too, which bundles and lakeflow_jobs_meta read so. */
const FLAGS = new Map([
  ...["true", "yes", "y", "on"].map((word) => [word, true] as const),
  ...["false", "no", "n", "off"].map((word) => [word, false] as const),
]);

/**
 * A scalar for a field of a shape. Only what keeps its meaning is changed: where a text is wanted, `1.10` and `true`
 * become the text as written; where a number or flag is wanted, a text that spells one becomes it (`1_000` and `on`
 * too). A value that does not fit is kept, for the check to name.
 */
function scalarFor(scalar: PlacedScalar, shape: FieldShape | undefined): Json {
  const { value } = scalar;
  switch (shape?.kind) {
    case "string":
    case "enum":
      return value === null || typeof value === "string" ? value : scalar.text;
    case "int32":
    case "int64":
      return typeof value === "string" && /^-?\d[\d_]*$/.test(value) ? integer(value.replaceAll("_", "")) : value;
    case "double":
      return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
    case "boolean":
      return typeof value === "string" ? (FLAGS.get(value.toLowerCase()) ?? value) : value;
    default:
      return value;
  }
}

/**
 * The value of a tree for a field of a shape. An empty member (`key:`) is left out, but in a map and a list of texts it
 * is the empty text. Fields the API does not have are kept as they are.
 */
export function valueFor(node: Placed, shape: FieldShape | undefined): Json {
  if (node.kind === "scalar") return scalarFor(node, shape);
  if (node.kind === "list") {
    const items = childShape(shape, 0);
    if (shape?.kind !== "list") return jsonOf(node);
    return node.items.map((item) => valueFor(item, items) ?? (items?.kind === "string" ? "" : null));
  }
  if (shape?.kind !== "object" && shape?.kind !== "map") return jsonOf(node);
  const object: JsonObject = {};
  for (const [key, member] of node.members) {
    const value = valueFor(member.value, childShape(shape, key));
    if (value !== null) setMember(object, key, value);
    else if (shape.kind === "map") setMember(object, key, "");
  }
  return object;
}

/** A job's settings of its tree. */
export function settingsFor(node: Placed): JsonObject {
  return valueFor(node, JOB) as JsonObject;
}

/** Finds the place of a path in a tree, the nearest known parent's where it ends earlier. */
export function placeFinder(root: Placed, start: Spot): (path: string) => Place {
  return (path) => {
    let node: Placed | undefined = root;
    let spot: Spot = start;
    for (const step of parsePath(path) ?? []) {
      if (step.kind === "member") {
        const member: PlacedMember | undefined = node?.kind === "map" ? node.members.get(step.name) : undefined;
        if (!member) break;
        spot = member;
        node = member.value;
        continue;
      }
      if (node?.kind !== "list") break;
      const items: Placed[] = node.items;
      const index: number =
        step.kind === "index"
          ? step.index
          : step.kind === "key"
            ? items.findIndex((item) => memberText(item, step.key) === step.value)
            : -1;
      const item = items[index];
      if (!item) break;
      spot = item;
      node = item;
    }
    return placeOfSpot(spot);
  };
}

/** By which member the elements of a list in a job are merged; paths as `tasks[*].depends_on`. */
export function jobListKey(path: string): string | undefined {
  const shape = fieldAt(path);
  // Only what bundles merge: webhook lists and depends_on are replaced, like every other list.
  const merged = ["tasks", "job_clusters", "environments", "parameters"];
  return merged.includes(path) && shape?.kind === "list" ? shape.key : undefined;
}
