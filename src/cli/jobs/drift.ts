/** `headgate jobs drift`: what moved in the workspace behind our back. */
import { hasDifferences } from "../../model/plan.ts";
import { answer, type CliContext } from "../context.ts";
import { driftText } from "../print/drift.ts";
import { planJson } from "../print/plan-json.ts";
import { withProject } from "../project.ts";
import { selection } from "./selection.ts";
import { writeBack } from "./write-back.ts";

export interface DriftFlags {
  select?: string[];
  exitCode: boolean;
  writeBack?: string;
}

export default function drift(context: CliContext, flags: DriftFlags, ...ids: string[]): Promise<number> {
  return withProject(context, async (project) => {
    const { jobs, style } = project;
    const patch = flags.writeBack === undefined ? undefined : writeBack(context, project, flags.writeBack, false);
    const found = await jobs.drift({ select: selection(flags.select, ids), signal: context.signal });
    await patch?.(found);
    if (flags.writeBack !== "-") answer(context, { text: () => driftText(style, found), json: () => planJson(found) });
    return flags.exitCode && hasDifferences(found) ? 2 : 0;
  });
}
