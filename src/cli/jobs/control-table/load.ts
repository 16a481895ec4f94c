/** `headgate jobs control-table load`: YAML files into the control table, all of them or nothing. */
import { formatProblem } from "../../../model/problem.ts";
import { formatJson } from "../../../util/int64-json.ts";
import { answer, type CliContext } from "../../context.ts";
import { loadText } from "../../print/control-table.ts";
import { withProject } from "../../project.ts";
import type { TableFlags } from "./create.ts";

export default function load(context: CliContext, flags: TableFlags, ...paths: string[]): Promise<number> {
  return withProject(context, async (project) => {
    const report = await project.jobs.controlTable.load(paths, flags);
    for (const problem of report.warnings) context.log.warn(formatProblem(problem));
    answer(context, { text: () => loadText(report), json: () => formatJson(report, 2) });
    return 0;
  });
}
