/** `--conflicts ours|theirs` and `--resolve RESOURCE:PATH=ours|theirs`: what becomes of fields that both sides changed. */
import { settleConflicts } from "../../app.ts";
import { HeadgateError } from "../../errors.ts";
import type { Plan } from "../../model/plan.ts";

/** The two flags. */
export interface ConflictFlags {
  /** For every conflict that `resolve` does not name. */
  conflicts?: "ours" | "theirs";
  resolve?: string[];
}

interface Choice {
  resource: string;
  path: string;
  side: "ours" | "theirs";
}

function choiceOf(text: string): Choice {
  const [, resource, path, side] = /^([^:]+):(.+)=(ours|theirs)$/s.exec(text) ?? [];
  if (resource !== undefined && path !== undefined && (side === "ours" || side === "theirs")) {
    return { resource, path, side };
  }
  throw new HeadgateError("usage", `--resolve "${text}" is no choice`, {
    hint: "write it like --resolve nightly:schedule.pause_status=theirs",
  });
}

/**
 * The plan with the conflicts settled that were chosen for; others stay and are left out by apply.
 * @throws HeadgateError `usage` for a choice about a field that is not in conflict, `input_invalid` for one that cannot be kept
 */
export function withChoices(plan: Plan, { conflicts, resolve = [] }: ConflictFlags): Plan {
  if (conflicts === undefined && resolve.length === 0) return plan;
  const choices = resolve.map(choiceOf);
  const inConflict = plan.changes.flatMap(({ resource, fields }) =>
    fields.flatMap(({ kind, path }) => (kind === "conflict" ? [`${resource}:${path}`] : [])),
  );
  for (const { resource, path } of choices) {
    if (inConflict.includes(`${resource}:${path}`)) continue;
    throw new HeadgateError("usage", `--resolve: ${resource}:${path} is not in conflict`, {
      hint: inConflict.length === 0 ? "no field is" : `in conflict: ${inConflict.slice(0, 5).join(", ")}`,
    });
  }
  const { plan: settled, stuck } = settleConflicts(
    plan,
    ({ resource }, { path }) =>
      choices.find((choice) => choice.resource === resource && choice.path === path)?.side ?? conflicts,
  );
  const [first] = stuck;
  if (first === undefined) return settled;
  throw new HeadgateError("input_invalid", `${first.resource}: ${first.path} cannot be kept as it was found`, {
    hint: "it cannot be told apart from what else changes: change the declaration, or choose ours",
    permanent: true,
  });
}
