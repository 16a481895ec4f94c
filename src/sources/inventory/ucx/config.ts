/** What a user may write for an inventory of kind `ucx`. */
import * as z from "zod";

export const UcxInventoryConfig = z
  .strictObject({
    kind: z.literal("ucx"),
    name: z.string().min(1).optional(),
    path: z.string().min(1).describe("file, folder or pattern"),
  })
  .describe("tables and mounts found by UCX");
export type UcxInventoryConfig = z.infer<typeof UcxInventoryConfig>;
