/** The simulator: a lakehouse of which everything is known, and the logs that it leaves behind. */

export { type CatalogRow, catalogLineage } from "./catalog.ts";
export { estate } from "./estate.ts";
export { pretendRuns } from "./pretend-runs.ts";
export { RETAIL, SHARED_CLUSTER } from "./retail.ts";
export { simulate } from "./simulate.ts";
export type { TrueEdge } from "./truth.ts";
export type { HappenedRun } from "./world.ts";
export { type WrittenWorld, writeWorld } from "./write-world.ts";
