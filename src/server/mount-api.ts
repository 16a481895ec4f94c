/** Puts the route table into the application: authorisation, schema, handler, audit row, JSON without secrets. */
import { createHash } from "node:crypto";
import type { Context } from "hono";
import { deleteCookie, setCookie } from "hono/cookie";
import * as z from "zod";
import { audit } from "../access/audit.ts";
import { HeadgateError } from "../errors.ts";
import { formatJson, parseJson } from "../util/int64-json.ts";
import { nearest } from "../util/nearest.ts";
import { redact } from "../util/redact.ts";
import { API_BASE, ROUTES, type Route, type RouteName } from "./api.ts";
import { callerOf } from "./caller.ts";
import { encode, encodingOf, SMALL } from "./encoding.ts";
import { isWrite, readBody, readIntake } from "./guards.ts";
import type { Call, Reply } from "./handler.ts";
import type { App, AppEnv } from "./http-app.ts";
import { isForeseen, problemOf, Refusal } from "./problem.ts";
import type { ServerContext } from "./server-context.ts";

type AnyRoute = Route<unknown, unknown, unknown, unknown>;
const MOST_OF_A_KEY = 255;

type AnyHandler = (call: Call<RouteName>) => Promise<Reply<RouteName>>;

/** Every problem of a value against its schema, one line each. @throws HeadgateError `input_invalid` */
function check<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
  const lines = problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  throw new HeadgateError("input_invalid", `The ${what} is not valid: ${lines.join("; ")}`, {
    permanent: true,
    data: { problems },
  });
}

/** A misspelt filter would be a filter that is not there: it is refused, with the nearest one. */
function checkQuery<T>(schema: z.ZodType<T>, query: Record<string, string>): T {
  if (schema instanceof z.ZodObject) {
    const known = Object.keys(schema.shape);
    for (const name of Object.keys(query)) {
      if (known.includes(name)) continue;
      const near = nearest(name, known);
      const list = known.length === 0 ? "There are none here." : `Known are ${known.join(", ")}.`;
      throw new HeadgateError("input_invalid", `There is no query parameter ${name}`, {
        hint: near === undefined ? list : `Did you mean ${near}?`,
        permanent: true,
      });
    }
  }
  return check(schema, query, "query");
}

async function checkBody<T>(schema: z.ZodType<T>, request: Request, limit: number): Promise<T> {
  const text = await readBody(request, limit);
  let value: unknown = {};
  if (text.trim() !== "") {
    try {
      value = parseJson(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new Refusal("bad_request", "The body is not JSON.", { hint: error.message });
    }
  }
  return check(schema, value, "body");
}

/** The key of a repeat. @throws HeadgateError `input_invalid` for one that is too long to be kept */
function idempotencyKey(field: string | undefined): string | undefined {
  const key = field?.trim();
  if (key === undefined || key === "") return undefined;
  if (key.length <= MOST_OF_A_KEY) return key;
  throw new HeadgateError("input_invalid", `The Idempotency-Key has ${key.length} characters`, {
    hint: `At most ${MOST_OF_A_KEY}; a UUID will do.`,
    permanent: true,
  });
}

/**
 * The answer as bytes: small where the caller takes it, and 304 where it has it already. What is read is never held
 * without asking (`no-cache`), and by nobody in between (`private`); it differs with who asks.
 */
async function answerOf(
  c: Context<AppEnv>,
  context: ServerContext,
  route: AnyRoute,
  reply: Reply<RouteName>,
): Promise<Response> {
  if (reply.session !== undefined) {
    const name = context.cookieName();
    const secure = c.req.header("x-forwarded-proto") === "https";
    if (reply.session === null) deleteCookie(c, name, { path: "/", secure });
    else setCookie(c, name, reply.session, { path: "/", httpOnly: true, sameSite: "Strict", secure });
  }
  const body = Buffer.from(redact(formatJson(reply.value)));
  c.header("cache-control", "no-store");
  c.header("content-type", "application/json");
  for (const [name, value] of Object.entries(reply.headers ?? {})) c.header(name, value);
  if (body.length <= SMALL) return c.body(new Uint8Array(body), route.status);

  const encoding = encodingOf(c.req.header("accept-encoding") ?? "");
  c.header("vary", "accept-encoding, authorization, cookie");
  if (route.method === "get" && route.scope === "read") {
    // Weak: one for all encodings of the same answer.
    const etag = `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
    c.header("cache-control", "private, no-cache");
    c.header("etag", etag);
    if (c.req.header("if-none-match") === etag) return c.body(null, 304);
  }
  if (encoding === undefined) return c.body(new Uint8Array(body), route.status);
  c.header("content-encoding", encoding);
  return c.body(await encode(body, encoding, true), route.status);
}

function mountRoute(app: App, context: ServerContext, name: RouteName): void {
  const route = ROUTES[name] as AnyRoute;
  const handler = context.handlers[name] as unknown as AnyHandler;
  const path = API_BASE + route.path.replace(/\{(\w+)\}/g, ":$1");

  app.on(route.method.toUpperCase(), path, async (c) => {
    c.set("route", API_BASE + route.path);
    const requestId = c.get("requestId");
    const { principal, address, session } = await callerOf(c, context, route.scope);
    const write = isWrite(c.req.method);
    const record = (actor: string, subject: string, result: string, status: number) =>
      audit(
        context.deps.store.access,
        context.deps.clock,
        { actor, via: principal.via, address },
        { action: name, subject, result, status, requestId },
      );
    let reply: Reply<RouteName>;
    try {
      reply = await handler({
        params: check(route.params, c.req.param(), "path") as Call<RouteName>["params"],
        query: checkQuery(route.query, c.req.query()) as Call<RouteName>["query"],
        body: (write && !route.intake
          ? await checkBody(route.body, c.req.raw, context.bodyLimit)
          : {}) as Call<RouteName>["body"],
        text: route.intake ? await readIntake(c.req.raw, route.intake.bytes) : "",
        principal,
        address,
        requestId,
        idempotencyKey: write ? idempotencyKey(c.req.header("idempotency-key")) : undefined,
        session,
        signal: () => AbortSignal.any([c.req.raw.signal, context.givingUp]),
      });
    } catch (error) {
      if (write && route.audited) {
        const { code, status } = problemOf(error, requestId);
        if (!isForeseen(error)) context.log.error({ err: error, requestId }, "unexpected error in a write");
        await record(principal.actor, Object.values(c.req.param()).join("/"), code, status);
      }
      throw error;
    }
    if (write && route.audited) await record(reply.actor ?? principal.actor, reply.subject ?? "", "ok", route.status);
    return answerOf(c, context, route, reply);
  });
}

/** Mounts every route of the table, and says 405 with what is allowed for other methods on their paths. */
export function mountApi(app: App, context: ServerContext): void {
  const methods = new Map<string, string[]>();
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    mountRoute(app, context, name);
    const { method, path } = ROUTES[name];
    const allowed = methods.get(path) ?? [];
    allowed.push(...(method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]));
    methods.set(path, allowed);
  }
  for (const [path, allowed] of methods) {
    app.all(API_BASE + path.replace(/\{(\w+)\}/g, ":$1"), (c) => {
      throw new Refusal("method_not_allowed", `${c.req.method} is not allowed here.`, {
        headers: { allow: allowed.join(", ") },
      });
    });
  }
  app.get("/api/openapi.json", async (c) => {
    c.set("route", "/api/openapi.json");
    await callerOf(c, context, "read");
    const { openApiDocument } = await import("./openapi.ts");
    return c.json(openApiDocument(context.deps.info.version));
  });
}
