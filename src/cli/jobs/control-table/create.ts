/** `headgate jobs control-table create`: makes the control table and its tracking table where they are not there. */
import { formatJson } from "../../../util/int64-json.ts";
import { answer, type CliContext } from "../../context.ts";
import { safe } from "../../print/safe.ts";
import { withProject } from "../../project.ts";

export interface TableFlags {
  table?: string;
}

export default function create(context: CliContext, flags: TableFlags): Promise<number> {
  return withProject(context, async (project) => {
    const made = await project.jobs.controlTable.create(flags);
    answer(context, {
      text: () => `${safe(`${made.table} and ${made.jobsTable} are there`)}\n`,
      json: () => formatJson(made, 2),
    });
    return 0;
  });
}
