/** The library: what `import … from "headgate"` gives. */
export { type Headgate, lookAround, type OpenHeadgateOptions, openHeadgate } from "./app.ts";
export type { AccessAggregate } from "./engines/engine.ts";
export { ERROR_CODES, type ErrorCode, exitCodeOf, HeadgateError } from "./errors.ts";
export { type DiffInput, diffJob } from "./jobs/diff.ts";
export type {
  AdoptReport,
  ApplyOptions,
  ApplyReport,
  JobsRoom,
  LookJob,
  LookReport,
  PlanOptions,
  WatchEvent,
  WatchOptions,
  WatchReport,
} from "./jobs/room.ts";
export type { Attributed } from "./lineage/attribute/attribute.ts";
export { attributeAccess } from "./lineage/attribute/attribute-access.ts";
export type { HarvestCounts } from "./lineage/harvest/counts.ts";
export { harvestEvents } from "./lineage/harvest/harvest-events.ts";
export { type PlanWavesInput, planWaves } from "./lineage/waves/plan.ts";
export type * from "./model/index.ts";
export type { DeclaredJobs, JobSource } from "./sources/job-source.ts";
export { type NextStartsOptions, nextStarts, QuartzError } from "./util/quartz.ts";
export { describeQuartz } from "./util/quartz-words.ts";
export type { JobAnswer, JobsWorkspace, Principal, RunWindow, WorkspaceFiles } from "./workspace/workspace.ts";
