/** `headgate store backup`: a consistent copy of a store that may be in use. */
import path from "node:path";
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { safe } from "../print/safe.ts";
import { count } from "../print/value.ts";
import { openOptions } from "../project.ts";

export default async function backup(context: CliContext, _flags: object, file?: string): Promise<number> {
  const stamp = new Date(context.now()).toISOString().replace(/[-:]|\.\d+/g, "");
  const to = path.resolve(context.cwd, file ?? `headgate-${stamp}.db`);
  const { backupProjectStore } = await import("../../app.ts");
  const copy = await backupProjectStore(openOptions(context), to);
  answer(context, {
    text: () => `${safe(copy.file)} (${count(copy.bytes, "byte")})`,
    json: () => formatJson({ file: copy.file, bytes: copy.bytes }, 2),
  });
  return 0;
}
