/** `headgate jobs validate`: all faults of all declarations at once; with `--workspace` also what they refer to and is not there. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { sortedProblems, validateText } from "../print/problems.ts";
import { withProject } from "../project.ts";

export interface ValidateFlags {
  workspace: boolean;
}

export default function validate(context: CliContext, flags: ValidateFlags): Promise<number> {
  return withProject(context, async ({ jobs }) => {
    const result = await jobs.validate({ workspace: flags.workspace });
    const problems = sortedProblems(result.problems);
    const valid = !problems.some(({ severity }) => severity === "error");
    answer(context, {
      text: () => validateText(context.style, result),
      json: () => formatJson({ valid, jobs: result.jobs, problems }, 2),
    });
    return valid ? 0 : 65;
  });
}
