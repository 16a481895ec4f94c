/** What a user may write for a lineage source of kind `redshift`. */
import * as z from "zod";
import { duration } from "../../../model/duration-text.ts";

export const RedshiftConfig = z
  .strictObject({
    kind: z.literal("redshift"),
    name: z.string().min(1).optional(),
    region: z.string().min(1).optional(),
    workgroup: z.string().min(1).optional().describe("serverless, through the Data API"),
    cluster: z.string().min(1).optional().describe("provisioned, through the Data API"),
    secret: z.string().min(1).optional().describe("ARN of a secret for the Data API"),
    host: z.string().min(1).optional().describe("direct connection, with user and password"),
    port: z.int().min(1).max(65_535).optional(),
    user: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    database: z.string().min(1),
    since: duration.optional().describe("how far back to begin"),
  })
  .refine((value) => [value.workgroup, value.cluster, value.host].filter((one) => one !== undefined).length === 1, {
    error: "give one of workgroup, cluster, host",
  })
  .describe("statements that Redshift ran");
export type RedshiftConfig = z.infer<typeof RedshiftConfig>;
