/** What a user may write for a sink of kind `datazone`. */
import * as z from "zod";

export const DatazoneSinkConfig = z
  .strictObject({
    kind: z.literal("datazone"),
    name: z.string().min(1).optional(),
    region: z.string().min(1),
    domain: z.string().min(1).describe("dzd_…"),
  })
  .describe("Amazon DataZone, SageMaker Catalog");
export type DatazoneSinkConfig = z.infer<typeof DatazoneSinkConfig>;
