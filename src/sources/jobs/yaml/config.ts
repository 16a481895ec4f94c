/** What a user may write for a source of kind `yaml`. */
import * as z from "zod";

export const YamlSourceConfig = z
  .strictObject({
    kind: z.literal("yaml"),
    name: z.string().min(1).optional().describe("default: the kind"),
    path: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)], { error: "expected a text or a list of texts" })
      .describe("files or patterns, relative to the project: jobs/**/*.yml"),
    profile: z
      .enum(["bundle", "lakeflow-meta"])
      .optional()
      .describe("defaults of the tool whose files these are; without it a file sends what it says"),
    prefix: z.string().optional().describe("stands before the name of each job; default: what the profile says"),
    warehouse: z.string().min(1).optional().describe("of SQL tasks that name none; default: the workspace's"),
    defaultPauseStatus: z
      .boolean()
      .optional()
      .describe(
        "of new jobs that do not say whether they are paused: true is paused; false is not, and jobs that nothing starts run once",
      ),
    queriesPath: z.string().min(1).optional().describe("folder of saved queries; default: the deployer's home"),
    controlTable: z.string().min(1).optional().describe("what notebooks of v0.1 metadata files are told of"),
  })
  .describe("YAML files: `jobs:` by resource id, or Databricks bundle files");
export type YamlSourceConfig = z.infer<typeof YamlSourceConfig>;
