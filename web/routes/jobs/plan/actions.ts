/** Words and order of a plan's actions. */
import type { ChangeAction } from "../../../../src/model/plan.ts";
import type { PlanChange } from "../../../api/plan-change.ts";
import { counted } from "../../../words/count.ts";

export interface ActionLook {
  action: Exclude<ChangeAction, "noop">;
  title: string;
  /** As in `3 update`. */
  word: string;
  sign: string;
  look: "chg" | "add" | "del" | "con";
}

/** In the order of the page: what waits for somebody is seen before it is scrolled past. */
export const ACTIONS: ActionLook[] = [
  { action: "conflict", title: "Conflict", word: "conflict", sign: "!", look: "con" },
  { action: "refused", title: "Refused", word: "refused", sign: "!", look: "con" },
  { action: "update", title: "Update", word: "update", sign: "~", look: "chg" },
  { action: "recover", title: "Recover", word: "recover", sign: "+", look: "add" },
  { action: "recreate", title: "Recreate", word: "recreate", sign: "+", look: "add" },
  { action: "create", title: "Create", word: "create", sign: "+", look: "add" },
  { action: "delete", title: "Delete", word: "delete", sign: "-", look: "del" },
];

/** A choice of a person on a conflict: by path `ours` or `theirs`, or the whole job left alone. */
export type Choice = "leave" | Record<string, "ours" | "theirs">;
export type Choices = Record<string, Choice>;

const conflictsOf = (change: PlanChange) => change.fields.filter((field) => field.kind === "conflict");

/** True where somebody has still to choose. */
export function isOpen(change: PlanChange, choices: Choices): boolean {
  const choice = choices[change.resource];
  if (choice === "leave") return false;
  return conflictsOf(change).some((field) => choice?.[field.path] === undefined);
}

/** True for a change that applying from here would send. */
export function isSent(change: PlanChange, choices: Choices): boolean {
  if (["noop", "conflict", "refused"].includes(change.action)) return false;
  if (change.held === true || choices[change.resource] === "leave") return false;
  const choice = choices[change.resource];
  const kept = conflictsOf(change).filter(
    (field) => choice !== undefined && choice !== "leave" && choice[field.path] === "theirs",
  );
  return !(change.action === "update" && kept.length > 0 && kept.length === change.fields.length);
}

/** `4 fields, declared`, `1 field, changed in the workspace`: what stands beside the job's name. */
export function headOf(change: PlanChange): string {
  const { fields, action } = change;
  if (action !== "update" || fields.length === 0) {
    const number = fields.length > 0 && action !== "delete" ? `; ${counted(fields.length, "field")}` : "";
    return `${change.reason}${number}`;
  }
  const kinds = new Set(fields.map((field) => field.kind));
  const who = kinds.has("conflict")
    ? "changed here and in the workspace"
    : kinds.has("declared") && kinds.has("drift")
      ? "declared and changed in the workspace"
      : kinds.has("drift")
        ? "changed in the workspace"
        : "declared";
  return `${counted(fields.length, "field")}, ${who}`;
}

/** Jobs that differ. */
export function differing(plan: { changes: PlanChange[] }): PlanChange[] {
  return plan.changes.filter((change) => change.action !== "noop");
}
