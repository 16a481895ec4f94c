/** `headgate jobs control-table show`: the rows of the control table, with the jobs they became. */
import { formatJson } from "../../../util/int64-json.ts";
import { answer, type CliContext } from "../../context.ts";
import { tableText } from "../../print/control-table.ts";
import { withProject } from "../../project.ts";
import type { TableFlags } from "./create.ts";

export default function show(context: CliContext, flags: TableFlags): Promise<number> {
  return withProject(context, async (project) => {
    const report = await project.jobs.controlTable.show(flags);
    answer(context, {
      text: () => tableText(project.style, report),
      json: () => {
        const { columns, rows, ...rest } = report;
        const named = rows.map((row) =>
          Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])),
        );
        return formatJson({ ...rest, rows: named }, 2);
      },
    });
    return 0;
  });
}
