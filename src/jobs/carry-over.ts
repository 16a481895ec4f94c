/**
 * Carries over what we do not know: a reset replaces all settings, so fields that the workspace has, that nobody
 * declares and that the Jobs API is not known to have are put into what is sent. Pure.
 * Why: docs/decisions/0004-unknown-fields.md.
 */
import type { JobSettings } from "../model/job.ts";
import { childShape, type FieldShape, JOB } from "../model/job-fields.ts";
import { isObject, type Json, type JsonObject } from "../util/json.ts";
import { stableJson } from "../util/stable-json.ts";
import { listIdentity } from "../workspace/fields.ts";
import { memberPath } from "./pattern.ts";

interface Spot {
  path: string;
  /** As `workspace/fields.ts` has it. */
  pattern: string;
  shape: FieldShape | undefined;
}

/** True for a path that we declared ourselves the last time: it is gone because it was taken out. */
type WasDeclared = (path: string) => boolean;

/** `sent` with the unknown fields of `found`. Parts that are not sent at all take nothing with them. */
export function carryOver(sent: JobSettings, found: JobSettings, wasDeclared: WasDeclared): JobSettings {
  return object(sent, found, { path: "", pattern: "", shape: JOB }, wasDeclared) as JobSettings;
}

function object(sent: JsonObject, found: JsonObject, spot: Spot, wasDeclared: WasDeclared): JsonObject {
  let made: JsonObject | undefined;
  for (const key of Object.keys(found)) {
    const theirs = found[key];
    if (theirs === undefined || theirs === null) continue;
    const inner: Spot = {
      path: memberPath(spot.path, key),
      pattern: spot.pattern === "" ? key : `${spot.pattern}.${key}`,
      shape: childShape(spot.shape, key),
    };
    const ours = sent[key];
    let now: Json | undefined;
    if (inner.shape === undefined) {
      // A task has one type: an unknown one does not stay beside ours.
      const rival = key.endsWith("_task") && Object.keys(sent).some((other) => other.endsWith("_task"));
      now = ours === undefined && !rival && !declaredWithin(theirs, inner.path, wasDeclared) ? theirs : ours;
    } else now = ours === undefined ? undefined : value(ours, theirs, inner, wasDeclared);
    if (now === ours || now === undefined) continue;
    made ??= { ...sent };
    made[key] = now;
  }
  return made ?? sent;
}

/** Whether an unknown field, or anything in it, was declared by us. */
function declaredWithin(theirs: Json, path: string, wasDeclared: WasDeclared): boolean {
  if (wasDeclared(path)) return true;
  if (Array.isArray(theirs)) {
    return theirs.some((element, index) => declaredWithin(element, `${path}[${index}]`, wasDeclared));
  }
  if (!isObject(theirs)) return false;
  return Object.entries(theirs).some(([key, member]) =>
    declaredWithin(member as Json, memberPath(path, key), wasDeclared),
  );
}

function value(ours: Json, theirs: Json, spot: Spot, wasDeclared: WasDeclared): Json {
  if (Array.isArray(ours) && Array.isArray(theirs)) return list(ours, theirs, spot, wasDeclared);
  // The keys of a map are names that people give: none of them is unknown.
  if (spot.shape?.kind !== "object" || !isObject(ours) || !isObject(theirs)) return ours;
  return object(ours, theirs, spot, wasDeclared);
}

function list(ours: Json[], theirs: Json[], spot: Spot, wasDeclared: WasDeclared): Json[] {
  const shape = childShape(spot.shape, 0);
  if (shape?.kind !== "object") return ours;
  const identity = listIdentity(spot.pattern);
  const nameOf = (element: Json) => {
    if (!isObject(element)) return undefined;
    return identity.kind === "keyed"
      ? stableJson(element[identity.key] ?? null)
      : stableJson(knownPart(element, shape));
  };
  const byName = new Map<string | undefined, JsonObject[]>();
  for (const element of theirs) {
    if (isObject(element)) byName.set(nameOf(element), [...(byName.get(nameOf(element)) ?? []), element]);
  }
  let changed = false;
  const made = ours.map((element, index) => {
    const partner = isObject(element) ? byName.get(nameOf(element))?.shift() : undefined;
    if (!isObject(element) || !partner) return element;
    const at =
      identity.kind === "keyed"
        ? `${spot.path}[${identity.key}=${String(element[identity.key])}]`
        : `${spot.path}[${index}]`;
    const now = object(element, partner, { path: at, pattern: `${spot.pattern}[*]`, shape }, wasDeclared);
    if (now !== element) changed = true;
    return now;
  });
  return changed ? made : ours;
}

/** An element without the members we do not know: what elements that have no key are told apart by. */
function knownPart(element: Json, shape: FieldShape | undefined): Json {
  if (Array.isArray(element)) return element.map((one, index) => knownPart(one, childShape(shape, index)));
  if (!isObject(element)) return element;
  const kept: JsonObject = {};
  for (const [key, member] of Object.entries(element)) {
    const inner = childShape(shape, key);
    if (inner !== undefined && member !== undefined) kept[key] = knownPart(member, inner);
  }
  return kept;
}
