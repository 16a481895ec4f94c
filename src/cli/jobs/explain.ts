/** `headgate jobs explain`: one job on a page. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { jobText } from "../print/job.ts";
import { withProject } from "../project.ts";

export default function explain(context: CliContext, _flags: object, resource: string): Promise<number> {
  return withProject(context, async ({ jobs, style }) => {
    const job = await jobs.explain(resource);
    answer(context, { text: () => jobText(style, job), json: () => formatJson(job, 2) });
    return 0;
  });
}
