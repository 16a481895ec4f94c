/** Schema of a plan as HTTP answers it: the plan's own shape (model/plan.ts) with its id in the store. */
import * as z from "zod";
import type { JobSettings } from "../model/job.ts";
import type { Plan } from "../model/plan.ts";
import { PlaceView, ProblemView } from "../model/view.ts";
import type { Json } from "../util/json.ts";

/** Any JSON value; integers beyond 2^53 travel as text. */
const JsonValue = z.unknown() as unknown as z.ZodType<Json>;
const Settings = z.record(z.string(), z.unknown()) as unknown as z.ZodType<JobSettings>;

const FieldChange = z.object({
  path: z.string(),
  kind: z.enum(["declared", "drift", "conflict"]),
  before: JsonValue.optional(),
  actual: JsonValue.optional(),
  after: JsonValue.optional(),
  place: PlaceView.optional(),
});

const Impact = z.object({
  liveRuns: z.number().int().nullable(),
  nextStart: z.string().nullable(),
  calledBy: z.array(
    z.object({
      resource: z.string().optional(),
      jobId: z.string().optional(),
      name: z.string(),
      taskKey: z.string(),
    }),
  ),
  downstream: z.array(
    z.object({
      kind: z.enum(["dataset", "job"]),
      name: z.string(),
      jobId: z.string().optional(),
      resource: z.string().optional(),
      over: z.array(z.string()).optional(),
      unsure: z.literal(true).optional(),
    }),
  ),
  further: z.object({ tables: z.number().int(), jobs: z.number().int() }).optional(),
});

const Change = z.object({
  resource: z.string(),
  action: z.enum(["create", "update", "recreate", "recover", "delete", "noop", "conflict", "refused"]),
  jobId: z.string().nullable(),
  name: z.string(),
  reason: z.string(),
  fields: z.array(FieldChange),
  impact: Impact,
  code: z.string().optional(),
  hint: z.string().optional(),
  held: z.boolean().optional(),
  place: PlaceView.optional(),
  desired: Settings.optional(),
  base: z.string().optional(),
  permissions: z.array(JsonValue).optional(),
});

const count = z.number().int();

/** GET /plans/{id}: a plan, with who made it and where. `problems` are in the page's form. */
export const PlanView = z.object({
  /** Id of the saved plan. */
  id: z.string(),
  /** Who asked for it. */
  actor: z.string(),
  formatVersion: z.literal(1),
  project: z.string(),
  workspace: z.string(),
  target: z.string(),
  workspaceId: z.string(),
  headgate: z.string(),
  madeAt: z.string(),
  declaredDigest: z.string(),
  state: z.object({ lineage: z.string(), serial: count }).nullable(),
  git: z.object({ commit: z.string(), branch: z.string().nullable(), dirty: z.boolean() }).nullable(),
  lineage: z.object({ at: z.string() }).nullish(),
  behind: z.object({ appliedCommit: z.string(), appliedBy: z.string(), appliedAt: z.string() }).nullable(),
  changes: z.array(Change),
  problems: z.array(ProblemView),
  unmanaged: count,
  summary: z.object({
    create: count,
    update: count,
    recreate: count,
    recover: count,
    delete: count,
    noop: count,
    conflict: count,
    refused: count,
    drift: count,
  }),
});
export type PlanView = z.infer<typeof PlanView>;

/** A saved plan as it is shown. */
export function planView(id: string, actor: string, plan: Plan): PlanView {
  return {
    ...plan,
    id,
    actor,
    problems: plan.problems.map((problem) => ({
      severity: problem.severity,
      code: problem.code,
      place: problem.place ?? null,
      path: problem.path,
      message: problem.message,
      hint: problem.hint ?? null,
    })),
  };
}
