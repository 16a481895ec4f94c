/** Turns the choices of a person into a plan without conflicts. Pure. */
import type { Change, FieldChange, Plan } from "../model/plan.ts";
import { isObject, type Json, type JsonObject } from "../util/json.ts";
import type { ApplyBody } from "./api.ts";
import { Refusal } from "./problem.ts";

type Choices = NonNullable<ApplyBody["resolutions"]>;

/** One step into settings: a member, the element of a list with this member, or the element at this position. */
type Step = { member: string } | { by: string; value: string } | { at: number };

/** A step of a path as plans write it: `.name`, `['any text']`, `[task_key=load]`, `[0]`. */
const STEP = /\.?([A-Za-z_][A-Za-z0-9_-]*)|\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]|\[([^=\]]+)=([^\]]*)\]/y;

function stepsOf(path: string): Step[] | undefined {
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (match === null) return undefined;
    const [, word, quoted, index, by, value] = match;
    if (word !== undefined) steps.push({ member: word });
    else if (quoted !== undefined) steps.push({ member: quoted.replace(/\\(.)/g, "$1") });
    else if (index !== undefined) steps.push({ at: Number(index) });
    else if (by !== undefined && value !== undefined) steps.push({ by, value });
  }
  return steps.length === 0 ? undefined : steps;
}

function elementOf(list: Json[], step: Step): number {
  if ("at" in step) return step.at < list.length ? step.at : -1;
  if (!("by" in step)) return -1;
  return list.findIndex((element) => isObject(element) && String(element[step.by]) === step.value);
}

/** A copy of `value` with the place at `steps` set, or removed; undefined where there is no such place. */
function setAt(value: Json | undefined, steps: readonly Step[], to: Json | undefined): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return to;
  if ("member" in step) {
    if (value !== undefined && !isObject(value)) return undefined;
    const object: JsonObject = { ...value };
    const inner = setAt(object[step.member], rest, to);
    if (inner !== undefined) return { ...object, [step.member]: inner };
    if (rest.length > 0 || to !== undefined) return undefined;
    delete object[step.member];
    return object;
  }
  if (!Array.isArray(value)) return undefined;
  const index = elementOf(value, step);
  if (rest.length === 0 && to === undefined) return index < 0 ? value : value.filter((_, at) => at !== index);
  if (index < 0) return rest.length === 0 && to !== undefined ? [...value, to] : undefined;
  const inner = setAt(value[index], rest, to);
  return inner === undefined ? undefined : value.map((element, at) => (at === index ? inner : element));
}

/** What stands in the workspace where a field is in conflict: absent where there is nothing. */
function found(field: FieldChange): Json | undefined {
  return field.actual === undefined ? field.before : field.actual;
}

function keepTheirs(change: Change, field: FieldChange): Change {
  const steps = stepsOf(field.path);
  const desired = steps === undefined ? undefined : setAt(change.desired ?? {}, steps, found(field));
  if (!isObject(desired)) {
    throw new Refusal("conflict_unresolved", `${change.resource}: ${field.path} cannot be kept as it was found.`, {
      hint: "Leave the job alone this time, and change its declaration.",
      data: { resource: change.resource, path: field.path },
    });
  }
  return { ...change, desired, fields: change.fields.filter((one) => one !== field) };
}

/**
 * The plan with every conflict of fields settled as chosen: `ours` fields become declared changes, `theirs` are kept
 * as found, jobs to `leave` are taken out. Jobs that two owners claim stay as they are: they are never sent.
 * @throws Refusal `conflict_unresolved` naming the fields that nobody chose for
 */
export function resolveConflicts(plan: Plan, choices: Choices): Plan {
  const open: { resource: string; path: string }[] = [];
  const changes = plan.changes.flatMap((change): Change[] => {
    const choice = choices[change.resource];
    if (choice === "leave") return [];
    let settled = change;
    for (const field of change.fields) {
      if (field.kind !== "conflict") continue;
      const chosen = choice?.[field.path];
      if (chosen === undefined) open.push({ resource: change.resource, path: field.path });
      else if (chosen === "theirs") settled = keepTheirs(settled, field);
      else {
        const ours: FieldChange = { ...field, kind: "declared" };
        settled = { ...settled, fields: settled.fields.map((one) => (one === field ? ours : one)) };
      }
    }
    return settled !== change && settled.fields.length === 0 && settled.action === "update" ? [] : [settled];
  });
  if (open.length > 0) {
    const named = open.slice(0, 3).map((one) => `${one.resource} ${one.path}`);
    throw new Refusal("conflict_unresolved", `Nobody chose for ${named.join(", ")}${open.length > 3 ? ", …" : ""}.`, {
      hint: "Send `resolutions` with `ours` or `theirs` for each, or `leave` for the job.",
      data: { open },
    });
  }
  return { ...plan, changes };
}
