/** What a user may write for a run source of kind `databricks`. */
import * as z from "zod";

export const DatabricksRunsConfig = z
  .strictObject({
    kind: z.literal("databricks"),
    name: z.string().min(1).optional(),
    workspace: z.string().min(1).optional().describe("default: the target's"),
  })
  .describe("runs of a Databricks workspace");
export type DatabricksRunsConfig = z.infer<typeof DatabricksRunsConfig>;
