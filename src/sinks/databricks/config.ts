/** What a user may write for a sink of kind `databricks`. */
import * as z from "zod";

export const DatabricksSinkConfig = z
  .strictObject({
    kind: z.literal("databricks"),
    name: z.string().min(1).optional(),
    catalog: z.string().min(1),
    schema: z.string().min(1),
  })
  .describe("Delta tables in a catalog");
export type DatabricksSinkConfig = z.infer<typeof DatabricksSinkConfig>;
