/** Job source `control-table`: rows of a Delta table of lakeflow_jobs_meta, v0.2 or v0.1. */
import type { JobSource, JobSourceContext } from "../../job-source.ts";
import { withStart } from "../lakeflow-start.ts";
import type { ControlTableSourceConfig } from "./config.ts";
import { controlTableReader } from "./read.ts";

/** Opens the source; the table is read at every `read()`. */
export function openControlTableSource(config: ControlTableSourceConfig, context: JobSourceContext): JobSource {
  const name = config.name ?? config.kind;
  const reader = controlTableReader(name, config, context);
  return { name, kind: config.kind, ...reader, read: async (signal) => withStart(await reader.read(signal), config) };
}
