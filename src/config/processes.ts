/** The shape of `processes/*.yml`: the catalogue of processes, their tasks and parameters. */
import { z } from "zod";

const text = z.string().min(1);

const Task = z.strictObject({
  workflowId: z.int(),
  taskId: z.int(),
  sequenceId: z.int(),
  name: text,
  sourceType: text.describe("DBX_NOTEBOOK, …"),
  sourceIdentifier: text,
  sourceSystemCode: text.optional(),
  mandatory: z.boolean().default(true),
  expectedSeconds: z.number().nonnegative().optional(),
  expect: z.record(z.string(), text).optional().describe('what a good run reports: { rowsWritten: ">= 1" }'),
});

const Parameter = z.strictObject({
  name: text.describe("source system code it belongs to"),
  type: text.describe("DELTA_DATE, …"),
  lookbackSeconds: z.number().nonnegative().default(0),
});

const Process = z.strictObject({
  project: text,
  process: text,
  name: text,
  owner: text.optional(),
  loadFrequency: z.enum(["D", "W", "M", "Y", "A"]).describe("daily, weekly, monthly, yearly, ad hoc"),
  timezone: text.optional(),
  deadline: z
    .strictObject({
      by: z.string().regex(/^\d{1,2}:\d{2}$/),
      days: text.optional().describe("business, …"),
    })
    .optional(),
  tasks: z.array(Task).default([]),
  parameters: z.array(Parameter).default([]),
});

/** A file of processes. */
export const ProcessesFile = z.strictObject({ processes: z.array(Process) }).describe("processes/*.yml");
