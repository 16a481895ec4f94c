/** `headgate lineage doctor FILE`: what one log is made of, and what can be had from it. */
import path from "node:path";
import { HeadgateError } from "../../errors.ts";
import { answer, type CliContext } from "../context.ts";
import { logDiagnosisJson, logDiagnosisText } from "../print/log-diagnosis.ts";
import { openProject, type Project } from "../project.ts";

/** The project, or undefined outside of one: a log can be looked into without. */
async function projectIfAny(context: CliContext): Promise<Project | undefined> {
  try {
    return await openProject(context);
  } catch (error) {
    const isMissing = error instanceof HeadgateError && error.code === "not_found" && context.globals.dir === undefined;
    if (!isMissing) throw error;
    return undefined;
  }
}

export default async function doctor(context: CliContext, _flags: NonNullable<unknown>, name: string): Promise<number> {
  const { diagnoseLog } = await import("../../app.ts");
  const project = await projectIfAny(context);
  try {
    const known = await project?.lineage.known(context.signal);
    const file = path.resolve(context.cwd, name);
    const { signal } = context;
    const found = await diagnoseLog({ file, facts: known?.facts, allBytes: known?.logBytes, signal });
    const diagnosis = { ...found, file: name };
    answer(context, {
      text: () => logDiagnosisText(context.style, diagnosis),
      json: () => logDiagnosisJson(diagnosis),
    });
    return 0;
  } finally {
    await project?.close();
  }
}
