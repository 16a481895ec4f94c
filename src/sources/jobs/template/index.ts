/** Job source `template`: definitions in JSON or YAML, made jobs by Jinja templates (as db-dsc-jobs). */
import type { JobSource, JobSourceContext } from "../../job-source.ts";
import type { TemplateSourceConfig } from "./config.ts";

/** Opens the source; files are read at every `read()`, and the template engine only then. */
export function openTemplateSource(config: TemplateSourceConfig, context: JobSourceContext): JobSource {
  const name = config.name ?? config.kind;
  return {
    name,
    kind: config.kind,
    async read(signal) {
      const { readTemplateSource } = await import("./read.ts");
      return readTemplateSource(name, config, context, signal);
    },
  };
}
