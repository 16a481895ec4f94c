/** What every request must pass before anything looks at it: method, host, origin, kind and length of its body. */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Refusal } from "./problem.ts";

/** What the guards need to know of the server. */
export interface GuardOptions {
  /** Lower-case host names that may stand in `Host`, without port. */
  hosts: ReadonlySet<string>;
  /** Bytes a body may have. */
  bodyLimit: number;
  /** Paths that take longer bodies, also gzip, with the bytes they may have. */
  intakes?: ReadonlyMap<string, number> | undefined;
}

/** Names by which a machine calls itself. */
export const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"] as const;

const METHODS = new Set(["GET", "HEAD", "POST", "DELETE"]);
const WRITES = new Set(["POST", "DELETE"]);

/** True for methods that change something. */
export function isWrite(method: string): boolean {
  return WRITES.has(method);
}

/** The host name of a `Host` field, lower-case, without port and final dot; undefined where it is not well-formed. */
export function hostName(field: string): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]\s/@]+)(?::\d{1,5})?$/i.exec(field);
  return match?.[1]?.toLowerCase().replace(/\.$/, "");
}

/**
 * Refuses requests for a host that is not ours. A page of another site can make its own name point here
 * (DNS rebinding) and would then be same-origin; the name it uses gives it away. The port plays no part.
 */
function checkHost(request: Request, options: GuardOptions): void {
  const field = request.headers.get("host");
  const name = field === null ? undefined : hostName(field);
  if (name === undefined || !options.hosts.has(name)) {
    throw new Refusal("host_not_allowed", `Host ${JSON.stringify(field ?? "")} is not in the allow-list.`, {
      hint: "Add the name to server.allowedHosts in headgate.yaml.",
    });
  }
}

/**
 * True when `Origin` is this server: the very host and port that the request was sent to, or `https` at an allowed
 * name that is not this machine's own (a TLS proxy may have rewritten `Host`). Other ports of localhost are not us.
 */
export function isOwnOrigin(origin: string, host: string, hosts: ReadonlySet<string>): boolean {
  const given = origin.toLowerCase();
  const sent = host.toLowerCase();
  if (given === `http://${sent}` || given === `https://${sent}`) return true;
  const name = given.startsWith("https://") ? given.slice("https://".length) : undefined;
  return name !== undefined && hosts.has(name) && !(LOOPBACK_HOSTS as readonly string[]).includes(name);
}

function checkOrigin(request: Request, options: GuardOptions): void {
  const origin = request.headers.get("origin");
  if (origin !== null && !isOwnOrigin(origin, request.headers.get("host") ?? "", options.hosts)) {
    throw new Refusal("origin_not_allowed", "The request was sent by a page of another origin.", {
      hint: "Programs leave the Origin header out.",
    });
  }
  // Reads that carry no Origin (images, scripts, frames of other pages) are told by this field of newer browsers.
  const site = request.headers.get("sec-fetch-site");
  const other = site === "cross-site" || site === "same-site";
  if (other && request.headers.get("sec-fetch-mode") !== "navigate") {
    throw new Refusal("origin_not_allowed", "The request was sent by a page of another site.");
  }
}

function checkBody(request: Request, options: GuardOptions): void {
  if (!isWrite(request.method)) return;
  const intake = options.intakes?.get(new URL(request.url).pathname);
  const limit = intake ?? options.bodyLimit;
  const length = request.headers.get("content-length");
  const chunked = request.headers.get("transfer-encoding") !== null;
  const hasBody = chunked || (length !== null && length !== "0");
  if (length !== null && Number(length) > limit) throw tooLarge(limit);
  // A form or a plain-text body can be sent across origins without asking; JSON cannot.
  if (request.method === "POST" || hasBody) {
    const type = request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
    if (type !== "application/json") {
      throw new Refusal("unsupported_media_type", `Content-Type is ${type ?? "not given"}.`, {
        hint: "Send Content-Type: application/json, also with an empty body.",
      });
    }
  }
  const encoding = encodingOf(request);
  if (hasBody && encoding !== "identity" && !(intake !== undefined && encoding === "gzip")) {
    throw intake === undefined
      ? new Refusal("unsupported_media_type", "Compressed bodies are not taken.", { hint: "Send plain JSON." })
      : new Refusal("unsupported_media_type", `Content-Encoding is ${encoding}.`, { hint: "Send plain JSON or gzip." });
  }
}

const encodingOf = (request: Request): string => request.headers.get("content-encoding")?.toLowerCase() ?? "identity";

function tooLarge(limit: number): Refusal {
  return new Refusal("body_too_large", `A body may have ${limit} bytes.`, { headers: { connection: "close" } });
}

/** Passes or throws a {@link Refusal}. */
export function guard(request: Request, options: GuardOptions): void {
  if (!METHODS.has(request.method)) {
    throw new Refusal("method_not_allowed", `Method ${request.method} is not allowed.`, {
      headers: { allow: [...METHODS].join(", ") },
    });
  }
  checkHost(request, options);
  checkOrigin(request, options);
  // A ping is a fetch of an address that holds its key, with any text or none: no page can send one without the key.
  if (!new URL(request.url).pathname.startsWith("/ping/")) checkBody(request, options);
}

/**
 * Reads a body as text, at most `limit` bytes: of a chunked body the length is known only at its end.
 * @throws Refusal `body_too_large` as soon as there is more
 */
export async function readBody(request: Request, limit: number): Promise<string> {
  return (await readBytes(request, limit)).toString("utf8");
}

const unzip = promisify(gunzip);

/**
 * Reads a body that may be gzip as text; `limit` is for both, what came and what it unpacks to.
 * @throws Refusal `body_too_large`, or `bad_request` for broken gzip
 */
export async function readIntake(request: Request, limit: number): Promise<string> {
  const bytes = await readBytes(request, limit);
  if (encodingOf(request) !== "gzip") return bytes.toString("utf8");
  try {
    return (await unzip(bytes, { maxOutputLength: limit })).toString("utf8");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(limit);
    throw new Refusal("bad_request", `The body is no gzip: ${error.message}`);
  }
}

async function readBytes(request: Request, limit: number): Promise<Buffer> {
  if (request.headers.get("transfer-encoding") === null) return Buffer.from(await request.arrayBuffer());
  if (request.body === null) return Buffer.alloc(0);
  const reader = request.body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(parts);
    length += value.byteLength;
    if (length > limit) {
      await reader.cancel();
      throw tooLarge(limit);
    }
    parts.push(value);
  }
}
