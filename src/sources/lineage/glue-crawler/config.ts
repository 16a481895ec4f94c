/** What a user may write for a lineage source of kind `glue-crawler`. */
import * as z from "zod";

export const GlueCrawlerConfig = z
  .strictObject({
    kind: z.literal("glue-crawler"),
    name: z.string().min(1).optional(),
    region: z.string().min(1),
    databases: z.array(z.string().min(1)).min(1),
  })
  .describe("tables that Glue crawlers wrote into the Data Catalog");
export type GlueCrawlerConfig = z.infer<typeof GlueCrawlerConfig>;
