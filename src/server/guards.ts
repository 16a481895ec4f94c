/** What every request must pass before anything looks at it: method, host, origin, kind and length of its body. */
import { Refusal } from "./problem.ts";

/** What the guards need to know of the server. */
export interface GuardOptions {
  /** Lower-case host names that may stand in `Host`, without port. */
  hosts: ReadonlySet<string>;
  /** Bytes a body may have. */
  bodyLimit: number;
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
  const length = request.headers.get("content-length");
  const chunked = request.headers.get("transfer-encoding") !== null;
  const hasBody = chunked || (length !== null && length !== "0");
  if (length !== null && Number(length) > options.bodyLimit) throw tooLarge(options.bodyLimit);
  // A form or a plain-text body can be sent across origins without asking; JSON cannot.
  if (request.method === "POST" || hasBody) {
    const type = request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
    if (type !== "application/json") {
      throw new Refusal("unsupported_media_type", `Content-Type is ${type ?? "not given"}.`, {
        hint: "Send Content-Type: application/json, also with an empty body.",
      });
    }
  }
  const encoding = request.headers.get("content-encoding");
  if (hasBody && encoding !== null && encoding.toLowerCase() !== "identity") {
    throw new Refusal("unsupported_media_type", "Compressed bodies are not taken.", { hint: "Send plain JSON." });
  }
}

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
  checkBody(request, options);
}

/**
 * Reads a body as text, at most `limit` bytes: of a chunked body the length is known only at its end.
 * @throws Refusal `body_too_large` as soon as there is more
 */
export async function readBody(request: Request, limit: number): Promise<string> {
  if (request.headers.get("transfer-encoding") === null) return request.text();
  if (request.body === null) return "";
  const reader = request.body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(parts).toString("utf8");
    length += value.byteLength;
    if (length > limit) {
      await reader.cancel();
      throw tooLarge(limit);
    }
    parts.push(value);
  }
}
