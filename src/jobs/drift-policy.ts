/**
 * What is done about fields that somebody else changed: put back (`ours`), left as found (`theirs`), or nothing at all
 * for that job until a person has looked (`fail`). Pure.
 */
import type { Change, FieldChange, Plan } from "../model/plan.ts";
import { keepFields } from "./keep-theirs.ts";
import { summaryOf } from "./summary.ts";

export type FieldPolicy = "ours" | "theirs" | "fail";

/** `jobs.drift` of the config. */
export interface DriftPolicy {
  /** Of every field that `fields` does not name; without it drift is put back, and a conflict left to a person. */
  policy?: FieldPolicy | undefined;
  /** By path of a field or of what is around it; `[*]` stands for every element: `tasks[*].max_retries`. */
  fields?: Readonly<Record<string, FieldPolicy>> | undefined;
}

const patternOf = (path: string) => path.replace(/\[[^\]=]+=[^\]]*\]|\[\d+\]/g, "[*]");
const within = (path: string, place: string) =>
  path === place || (path.startsWith(place) && /^[.[]/.test(path.slice(place.length)));

/** The policy that is written for a field: that of the longest path that it lies in. */
export function policyOf(path: string, { policy, fields = {} }: DriftPolicy): FieldPolicy | undefined {
  const pattern = patternOf(path);
  const [nearest] = Object.keys(fields)
    .filter((place) => within(path, place) || within(pattern, place))
    .sort((a, b) => b.length - a.length);
  return nearest === undefined ? policy : fields[nearest];
}

/** What one change becomes when `choose` says what is done about each field of kind drift or conflict. */
export function settleFields(change: Change, choose: (field: FieldChange) => FieldPolicy | undefined): Change {
  if (change.action !== "update" && change.action !== "recover") return change;
  const choices = new Map<FieldChange, FieldPolicy | undefined>();
  for (const field of change.fields) if (field.kind !== "declared") choices.set(field, choose(field));
  const failed = [...choices].flatMap(([field, choice]) =>
    choice === "fail" && field.kind === "drift" ? [field] : [],
  );
  if (failed.length > 0) {
    return refused(
      change,
      "drift_policy",
      `${named(failed)} moved in the workspace, and by policy nobody decides that but a person`,
    );
  }
  const ours: Change = {
    ...change,
    fields: change.fields.map((field) =>
      field.kind === "conflict" && choices.get(field) === "ours" ? { ...field, kind: "declared" } : field,
    ),
  };
  const theirs = new Set([...choices].flatMap(([field, choice]) => (choice === "theirs" ? [field.path] : [])));
  const settled = keepFields(ours, (field) => field.kind !== "declared" && theirs.has(field.path));
  if (settled === undefined) {
    return refused(change, "entangled", "what is kept as found cannot be told apart from what is to be changed");
  }
  const open = settled.fields.filter((field) => field.kept !== true);
  if (open.length > 0 || settled.action === "recover") return settled;
  const { desired: _desired, base: _base, ...rest } = settled;
  return { ...rest, action: "noop", reason: `${named(settled.fields)} moved in the workspace, and stays so` };
}

function refused(change: Change, code: string, reason: string): Change {
  const { desired: _desired, base: _base, ...rest } = change;
  const hint = "write the workspace's value into the declaration, or set it back there; then plan again";
  return { ...rest, action: "refused", code, reason, hint };
}

function named(fields: readonly FieldChange[]): string {
  const paths = fields.slice(0, 3).map((field) => field.path);
  return paths.join(", ") + (fields.length > 3 ? `, and ${fields.length - 3} more` : "");
}

/** The plan as the policy wants it. */
export function underPolicy(plan: Plan, policy: DriftPolicy | undefined): Plan {
  if (policy === undefined) return plan;
  const changes = plan.changes.map((change) => settleFields(change, (field) => policyOf(field.path, policy)));
  return { ...plan, changes, summary: summaryOf(changes) };
}
