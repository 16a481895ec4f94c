/** The HTTP server: reads a request, lets faults strike, finds out who calls, runs the handler, answers and logs. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiError, errorBody, malformed } from "../api-error.ts";
import type { Principal } from "../auth/principals.ts";
import { hexOf } from "../ids.ts";
import { formatJson, isObject, type Json, parseJson } from "../json.ts";
import type { World } from "../world.ts";
import { type Fault, faultError } from "./faults.ts";
import { makeRateLimiter } from "./rate-limit.ts";
import type { LoggedRequest } from "./request-log.ts";
import { makeRouter, Reply, type Route } from "./router.ts";

/** Called with each API request; may wait, which holds the request up. */
export type RequestHook = (request: { method: string; path: string; principal: string | undefined }) => unknown;

export interface Hooks {
  /** Before the request takes effect. */
  before: RequestHook | undefined;
  /** After the effect, before the answer is sent. */
  after: RequestHook | undefined;
}

const NOBODY: Principal = {
  id: "0",
  userName: "nobody",
  kind: "user",
  displayName: "nobody",
  admin: false,
  groups: [],
  secrets: [],
};

/** Larger bodies are refused, whatever they are for. */
const MAX_BODY = 64 * 1024 * 1024;

/** A request as it came in. */
export interface Asked {
  method: string;
  /** Path with query. */
  target: string;
  headers: Record<string, string | string[] | undefined>;
  bytes: Buffer;
}

/** Answers a request; no answer is a cut connection, or one that hangs. */
export type Answer = (asked: Asked) => Promise<Reply | "cut" | "hang">;

/** Starts to listen on 127.0.0.1. @returns the server, its address, and what answers its requests */
export async function listen(
  world: World,
  routes: Route[],
  hooks: Hooks,
): Promise<{ server: Server; url: string; respond: Answer }> {
  const find = makeRouter(routes);
  const limit = makeRateLimiter(world.options.rateLimit);

  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await readBody(request);
    const { method = "GET", url = "/", headers } = request;
    const reply = await respond({ method, target: url, headers, bytes });
    if (reply === "hang") return;
    if (reply === "cut") {
      request.socket.destroy();
      return;
    }
    response.sendDate = false;
    response.writeHead(reply.status, reply.headers);
    response.end(method === "HEAD" ? undefined : reply.body);
  }

  async function respond(asked: Asked): Promise<Reply | "cut" | "hang"> {
    const started = performance.now();
    const { bytes } = asked;
    const url = new URL(asked.target, "http://fake");
    const number = world.log.next();
    const requestId = uuidOf(`${world.options.seed}/${number}`);
    const control = url.pathname.startsWith("/_fake/");
    const entry: Omit<LoggedRequest, "body"> = {
      number,
      time: new Date().toISOString(),
      method: asked.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      principal: undefined,
      userAgent: asText(asked.headers["user-agent"]),
      status: 0,
      handled: false,
      fault: undefined,
      durationMs: 0,
    };
    let reply: Reply | undefined;
    try {
      reply = await answer(asked, url, requestId, control, entry);
    } finally {
      entry.durationMs = Math.round(performance.now() - started);
      if (!control) world.log.add(entry, bytes);
    }
    if (!reply) return entry.fault === "hang" ? "hang" : "cut";
    entry.status = reply.status;
    return new Reply(reply.status, reply.body, {
      date: new Date(world.clock.now()).toUTCString(),
      "x-databricks-org-id": world.options.workspaceId,
      "x-request-id": requestId,
      "content-length": String(Buffer.byteLength(reply.body)),
      ...reply.headers,
    });
  }

  /** @returns undefined when the client gets no answer */
  async function answer(
    { headers, bytes }: Asked,
    url: URL,
    requestId: string,
    control: boolean,
    entry: Omit<LoggedRequest, "body">,
  ): Promise<Reply | undefined> {
    let fault: Fault | undefined;
    try {
      const match = find(entry.method, url.pathname);
      let principal = NOBODY;
      let refused: unknown;
      if (!control && !match?.route.open) {
        try {
          principal = world.directory.authenticate(asText(headers.authorization), requestId);
          entry.principal = principal.userName;
        } catch (error) {
          refused = error;
        }
      }
      if (!control) {
        const asked = { method: entry.method, path: url.pathname, principal: entry.principal };
        fault = world.faults.pick({ ...asked, header: asText(headers["x-fake-fault"]) });
        entry.fault = fault?.kind;
        if (fault) {
          if (fault.kind === "drop-before" || fault.kind === "hang") return undefined;
          if (fault.kind === "status") throw faultError(fault);
          if (fault.kind === "html") return htmlReply(fault);
          if (fault.kind === "redirect") return new Reply(303, "", { location: "/login.html?next_url=%2F" });
          if (fault.kind === "slow") await sleep(fault.delayMs ?? 1000);
        }
        if (refused !== undefined) throw refused;
        limit(principal.userName);
        await hooks.before?.(asked);
      }
      if (!match) throw new ApiError(404, "ENDPOINT_NOT_FOUND", `No API found for '${entry.method} ${url.pathname}'`);
      const result = await match.route.handle(world, {
        method: entry.method,
        path: url.pathname,
        groups: match.groups,
        query: url.searchParams,
        headers,
        principal,
        bytes,
        body: () => bodyOf(bytes),
      });
      entry.handled = true;
      if (!control) await hooks.after?.({ method: entry.method, path: url.pathname, principal: entry.principal });
      if (fault?.kind === "drop-after") return undefined;
      if (fault?.kind === "malformed") return jsonReply(200, '{"jobs": [{"job_id": 12');
      if (fault?.kind === "empty") return jsonReply(200, "");
      if (fault?.kind === "bare") return jsonReply(200, "{}");
      return result instanceof Reply ? result : jsonReply(200, formatJson(result));
    } catch (error) {
      if (fault?.kind === "drop-after") return undefined;
      return errorReply(error);
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(world.options.port, "127.0.0.1", resolve);
  });
  return { server, respond, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const asText = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;

function jsonReply(status: number, text: string, headers: Record<string, string> = {}): Reply {
  return new Reply(status, text, { "content-type": "application/json", ...headers });
}

function errorReply(error: unknown): Reply {
  if (error instanceof ApiError) return jsonReply(error.status, formatJson(errorBody(error)), error.headers);
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return jsonReply(500, formatJson({ error_code: "INTERNAL_ERROR", message: `The fake itself failed: ${message}` }));
}

function htmlReply(fault: Fault): Reply {
  const status = fault.status ?? 502;
  const headers: Record<string, string> = { "content-type": "text/html" };
  if (fault.retryAfter !== undefined) headers["retry-after"] = String(fault.retryAfter);
  return new Reply(
    status,
    `<html><head><title>${status}</title></head><body><h1>${status} Bad Gateway</h1></body></html>\n`,
    headers,
  );
}

function bodyOf(bytes: Buffer): ReturnType<typeof checkedObject> {
  if (bytes.length === 0) return {};
  let value: Json;
  try {
    value = parseJson(bytes.toString("utf8"));
  } catch (error) {
    throw malformed(
      `Invalid JSON given in the body of the request - ${error instanceof Error ? error.message : error}`,
    );
  }
  return checkedObject(value);
}

function checkedObject(value: Json) {
  if (!isObject(value)) throw malformed("Invalid JSON given in the body of the request - expected a map");
  return value;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MAX_BODY) throw new Error("the body is larger than 64 MB");
  }
  return Buffer.concat(chunks);
}

function uuidOf(text: string): string {
  const hex = hexOf(text) + hexOf(`${text}+`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
