/** Three-way difference of one job: desired, last applied, actual; a change a field. */
import type { JobSettings } from "../model/job.ts";
import type { FieldChange, FieldKind } from "../model/plan.ts";
import { defaultOf, ruleOf } from "../workspace/fields.ts";
import { type Base, comparable, DROPPED } from "./fingerprint.ts";
import { type Flat, flatten, type Leaf } from "./leaves.ts";
import { presentChanges } from "./present.ts";

/** A leaf that differs, before it is made readable. */
export interface LeafChange {
  path: string;
  pattern: string;
  kind: FieldKind;
  desired: Leaf | undefined;
  actual: Leaf | undefined;
  /** The value found is still what we last applied. */
  untouched: boolean;
}

/** What {@link diffJob} compares. */
export interface DiffInput {
  /** Settings as they will be sent, references resolved. */
  desired: JobSettings;
  /** Settings as read from the workspace. */
  actual: JobSettings;
  /** What we last applied; undefined when that is not known. */
  base?: Base | undefined;
  /** The desired settings as they may be shown (secrets as references); `desired` by default. */
  shown?: JobSettings | undefined;
  /** Leaf paths of `desired` that hold a secret. */
  secrets?: ReadonlySet<string> | undefined;
}

const same = (a: Leaf, b: Leaf) => comparable(a) === comparable(b);

/** True for what the service fills in where a job says nothing. */
export function isDefault(leaf: Leaf, side: JobSettings): boolean {
  const rule = ruleOf(leaf.pattern);
  if (rule?.kind !== "default") return false;
  const value = defaultOf(rule, side);
  return value !== undefined && comparable(leaf) === comparable({ ...leaf, value });
}

/** True where absence in `other` means what the leaf says. */
function equalsAbsence(leaf: Leaf, settings: JobSettings, flat: Flat, other: Flat): boolean {
  if (!isDefault(leaf, settings)) return false;
  if (ruleOf(leaf.pattern)?.withoutParent) return true;
  return other.containers.has(flat.parents.get(leaf.path) ?? "");
}

function kindOf(desired: Leaf | undefined, actual: Leaf | undefined, base: Base | undefined): FieldKind | undefined {
  if (base === undefined) return desired === undefined ? "drift" : "declared";
  const path = (desired ?? actual)?.path ?? "";
  const applied = base.applied(path);
  const settled = base.settled(path);
  const wanted = desired && base.digest(desired);
  const found = actual && base.digest(actual);
  const weMoved = wanted !== applied;
  const theyMoved = found !== applied && (settled === undefined || (found ?? DROPPED) !== settled);
  if (weMoved) return theyMoved ? "conflict" : "declared";
  return theyMoved ? "drift" : undefined;
}

function changeOf(path: string, input: DiffInput, desired: Flat, actual: Flat): LeafChange | undefined {
  const want = desired.leaves.get(path);
  const have = actual.leaves.get(path);
  const leaf = want ?? have;
  if (leaf === undefined || (want && have && same(want, have))) return undefined;
  const rule = ruleOf(leaf.pattern);
  const applied = input.base?.applied(path);
  if (rule?.kind === "volatile") return undefined;
  if (want === undefined && have) {
    if (equalsAbsence(have, input.actual, actual, desired)) return undefined;
    // The service computes it, or we do not know the field: only taking it out of the declaration counts.
    if ((rule?.kind === "computed" || !have.known) && applied === undefined) return undefined;
  }
  if (want && have === undefined) {
    if (equalsAbsence(want, input.desired, desired, actual)) return undefined;
    if (rule?.kind === "write_only" && (input.base === undefined || applied === input.base.digest(want)))
      return undefined;
  }
  const kind = rule?.kind === "computed" && want === undefined ? "declared" : kindOf(want, have, input.base);
  if (kind === undefined) return undefined;
  const untouched = input.base !== undefined && have !== undefined && applied === input.base.digest(have);
  return { path, pattern: leaf.pattern, kind, desired: want, actual: have, untouched };
}

/**
 * The fields in which a job differs, sorted by place in the desired settings, then by what only the workspace has.
 *
 * A field is `declared` where only we moved since the last apply, `drift` where only the workspace moved, `conflict`
 * where both did; without a known past everything declared counts as ours, everything else as theirs. Backend
 * defaults and computed values are left out as `workspace/fields.ts` says, and so are fields that only the workspace
 * has and the Jobs API is not known to have (docs/decisions/0004-unknown-fields.md), and what the service made of our
 * values right after the last apply. Whole objects and list elements that come or go are one change.
 */
export function diffJob(input: DiffInput): FieldChange[] {
  return compareJob(input).fields;
}

/** {@link diffJob}, with both sides taken apart for whoever goes on with them. */
export function compareJob(input: DiffInput): { fields: FieldChange[]; desired: Flat; actual: Flat } {
  const desired = flatten(input.desired);
  const actual = flatten(input.actual);
  const changes: LeafChange[] = [];
  for (const path of desired.leaves.keys()) {
    const change = changeOf(path, input, desired, actual);
    if (change) changes.push(change);
  }
  for (const path of actual.leaves.keys()) {
    if (desired.leaves.has(path)) continue;
    const change = changeOf(path, input, desired, actual);
    if (change) changes.push(change);
  }
  if (changes.length === 0) return { fields: [], desired, actual };
  const fields = presentChanges(changes, {
    desired,
    actual,
    shown: input.shown ? flatten(input.shown) : desired,
    isSecret: (path) => (input.secrets?.has(path) ?? false) || (input.base?.wasSecret(path) ?? false),
  });
  return { fields, desired, actual };
}
