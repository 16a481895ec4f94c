/** `--write-back FILE|-`: drift as a patch of the declared files, kept as it is by now. */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { HeadgateError } from "../../errors.ts";
import type { Plan } from "../../model/plan.ts";
import type { CliContext } from "../context.ts";
import type { Project } from "../project.ts";

/** Writes the patch of a plan; the same one is not written twice, and what cannot be patched is said once. */
export type WriteBack = (plan: Plan) => Promise<void>;

/**
 * @param target file, relative to the current folder, or `-` for stdout
 * @param heal whether drift is put back, so that only what the policy keeps is left to be written
 * @throws HeadgateError `usage` where patch and JSON would both go to stdout
 */
export function writeBack(context: CliContext, project: Project, target: string, heal: boolean): WriteBack {
  if (target === "-" && context.format === "json") {
    throw new HeadgateError("usage", "--write-back - and --json would both write to stdout", {
      hint: "name a file: --write-back drift.patch",
    });
  }
  let before: string | undefined;
  const said = new Set<string>();
  return async (plan) => {
    const { patch, adopted, left } = await project.driftPatch(plan, { heal });
    for (const { resource, path: field, why } of left) {
      const text = `${resource}: ${field} is not in the patch: ${why}`;
      if (!said.has(text)) context.log.warn(text);
      said.add(text);
    }
    if (patch === before) return;
    if (target === "-") {
      if (patch !== "") context.stdout.write(patch);
    } else {
      const file = path.resolve(context.cwd, target);
      if (patch !== "" || before !== undefined || existsSync(file)) write(file, target, patch);
      if (patch !== "")
        context.log.info(`${adopted.length} fields written to ${target}; git apply ${target} takes them over`);
    }
    before = patch;
  };
}

function write(file: string, name: string, patch: string): void {
  try {
    writeFileSync(file, patch);
  } catch (cause) {
    throw new HeadgateError("input_invalid", `${name} cannot be written`, {
      hint: "name a file in a folder that is there: --write-back drift.patch",
      cause,
      permanent: true,
    });
  }
}
