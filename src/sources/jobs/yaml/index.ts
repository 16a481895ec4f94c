/** Job source `yaml`: declarations in YAML files, and Databricks bundle files. */
import type { JobSource, JobSourceContext } from "../../job-source.ts";
import { withStart } from "../lakeflow-start.ts";
import type { YamlSourceConfig } from "./config.ts";
import { readYamlSource } from "./read.ts";

/** Opens the source; files are read at every `read()`. */
export function openYamlSource(config: YamlSourceConfig, context: JobSourceContext): JobSource {
  const name = config.name ?? config.kind;
  const read: JobSource["read"] = async (signal) =>
    withStart(await readYamlSource(name, config, context, signal), config);
  return { name, kind: config.kind, read };
}
