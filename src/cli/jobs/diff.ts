/** `headgate jobs diff`: what two targets declare differently, without a workspace. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { diffText } from "../print/diff.ts";
import { problemLines } from "../print/problems.ts";
import { openProject } from "../project.ts";

async function declaredIn(context: CliContext, target: string) {
  const project = await openProject(context, { target });
  try {
    const { jobs, problems } = await project.jobs.declared();
    const faulty = problems.filter(({ severity }) => severity === "error");
    if (faulty.length > 0) context.log.warn(problemLines(context.style, faulty).join("\n"));
    return { target, jobs, faulty: faulty.length, style: project.style };
  } finally {
    await project.close();
  }
}

export default async function diff(
  context: CliContext,
  flags: { exitCode: boolean },
  first: string,
  second: string,
): Promise<number> {
  const before = await declaredIn(context, first);
  const after = await declaredIn(context, second);
  const { compareTargets } = await import("../../app.ts");
  const compared = compareTargets(before, after);
  answer(context, { text: () => diffText(before.style, compared), json: () => formatJson(compared, 2) });
  if (before.faulty + after.faulty > 0) return 65;
  return flags.exitCode && compared.jobs.length > 0 ? 2 : 0;
}
