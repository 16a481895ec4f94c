/** `headgate runs register`: declares the processes of `processes/*.yml`, all or nothing. */
import type { RegisterReport } from "../../app.ts";
import type { Problem } from "../../model/problem.ts";
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { problemCount, problemLines } from "../print/problems.ts";
import { declaredText } from "../print/runs-declared.ts";
import { openOptions } from "../project.ts";
import { type AnyRuns, fromHere, withRuns } from "./open-runs.ts";

/** Declares over HTTP what the files here say, one call a thing: processes first, tasks last. */
async function registerThere(context: CliContext, runs: AnyRuns, files: string[]): Promise<RegisterReport> {
  const { readProcessFiles } = await import("../../app.ts");
  const { sequences, processes, problems } = await readProcessFiles(openOptions(context), files);
  const declared: RegisterReport["declared"] = [];
  if (problems.some(({ severity }) => severity === "error")) return { declared, problems };
  const add = async (made: ReturnType<AnyRuns["registerProcess"]>) => {
    declared.push((await made) as RegisterReport["declared"][number]);
  };
  for (const sequence of sequences) await add(runs.registerSequence(sequence));
  for (const { projectCode, processLoad, details, tasks, parameters } of processes) {
    await add(runs.registerProcess(projectCode, processLoad, details));
    for (const parameter of parameters) await add(runs.registerParameter(projectCode, processLoad, parameter));
    for (const task of tasks) await add(runs.registerTask(projectCode, processLoad, task));
  }
  return { declared, problems };
}

const errorsIn = (problems: readonly Problem[]) => problems.some(({ severity }) => severity === "error");

export default function register(context: CliContext, _flags: object, ...given: string[]): Promise<number> {
  const files = given.map((file) => fromHere(context, file));
  return withRuns(context, async ({ runs, registerFiles, style }) => {
    const { declared, problems } =
      registerFiles === undefined ? await registerThere(context, runs, files) : await registerFiles(files);
    answer(context, {
      text: () =>
        [
          ...problemLines(style, problems),
          errorsIn(problems)
            ? `${problemCount(problems)}; nothing was registered`
            : declaredText(style, declared, "thing"),
        ].join("\n"),
      json: () => formatJson({ count: declared.length, items: declared, next: null, problems }, 2),
    });
    return errorsIn(problems) ? 65 : 0;
  });
}
