/**
 * The HTTP API as one typed table: every route of `/api/v1` with its scope, what it takes and what it answers. Each room
 * has its part in `api/`. Handlers (`routes/`), the OpenAPI document (`openapi.ts`) and the page's client follow from it.
 */
import * as z from "zod";
import { JOBS_ROUTES } from "./api/jobs.ts";
import { JOBS_PAGE_ROUTES } from "./api/jobs-page.ts";
import { LINEAGE_ROUTES } from "./api/lineage.ts";
import { LINEAGE_EVENT_ROUTES } from "./api/lineage-events.ts";
import { RUNS_ROUTES } from "./api/runs.ts";
import { RUNS_PAGE_ROUTES } from "./api/runs-page.ts";
import { SESSION_ROUTES } from "./api/session.ts";

export { ApplyAnswer, ApplyBody, HistoryAnswer, JobsAnswer, JobsQuery, PlanBody } from "./api/jobs.ts";
export {
  AdoptPreview,
  CalendarAnswer,
  RecentChangesAnswer,
  TableAnswer,
  TableCheck,
  TableEdits,
  TableSaved,
} from "./api/jobs-page.ts";
export type { Route, RouteScope } from "./api/route.ts";
export { SessionBody, SessionView } from "./api/session.ts";
export type * from "./live-event.ts";
export { PlanView } from "./plan-view.ts";

/** Where the routes below lie. */
export const API_BASE = "/api/v1";

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

/** All routes of this version, by name. */
export const ROUTES = {
  ...SESSION_ROUTES,
  ...JOBS_ROUTES,
  ...JOBS_PAGE_ROUTES,
  ...RUNS_ROUTES,
  ...RUNS_PAGE_ROUTES,
  ...LINEAGE_EVENT_ROUTES,
  ...LINEAGE_ROUTES,
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
