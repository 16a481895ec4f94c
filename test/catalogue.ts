/** Processes, tasks and parameters with usual values, for tests. */
import type { Parameter, Process, ProcessTask } from "../src/model/process.ts";

/** Who declares. */
export const BY = { actor: "anna", project: "retail" };

/** A daily process. */
export const process = (processLoad: string, more: Partial<Process> = {}): Process => ({
  projectCode: "CORP",
  processLoad,
  name: "HR daily load",
  description: null,
  owner: "HR team",
  loadFrequency: "D",
  timezone: "Europe/London",
  deadline: { by: "06:30", days: "business" },
  isActive: true,
  ...more,
});

/** A mandatory task of the second stage. */
export const task = (
  processLoad: string,
  workflowId: number,
  taskId: number,
  more: Partial<ProcessTask> = {},
): ProcessTask => ({
  projectCode: "CORP",
  processLoad,
  workflowId,
  taskId,
  sequenceId: 2,
  name: `Load ${taskId}`,
  description: null,
  sourceType: "DBX_NOTEBOOK",
  sourceIdentifier: "/etl/employees",
  sourceSystemCode: null,
  loadFrequency: "D",
  mandatory: true,
  expectedSeconds: 900,
  owner: null,
  expect: { rowsWritten: ">= 1" },
  fileNameMask: null,
  fileExtension: null,
  inFilePath: null,
  outFilePath: null,
  isActive: true,
  discovered: false,
  ...more,
});

/** A parameter. */
export const parameter = (
  processLoad: string,
  name: string,
  type: Parameter["type"],
  value: string | null = null,
): Parameter => ({
  projectCode: "CORP",
  processLoad,
  name,
  type,
  description: null,
  lookbackSeconds: 0,
  value,
});
