/** Turns choices about fields that both sides changed into a plan without conflicts. Pure. */
import type { Change, FieldChange, Plan } from "../model/plan.ts";
import { keepFields } from "./keep-theirs.ts";
import { summaryOf } from "./summary.ts";

/** Whose value a field gets: what is declared is sent, or what was found stays. */
export type ConflictChoice = "ours" | "theirs";

/** A plan after the choices. */
export interface SettledPlan {
  plan: Plan;
  /** Fields in conflict that nobody chose for. */
  open: { resource: string; path: string }[];
  /** Fields that cannot be kept as found: they cannot be told apart from others that are to be changed. */
  stuck: { resource: string; path: string }[];
}

/**
 * Settles conflicts of fields: `ours` become declared changes, `theirs` stay as found, jobs to `leave` are taken out, and
 * so are those of which nothing is left to change. Jobs that two owners claim stay as they are: they are never sent.
 */
export function settleConflicts(
  plan: Plan,
  choose: (change: Change, field: FieldChange) => ConflictChoice | "leave" | undefined,
): SettledPlan {
  const open: SettledPlan["open"] = [];
  const stuck: SettledPlan["stuck"] = [];
  const changes = plan.changes.flatMap((change): Change[] => {
    const choices = new Map(
      change.fields
        .filter((field) => field.kind === "conflict" && field.kept !== true)
        .map((field) => [field, choose(change, field)]),
    );
    if (choices.size === 0) return [change];
    if ([...choices.values()].includes("leave")) return [];
    for (const [{ path }, choice] of choices) if (choice === undefined) open.push({ resource: change.resource, path });
    const theirs = new Set([...choices].flatMap(([{ path }, choice]) => (choice === "theirs" ? [path] : [])));
    const fields = change.fields.map(
      (field): FieldChange => (choices.get(field) === "ours" ? { ...field, kind: "declared" } : field),
    );
    const settled = keepFields({ ...change, fields }, (field) => field.kind === "conflict" && theirs.has(field.path));
    if (settled === undefined) {
      stuck.push(...[...theirs].map((path) => ({ resource: change.resource, path })));
      return [change];
    }
    return settled.action === "update" && settled.fields.every((field) => field.kept === true) ? [] : [settled];
  });
  return { plan: { ...plan, changes, summary: summaryOf(changes) }, open, stuck };
}
