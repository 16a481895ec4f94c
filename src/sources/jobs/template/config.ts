/** What a user may write for a source of kind `template`. */
import * as z from "zod";

export const TemplateSourceConfig = z
  .strictObject({
    kind: z.literal("template"),
    name: z.string().min(1).optional().describe("default: the kind"),
    definitions: z.string().min(1).describe("one JSON or YAML file a job: dsc/jobs/*.json"),
    templates: z.string().min(1).describe("folder of Jinja templates"),
    profile: z
      .enum(["dsc"])
      .optional()
      .describe("as db-dsc-jobs: a job of the same name that we created before is taken over"),
  })
  .describe("Jinja templates filled from definitions");
export type TemplateSourceConfig = z.infer<typeof TemplateSourceConfig>;
