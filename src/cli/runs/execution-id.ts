/** `headgate runs execution-id`: a new id for a run; asks nobody. */
import { randomUUID } from "node:crypto";
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";

export default async function executionId(context: CliContext): Promise<number> {
  const made = randomUUID();
  answer(context, { text: () => made, json: () => formatJson({ executionId: made }) });
  return 0;
}
