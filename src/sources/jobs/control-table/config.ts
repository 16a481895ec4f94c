/** What a user may write for a source of kind `control-table`. */
import { z } from "zod";

export const ControlTableSourceConfig = z
  .strictObject({
    kind: z.literal("control-table"),
    name: z.string().min(1).optional().describe("default: the kind"),
    table: z.string().min(1).describe("catalog.schema.table"),
    jobsTable: z.string().min(1).optional().describe("tracking table; default: the table's name with _jobs"),
    profile: z.enum(["lakeflow-meta"]).optional().describe("names and defaults of lakeflow_jobs_meta"),
    warehouse: z.string().min(1).optional().describe("default: the workspace's"),
  })
  .describe("rows of a Delta table");
export type ControlTableSourceConfig = z.infer<typeof ControlTableSourceConfig>;
