/** What a user may write for an inventory of kind `hms`. */
import * as z from "zod";

export const HmsInventoryConfig = z
  .strictObject({
    kind: z.literal("hms"),
    name: z.string().min(1).optional(),
    path: z.string().min(1).describe("file, folder or pattern"),
  })
  .describe("dump of a Hive metastore");
export type HmsInventoryConfig = z.infer<typeof HmsInventoryConfig>;
