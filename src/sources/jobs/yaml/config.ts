/** What a user may write for a source of kind `yaml`. */
import { z } from "zod";

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
  })
  .describe("YAML files: `jobs:` by resource id, or Databricks bundle files");
export type YamlSourceConfig = z.infer<typeof YamlSourceConfig>;
