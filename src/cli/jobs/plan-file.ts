/** Plans on disk: everything `apply` needs, 64-bit ids exact, no secret (references stay references). */
import { readFileSync, writeFileSync } from "node:fs";
import { HeadgateError } from "../../errors.ts";
import type { Plan } from "../../model/plan.ts";
import { formatWireJson, parseJson } from "../../util/int64-json.ts";
import { isObject, type Json } from "../../util/json.ts";

/** Writes a plan file, readable by its owner only: it holds whole job definitions. */
export function writePlanFile(file: string, plan: Plan): void {
  try {
    writeFileSync(file, `${formatWireJson(plan)}\n`, { mode: 0o600 });
  } catch (error) {
    throw new HeadgateError("input_invalid", `the plan file ${file} cannot be written`, {
      hint: (error as Error).message,
      cause: error,
    });
  }
}

/** The first member of a plan that is missing or of the wrong kind, or undefined. */
function flaw(plan: { [key: string]: Json | undefined }): string | undefined {
  for (const name of ["project", "workspace", "target", "workspaceId", "madeAt", "declaredDigest"]) {
    if (typeof plan[name] !== "string") return name;
  }
  for (const name of ["state", "git", "behind"]) {
    if (plan[name] !== null && !isObject(plan[name])) return name;
  }
  if (!Array.isArray(plan.problems)) return "problems";
  if (!isObject(plan.summary)) return "summary";
  if (!Array.isArray(plan.changes)) return "changes";
  const bad = plan.changes.findIndex(
    (change) =>
      !isObject(change) ||
      typeof change.resource !== "string" ||
      typeof change.action !== "string" ||
      typeof change.name !== "string" ||
      !Array.isArray(change.fields) ||
      !isObject(change.impact),
  );
  return bad < 0 ? undefined : `changes[${bad}]`;
}

/**
 * Reads a plan file that `jobs plan --out` wrote.
 * @throws HeadgateError `input_invalid` when there is none, it is no plan, or it is of another version
 */
export function readPlanFile(file: string): Plan {
  const invalid = (message: string, hint: string, cause?: unknown) =>
    new HeadgateError("input_invalid", `${file}: ${message}`, { hint, cause, permanent: true });
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw invalid("the plan file cannot be read", (error as Error).message, error);
  }
  let value: Json;
  try {
    value = parseJson(text);
  } catch (error) {
    throw invalid("this is no plan file", "make one with headgate jobs plan --out FILE", error);
  }
  if (!isObject(value) || value.formatVersion === undefined) {
    throw invalid("this is no plan file", "make one with headgate jobs plan --out FILE");
  }
  if (value.formatVersion !== 1) {
    throw invalid(
      `the plan has format version ${String(value.formatVersion)}, this headgate reads 1`,
      "make the plan again with this version",
    );
  }
  const missing = flaw(value);
  if (missing !== undefined) {
    const hint = "plan --json is for reading; apply takes the file of headgate jobs plan --out FILE";
    throw invalid(`the plan has no valid ${missing}`, hint);
  }
  return value as unknown as Plan;
}
