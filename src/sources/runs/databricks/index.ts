/** Run source of kind `databricks`: the runs of a workspace. */
import type { RunSource } from "../../run-source.ts";
import type { DatabricksRunsConfig } from "./config.ts";
import { type RunsOfWorkspace, readRuns } from "./read.ts";

/** Opens the source; nothing is asked before it is read. */
export function openDatabricksRuns(config: DatabricksRunsConfig, workspace: RunsOfWorkspace): RunSource {
  return {
    name: config.name ?? config.kind,
    kind: config.kind,
    sourceType: "DBX",
    read: (cursor, options) => readRuns(workspace, cursor, options),
  };
}
