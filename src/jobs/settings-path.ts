/** Reads and sets one place in a job's settings, by the path that a plan gives it. Pure. */

import { type PathStep, parsePath } from "../model/field-shape.ts";
import type { JobSettings } from "../model/job.ts";
import { isObject, type Json, type JsonObject } from "../util/json.ts";

function elementOf(list: readonly Json[], step: PathStep): number {
  if (step.kind === "index") return step.index < list.length ? step.index : -1;
  if (step.kind !== "key") return -1;
  return list.findIndex((element) => isObject(element) && String(element[step.key]) === step.value);
}

/** The value at a path like `tasks[task_key=load].max_retries`; undefined where there is none. */
export function valueAt(settings: JobSettings, path: string): Json | undefined {
  let value: Json | undefined = settings;
  for (const step of parsePath(path) ?? []) {
    if (step.kind === "member") value = isObject(value) ? value[step.name] : undefined;
    else value = Array.isArray(value) ? value[elementOf(value, step)] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

/**
 * A copy of the settings with the value at a path set, or removed where `to` is undefined. Objects on the way are made;
 * a list element that is not there yet comes last.
 * @returns undefined where there is no such place: the list of an element's member lacks that element
 */
export function withValueAt(settings: JobSettings, path: string, to: Json | undefined): JobSettings | undefined {
  const steps = parsePath(path);
  if (steps === undefined || steps.length === 0) return undefined;
  const made = put(settings, steps, to);
  return made !== NOWHERE && isObject(made) ? made : undefined;
}

/** Says that there is no such place; undefined says that nothing is there. */
const NOWHERE = Symbol("nowhere");

function put(
  value: Json | undefined,
  steps: readonly PathStep[],
  to: Json | undefined,
): Json | undefined | typeof NOWHERE {
  const [step, ...rest] = steps;
  if (step === undefined) return to;
  if (step.kind === "member") {
    if (value !== undefined && !isObject(value)) return NOWHERE;
    // Removing what is in something that is not there is done already.
    if (value === undefined && to === undefined) return undefined;
    const object: JsonObject = { ...value };
    const inner = put(object[step.name], rest, to);
    if (inner === NOWHERE) return NOWHERE;
    if (inner === undefined) delete object[step.name];
    else object[step.name] = inner;
    return object;
  }
  if (value === undefined && rest.length === 0) return to === undefined ? undefined : [to];
  if (!Array.isArray(value)) return NOWHERE;
  const index = elementOf(value, step);
  if (rest.length === 0 && to === undefined) return index < 0 ? value : value.filter((_, at) => at !== index);
  if (index < 0) return rest.length === 0 && to !== undefined ? [...value, to] : NOWHERE;
  const inner = put(value[index], rest, to);
  return inner === NOWHERE || inner === undefined ? NOWHERE : value.map((one, at) => (at === index ? inner : one));
}
