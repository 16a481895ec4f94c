/** `headgate jobs history`: the former definitions of a job, newest first. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { historyText } from "../print/history.ts";
import { withProject } from "../project.ts";

export default function history(context: CliContext, _flags: object, resource: string): Promise<number> {
  return withProject(context, async ({ jobs, style }) => {
    const items = [...(await jobs.history(resource))].sort((a, b) => b.serial - a.serial);
    answer(context, {
      text: () => historyText(style, resource, items),
      json: () => formatJson({ resource, count: items.length, items }, 2),
    });
    return 0;
  });
}
