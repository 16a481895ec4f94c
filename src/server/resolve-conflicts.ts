/** Turns the choices in a request into a plan without conflicts. Pure. */
import { settleConflicts } from "../app.ts";
import type { Plan } from "../model/plan.ts";
import type { ApplyBody } from "./api.ts";
import { Refusal } from "./problem.ts";

type Choices = NonNullable<ApplyBody["resolutions"]>;

/**
 * The plan with every conflict of fields settled as chosen: `ours` fields become declared changes, `theirs` are kept
 * as found, jobs to `leave` are taken out. Jobs that two owners claim stay as they are: they are never sent.
 * @throws Refusal `conflict_unresolved` naming the fields that nobody chose for, or that cannot be kept as found
 */
export function resolveConflicts(plan: Plan, choices: Choices): Plan {
  const wanted: Plan = { ...plan, changes: plan.changes.filter(({ resource }) => choices[resource] !== "leave") };
  const settled = settleConflicts(wanted, ({ resource }, { path }) => {
    const choice = choices[resource];
    return choice === "leave" ? choice : choice?.[path];
  });
  const [stuck] = settled.stuck;
  if (stuck !== undefined) {
    throw new Refusal("conflict_unresolved", `${stuck.resource}: ${stuck.path} cannot be kept as it was found.`, {
      hint: "Leave the job alone this time, and change its declaration.",
      data: { ...stuck },
    });
  }
  const { open } = settled;
  if (open.length > 0) {
    const named = open.slice(0, 3).map((one) => `${one.resource} ${one.path}`);
    throw new Refusal("conflict_unresolved", `Nobody chose for ${named.join(", ")}${open.length > 3 ? ", …" : ""}.`, {
      hint: "Send `resolutions` with `ours` or `theirs` for each, or `leave` for the job.",
      data: { open },
    });
  }
  return { ...settled.plan, summary: plan.summary };
}
