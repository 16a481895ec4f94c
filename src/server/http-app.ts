/** The web application: guards first, then page, login, API, events, health and counts; every error a problem document. */
import { randomBytes } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { HeadgateError } from "../errors.ts";
import { nearest } from "../util/nearest.ts";
import { API_BASE, ROUTES, type Route } from "./api.ts";
import { guard } from "./guards.ts";
import { healthRoutes } from "./health.ts";
import { loginRoute } from "./login.ts";
import { mountApi } from "./mount-api.ts";
import { mountEvents } from "./mount-events.ts";
import { mountPing, withoutKey } from "./ping.ts";
import { isForeseen, problemResponse, Refusal } from "./problem.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";
import type { ServerContext } from "./server-context.ts";

/** Types of the application: the node request and answer, and what middleware leaves for handlers. */
export interface AppEnv {
  Bindings: HttpBindings;
  Variables: { requestId: string; route: string };
}
export type App = Hono<AppEnv>;

const FIELDS = Object.entries(SECURITY_HEADERS);

function notFound(path: string, near: string | undefined): HeadgateError {
  return new HeadgateError("not_found", `There is nothing at ${path}`, {
    hint: near === undefined ? "GET /api/openapi.json lists every route." : `Did you mean ${near}?`,
    permanent: true,
  });
}

/** Builds the application of a server. */
export function createHttpApp(context: ServerContext): App {
  const app: App = new Hono<AppEnv>();
  const longer = Object.values(ROUTES as Record<string, Route<unknown, unknown, unknown, unknown>>).flatMap((route) =>
    route.intake ? [[API_BASE + route.path, route.intake.bytes] as const] : [],
  );
  const intakes = new Map(longer);
  const guards = { hosts: context.hosts, bodyLimit: context.bodyLimit, intakes };

  app.use("*", async (c, next) => {
    const started = performance.now();
    const requestId = randomBytes(8).toString("hex");
    c.set("requestId", requestId);
    c.set("route", "other");
    // Set on node's own answer: whatever writes it adds to these, and no answer has to be copied for them.
    const { outgoing } = c.env;
    for (const [name, value] of FIELDS) outgoing.setHeader(name, value);
    outgoing.setHeader("x-request-id", requestId);
    await next();
    if (context.stopping.aborted && !outgoing.headersSent) outgoing.setHeader("connection", "close");
    const { status } = c.res;
    const ms = Math.round(performance.now() - started);
    const method = c.req.method;
    context.metrics.request(method, c.get("route"), status, ms / 1_000);
    // The path alone: a query may hold a login code.
    const many = intakes.has(c.req.path) && status < 400;
    const write = (method === "POST" || method === "DELETE") && !many;
    const level = status >= 500 ? "error" : status >= 400 || write ? "info" : "debug";
    context.log[level]({ requestId, method, path: withoutKey(c.req.path), status, ms }, "request");
  });

  app.use("*", async (c, next) => {
    guard(c.req.raw, guards);
    if (context.stopping.aborted) throw new Refusal("stopping", "The server is stopping.");
    await next();
  });

  app.onError((error, c) => {
    const requestId = c.get("requestId");
    if (!isForeseen(error)) context.log.error({ err: error, requestId }, "unexpected error");
    context.metrics.refused(isForeseen(error) ? error.code : "internal");
    return problemResponse(error, requestId);
  });

  healthRoutes(app, context);
  loginRoute(app, context);
  mountApi(app, context);
  mountEvents(app, context);
  mountPing(app, context);

  app.all("/api/*", (c) => {
    const paths = [...Object.values(ROUTES).map((route) => API_BASE + route.path), `${API_BASE}/events`];
    throw notFound(c.req.path, nearest(c.req.path, paths));
  });
  app.get("*", async (c) => {
    c.set("route", "page");
    const found = await context.pages.answer(c.req.path, c.req.raw);
    if (found !== undefined) return found;
    if (context.pages.built || c.req.path !== "/") throw notFound(c.req.path, undefined);
    return c.text("The page is not built; the API is at /api/v1, its description at /api/openapi.json.\n", 200);
  });
  app.all("*", (c) => {
    throw new Refusal("method_not_allowed", `${c.req.path} can only be read.`, { headers: { allow: "GET, HEAD" } });
  });
  return app;
}
