/** What a user may write for an inventory of kind `csv`. */
import * as z from "zod";

export const CsvInventoryConfig = z
  .strictObject({
    kind: z.literal("csv"),
    name: z.string().min(1).optional(),
    path: z.string().min(1).describe("file, folder or pattern"),
  })
  .describe("a CSV file of tables and their locations");
export type CsvInventoryConfig = z.infer<typeof CsvInventoryConfig>;
