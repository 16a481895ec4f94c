/** `headgate schema`: the JSON Schema of one of our files, for editors. */
import { jsonSchema } from "../config/json-schema.ts";
import { formatJson } from "../util/int64-json.ts";
import type { CliContext } from "./context.ts";

export default async function schema(
  context: CliContext,
  _flags: object,
  what: Parameters<typeof jsonSchema>[0],
): Promise<number> {
  context.stdout.write(`${formatJson(jsonSchema(what), 2)}\n`);
  return 0;
}
