/**
 * The HTTP API as one typed table: every route of `/api/v1` with its scope, what it takes and what it answers.
 * Handlers (`routes/`), the OpenAPI document (`openapi.ts`) and the page's client all follow from it.
 */
import { z } from "zod";
import { ApplyView, FleetView, HistoryItem, JobView, StatusView } from "../model/view.ts";
import { PlanView } from "./plan-view.ts";

export type * from "./live-event.ts";
export { PlanView };

/** Where the routes below lie. */
export const API_BASE = "/api/v1";

/** What a caller must be allowed to do. `public`: anybody who passes the guards. */
export type RouteScope = "public" | "read" | "write" | "apply" | "admin";

/** One route. Paths have `{name}` for a part, as in OpenAPI. */
export interface Route<Params, Query, Body, Answer> {
  method: "get" | "post" | "delete";
  path: string;
  scope: RouteScope;
  /** One line for people. */
  summary: string;
  /** Room it belongs to. */
  tag: string;
  params: z.ZodType<Params>;
  query: z.ZodType<Query>;
  body: z.ZodType<Body>;
  answer: z.ZodType<Answer>;
  /** Status of success. */
  status: 200 | 201 | 202;
  /** Codes of problem documents that are particular to the route. */
  problems: string[];
}

const none = z.object({});
type None = Record<string, never>;

function route<Answer, Params = None, Query = None, Body = None>(
  given: Pick<Route<Params, Query, Body, Answer>, "method" | "path" | "scope" | "summary" | "tag" | "answer"> &
    Partial<Pick<Route<Params, Query, Body, Answer>, "params" | "query" | "body" | "status" | "problems">>,
): Route<Params, Query, Body, Answer> {
  return {
    params: none as unknown as z.ZodType<Params>,
    query: none as unknown as z.ZodType<Query>,
    body: none as unknown as z.ZodType<Body>,
    status: 200,
    problems: [],
    ...given,
  };
}

/** Words of a comma-separated filter: `failed,late`. */
const words = z
  .string()
  .max(500)
  .transform((text) => text.split(",").filter((word) => word !== ""))
  .pipe(z.array(z.string()));

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

/** GET /session: who the server takes you for. */
export const SessionView = z.object({
  /** `anonymous` where nobody signed in. */
  actor: z.string(),
  scopes: z.array(z.enum(["read", "write", "apply", "admin"])),
  /** How you are known. */
  via: z.enum(["none", "token", "session", "proxy"]),
  /** To be sent as `X-Headgate-CSRF` on writes by a client that sends no `Origin`; browsers need not. */
  csrf: z.string().nullable(),
  /** UTC text. */
  expiresAt: z.string().nullable(),
});
export type SessionView = z.infer<typeof SessionView>;

/** Body of POST /session. */
export const SessionBody = z.strictObject({ token: z.string().min(1).max(500) });
export type SessionBody = z.infer<typeof SessionBody>;

/** RFC 9457 problem document, `application/problem+json`: what every error is answered with. */
export const ProblemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  /** Stable, for machines. */
  code: z.string(),
  /** What to do about it. */
  hint: z.string().optional(),
  /** Finds the request in the server's log. */
  requestId: z.string(),
  /** Facts for machines. */
  data: z.record(z.string(), z.unknown()).optional(),
});
export type ProblemDocument = z.infer<typeof ProblemDocument>;

const Resource = z.object({ resource: z.string().min(1).max(500) });
const Id = z.object({ id: z.string().min(1).max(100) });

/** All routes of this version, by name. */
export const ROUTES = {
  getStatus: route({
    method: "get",
    path: "/status",
    scope: "read",
    summary: "Project, target, workspace and whether it answers",
    tag: "status",
    answer: StatusView,
  }),
  getSession: route({
    method: "get",
    path: "/session",
    scope: "public",
    summary: "Who the server takes you for",
    tag: "session",
    answer: SessionView,
  }),
  createSession: route({
    method: "post",
    path: "/session",
    scope: "public",
    summary: "Sign a browser in with a token: sets a cookie",
    tag: "session",
    body: SessionBody,
    answer: SessionView,
    status: 201,
    problems: ["token_invalid"],
  }),
  endSession: route({
    method: "delete",
    path: "/session",
    scope: "public",
    summary: "Sign out",
    tag: "session",
    answer: SessionView,
  }),
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

/** Names of the routes. */
export type RouteName = keyof typeof ROUTES;
type Table = typeof ROUTES;
/** Parts of the path of a route, as its handler gets them. */
export type RouteParams<Name extends RouteName> = z.output<Table[Name]["params"]>;
/** Query of a route, parsed. */
export type RouteQuery<Name extends RouteName> = z.output<Table[Name]["query"]>;
/** Body of a route. */
export type RouteBody<Name extends RouteName> = z.output<Table[Name]["body"]>;
/** What a route answers. */
export type RouteAnswer<Name extends RouteName> = z.output<Table[Name]["answer"]>;
