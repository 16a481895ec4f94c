/** `headgate jobs validate`: all faults of all declarations at once, without a workspace. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { sortedProblems, validateText } from "../print/problems.ts";
import { withProject } from "../project.ts";

export default function validate(context: CliContext): Promise<number> {
  return withProject(context, async ({ jobs }) => {
    const result = await jobs.validate();
    const problems = sortedProblems(result.problems);
    const valid = !problems.some(({ severity }) => severity === "error");
    answer(context, {
      text: () => validateText(context.style, result),
      json: () => formatJson({ valid, jobs: result.jobs, problems }, 2),
    });
    return valid ? 0 : 65;
  });
}
