/** What a user may write for a lineage source of kind `openlineage`. */
import * as z from "zod";

export const OpenLineageConfig = z
  .strictObject({
    kind: z.literal("openlineage"),
    name: z.string().min(1).optional(),
    path: z.string().min(1).describe("files with an event a line: events/*.ndjson"),
  })
  .describe("files of OpenLineage events");
export type OpenLineageConfig = z.infer<typeof OpenLineageConfig>;
