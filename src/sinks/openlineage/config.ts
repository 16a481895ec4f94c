/** What a user may write for a sink of kind `openlineage`. */
import * as z from "zod";

export const OpenLineageSinkConfig = z
  .strictObject({
    kind: z.literal("openlineage"),
    name: z.string().min(1).optional(),
    url: z.string().min(1).describe("http://marquez:5000"),
    token: z.string().min(1).optional(),
  })
  .describe("any OpenLineage receiver");
export type OpenLineageSinkConfig = z.infer<typeof OpenLineageSinkConfig>;
