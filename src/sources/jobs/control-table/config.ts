/** What a user may write for a source of kind `control-table`. */
import * as z from "zod";
import { DEFAULT_CONTROL_TABLE } from "../lakeflow-modules.ts";

export const ControlTableSourceConfig = z
  .strictObject({
    kind: z.literal("control-table"),
    name: z.string().min(1).optional().describe("default: the kind"),
    table: z.string().min(1).default(DEFAULT_CONTROL_TABLE).describe("catalog.schema.table"),
    jobsTable: z.string().min(1).optional().describe("tracking table; default: the table's name with _jobs"),
    profile: z.enum(["lakeflow-meta"]).optional().describe("names and defaults of lakeflow_jobs_meta"),
    prefix: z.string().optional().describe("stands before the name of each job; default: what the profile says"),
    warehouse: z.string().min(1).optional().describe("default: the workspace's"),
    defaultPauseStatus: z
      .boolean()
      .optional()
      .describe(
        "of new jobs that do not say whether they are paused: true is paused; false is not, and jobs that nothing starts run once",
      ),
    queriesPath: z.string().min(1).optional().describe("folder of saved queries; default: the deployer's home"),
  })
  .describe("rows of a Delta table");
export type ControlTableSourceConfig = z.infer<typeof ControlTableSourceConfig>;
