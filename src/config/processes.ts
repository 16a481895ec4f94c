/** The shape of `processes/*.yml`: the catalogue of processes, their tasks and parameters. */
import * as z from "zod";
import { Deadline, LoadFrequency, ParameterDetails, SequenceDetails, TaskDetails } from "../model/registration.ts";
import { zoneOf } from "../util/zone.ts";

const text = z.string().min(1);

const Process = z.strictObject({
  project: text.max(128).describe("project code of the process"),
  process: text.max(128).describe("process load"),
  name: text.optional(),
  description: text.optional(),
  owner: text.optional(),
  loadFrequency: LoadFrequency.default("D").describe("daily, weekly, monthly, yearly, only when asked for"),
  timezone: text
    .refine((zone) => zoneOf(zone) !== undefined, { error: "there is no such time zone" })
    .optional()
    .describe("IANA name; runs.timezone when absent"),
  deadline: Deadline.optional(),
  isActive: z.boolean().optional(),
  tasks: z.array(TaskDetails).default([]),
  parameters: z.array(ParameterDetails).default([]),
});

/** A file of processes. */
export const ProcessesFile = z
  .strictObject({
    processes: z.array(Process).default([]),
    sequences: z.array(SequenceDetails).default([]).describe("stages of your own, numbered from 10"),
  })
  .describe("processes/*.yml");
export type ProcessesFile = z.infer<typeof ProcessesFile>;
