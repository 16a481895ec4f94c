/** Routes of the jobs room: the fleet, plans and applies. */
import * as z from "zod";
import { ApplyView, FleetView, HistoryItem, JobView } from "../../model/view.ts";
import { PlanView } from "../plan-view.ts";
import { route, words, wordsUpTo } from "./route.ts";

/** Query of GET /jobs. A filter with several words takes a job that fits one of them; all filters must fit. */
export const JobsQuery = z.object({
  /** `need_you`: what waits for somebody; `differ`: what is not as declared. */
  list: z.enum(["all", "need_you", "differ"]).default("all"),
  /** Text in the name, resource, owner, file or a tag. */
  q: z.string().max(200).optional(),
  /** States of the verdict, comma-separated. */
  verdict: words.optional(),
  /** Kinds of difference, comma-separated. */
  difference: words.optional(),
  /** Tags as the rows show them, comma-separated. */
  tag: words.optional(),
  /** Names of sources, comma-separated. */
  source: words.optional(),
  /** Ids in the workspace, comma-separated: jobs that somebody knows from elsewhere. */
  jobId: wordsUpTo(10_000).optional(),
  /** Rows of a page. */
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** `next` of the page before. */
  cursor: z.string().max(500).optional(),
});
export type JobsQuery = z.infer<typeof JobsQuery>;

const facet = z.record(z.string(), z.number().int());

/** GET /jobs: one page of the fleet. `count` is the number of jobs that fit the filters, on all pages. */
export const JobsAnswer = FleetView.extend({
  /** How many jobs of the whole fleet have each value. */
  facets: z.object({ verdict: facet, difference: facet, tag: facet, source: facet }),
});
export type JobsAnswer = z.infer<typeof JobsAnswer>;

/** GET /jobs/{resource}/history, newest first. */
export const HistoryAnswer = z.object({
  count: z.number().int(),
  items: z.array(HistoryItem),
  next: z.string().nullable(),
});
export type HistoryAnswer = z.infer<typeof HistoryAnswer>;

/** Body of POST /plans. */
export const PlanBody = z.strictObject({
  /** Only these resources; all when absent. */
  select: z.array(z.string().min(1).max(500)).min(1).max(10_000).optional(),
});
export type PlanBody = z.infer<typeof PlanBody>;

/** Body of POST /plans/{id}/apply. */
export const ApplyBody = z.strictObject({
  /** At most so many deletions; none when absent. */
  allowDelete: z.number().int().min(0).max(100_000).optional(),
  /** There is no state yet and that is right. */
  firstDeploy: z.boolean().optional(),
  /** Apply although the last applied commit is not an ancestor of the plan's. */
  allowBehind: z.boolean().optional(),
  /**
   * A choice for every field of kind conflict, by resource and path of the field: `ours` sends what is declared,
   * `theirs` keeps what was found (and asks for the declaration to be changed, or it differs again). `leave` instead
   * of paths leaves the whole job alone this time.
   */
  resolutions: z
    .record(z.string(), z.union([z.literal("leave"), z.record(z.string(), z.enum(["ours", "theirs"]))]))
    .optional(),
});
export type ApplyBody = z.infer<typeof ApplyBody>;

/** GET /applies/{id}: the jobs of an apply one by one; `error` is why it ended before its jobs did, if so. */
export const ApplyAnswer = ApplyView.extend({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
});
export type ApplyAnswer = z.infer<typeof ApplyAnswer>;

const Resource = z.object({ resource: z.string().min(1).max(500) });
const Id = z.object({ id: z.string().min(1).max(100) });

/** Routes of jobs. */
export const JOBS_ROUTES = {
  listJobs: route({
    method: "get",
    path: "/jobs",
    scope: "read",
    summary: "The fleet with its last runs, worst first, from the last reading of the workspace",
    tag: "jobs",
    query: JobsQuery,
    answer: JobsAnswer,
    problems: ["unavailable", "input_invalid"],
  }),
  getJob: route({
    method: "get",
    path: "/jobs/{resource}",
    scope: "read",
    summary: "One job: declared, found, and the change between them",
    tag: "jobs",
    params: Resource,
    answer: JobView,
    problems: ["not_found", "unavailable"],
  }),
  getJobHistory: route({
    method: "get",
    path: "/jobs/{resource}/history",
    scope: "read",
    summary: "Former definitions of a job, newest first",
    tag: "jobs",
    params: Resource,
    answer: HistoryAnswer,
    problems: ["not_found", "unavailable"],
  }),
  createPlan: route({
    method: "post",
    path: "/plans",
    scope: "write",
    summary: "Compute what applying would do, and keep it",
    tag: "jobs",
    body: PlanBody,
    answer: PlanView,
    status: 201,
    problems: ["declaration_invalid", "not_found", "unavailable"],
  }),
  getPlan: route({
    method: "get",
    path: "/plans/{id}",
    scope: "read",
    summary: "A plan that was kept",
    tag: "jobs",
    params: Id,
    answer: PlanView,
    problems: ["not_found"],
  }),
  applyPlan: route({
    method: "post",
    path: "/plans/{id}/apply",
    scope: "apply",
    summary: "Start carrying a plan out; follow it at the Location or by events",
    tag: "jobs",
    params: Id,
    body: ApplyBody,
    answer: ApplyAnswer,
    status: 202,
    problems: ["apply_off", "apply_running", "conflict_unresolved", "not_found"],
  }),
  getApply: route({
    method: "get",
    path: "/applies/{id}",
    scope: "read",
    summary: "How far an apply is",
    tag: "jobs",
    params: Id,
    answer: ApplyAnswer,
    problems: ["not_found"],
  }),
};
