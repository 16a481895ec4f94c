/** `headgate jobs forget`: drops the marker of a copied job, so that it is nobody's. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { safe } from "../print/safe.ts";
import { withProject } from "../project.ts";

export default function forget(context: CliContext, _flags: object, jobId: string): Promise<number> {
  return withProject(context, async ({ jobs }) => {
    const { name } = await jobs.forget(jobId);
    answer(context, {
      text: () => `${jobId} ${safe(JSON.stringify(name))} has no marker any more; headgate leaves it alone`,
      json: () => formatJson({ jobId, name }, 2),
    });
    return 0;
  });
}
