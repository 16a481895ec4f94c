/** What a user may write for lineage sources that read CloudWatch logs: `cloudwatch`, `glue-spark`, `mwaa`. */
import * as z from "zod";
import { duration } from "../../../model/duration-text.ts";

const shared = {
  name: z.string().min(1).optional(),
  region: z.string().min(1),
  since: duration.optional().describe("how far back to begin"),
};
const groups = z.array(z.string().min(1)).min(1).describe("log groups");

export const CloudwatchConfig = z
  .strictObject({ kind: z.literal("cloudwatch"), ...shared, groups })
  .describe("any log groups");
export const GlueSparkConfig = z
  .strictObject({ kind: z.literal("glue-spark"), ...shared, groups })
  .describe("logs of Glue Spark jobs");
export const MwaaConfig = z
  .strictObject({ kind: z.literal("mwaa"), ...shared, environment: z.string().min(1) })
  .describe("task and scheduler logs of Managed Airflow");
export type CloudwatchConfig = z.infer<typeof CloudwatchConfig>;
export type GlueSparkConfig = z.infer<typeof GlueSparkConfig>;
export type MwaaConfig = z.infer<typeof MwaaConfig>;
