/** What a route of the API is made of. */
import * as z from "zod";

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
  /** Whether a write gets a row in the audit; not where a log of its own says who did what. */
  audited: boolean;
  /**
   * Takes its body as it is, also gzip, up to so many bytes; the handler itself looks into it. `body` only describes it.
   */
  intake?: { bytes: number } | undefined;
}

const none = z.object({});
type None = Record<string, never>;

/** A route, with what it does not say filled in. */
export function route<Answer, Params = None, Query = None, Body = None>(
  given: Pick<Route<Params, Query, Body, Answer>, "method" | "path" | "scope" | "summary" | "tag" | "answer"> &
    Partial<
      Pick<
        Route<Params, Query, Body, Answer>,
        "params" | "query" | "body" | "status" | "problems" | "audited" | "intake"
      >
    >,
): Route<Params, Query, Body, Answer> {
  return {
    params: none as unknown as z.ZodType<Params>,
    query: none as unknown as z.ZodType<Query>,
    body: none as unknown as z.ZodType<Body>,
    status: 200,
    problems: [],
    audited: true,
    ...given,
  };
}

/** Words of a comma-separated filter that is at most so long in all. */
export const wordsUpTo = (length: number) =>
  z
    .string()
    .max(length)
    .transform((text) => text.split(",").filter((word) => word !== ""))
    .pipe(z.array(z.string()));

/** Words of a comma-separated filter: `failed,late`. */
export const words = wordsUpTo(500);
