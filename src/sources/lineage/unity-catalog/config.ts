/** What a user may write for a lineage source of kind `unity-catalog`. */
import * as z from "zod";
import { duration } from "../../../model/duration-text.ts";

export const UnityCatalogConfig = z
  .strictObject({
    kind: z.literal("unity-catalog"),
    name: z.string().min(1).optional(),
    since: duration.optional().describe("how far back to begin"),
    warehouse: z.string().min(1).optional().describe("default: the workspace's"),
  })
  .describe("system.access.table_lineage and column_lineage");
export type UnityCatalogConfig = z.infer<typeof UnityCatalogConfig>;
