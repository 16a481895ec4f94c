/** The judged health of a process at a time: a verdict and the sentence that says why. */
import * as z from "zod";

const text = z.string().nullable();

/** Words of the verdict, best to worst but for `unknown`. */
export const HealthState = z.enum(["ok", "at_risk", "late", "blocked", "stuck", "failed", "unknown"]);
export type HealthState = z.infer<typeof HealthState>;

/** A process and how it stands. */
export const ProcessHealth = z.object({
  projectCode: z.string(),
  processLoad: z.string(),
  name: text,
  owner: text,
  loadFrequency: z.string(),
  timezone: z.string(),
  mode: z.enum(["live", "historic", "bulk"]),
  verdict: HealthState,
  /** One sentence for people: why this verdict. */
  sentence: z.string(),
  /** The day that is judged. */
  processingDate: z.string(),
  /** Newest run of the day, if any. */
  executionId: text,
  runNumber: z.int().nullable(),
  runState: text,
  /** The deadline of that day as a moment, if there is one. */
  deadlineAt: text,
  tasks: z.object({
    total: z.int(),
    done: z.int(),
    failed: z.int(),
    running: z.int(),
    pending: z.int(),
    skipped: z.int(),
  }),
  startedAt: text,
  endedAt: text,
});
export type ProcessHealth = z.infer<typeof ProcessHealth>;
