/** What a failed HTTP call is turned into: one error that keeps what the service said. */
import { type ErrorCode, HeadgateError } from "../../errors.ts";
import { parseJson } from "../../util/int64-json.ts";
import { isObject, type Json } from "../../util/json.ts";
import { redact } from "../../util/redact.ts";

/** What is known of a failed call. */
export interface FailureFacts {
  /** `GET /api/2.2/jobs/get`: method and path, never the query (it may hold values). */
  call: string;
  host: string;
  /** HTTP status, or undefined where no answer came. */
  status?: number | undefined;
  /** The service's own code (`INVALID_PARAMETER_VALUE`), where it gave one. */
  errorCode?: string | undefined;
  /** First line of the service's message. */
  serviceMessage?: string | undefined;
  requestId?: string | undefined;
  /** The server's wish (`Retry-After`), in milliseconds. */
  retryAfter?: number | undefined;
  /** True when the call may have had its effect although no good answer came. */
  sent?: boolean | undefined;
  /** Network error code (`ECONNRESET`), or `timeout`, where no answer came. */
  network?: string | undefined;
}

/** A failed HTTP call; `code` follows the exit codes, the facts say the rest. */
export class HttpFailure extends HeadgateError {
  readonly facts: FailureFacts;

  constructor(code: ErrorCode, facts: FailureFacts, details: { hint?: string | undefined; cause?: unknown } = {}) {
    const { status, errorCode, requestId, sent, call, host } = facts;
    const serviceMessage = facts.serviceMessage === undefined ? undefined : redact(facts.serviceMessage);
    super(code, messageOf(facts), {
      hint: details.hint === undefined ? undefined : redact(details.hint),
      cause: details.cause,
      permanent: code !== "unavailable" && code !== "interrupted",
      data: dropUndefined({ call, host, status, errorCode, requestId, sent: sent === true ? true : undefined }),
    });
    this.name = "HttpFailure";
    this.facts = { ...facts, serviceMessage };
  }
}

/** The code a status leads to: 401 `unauthorized`, 403 `forbidden`, 408, 429 and 5xx `unavailable`, all else `remote_error`. */
export function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  return status === 408 || status === 429 || status >= 500 ? "unavailable" : "remote_error";
}

/**
 * Code and first message line of an error body in any of the shapes seen: `{error_code, message}`, OAuth's
 * `{error, error_description}` (Entra's with `error_codes`), SCIM's `{detail, status}`, plain text, HTML.
 */
export function readErrorBody(text: string): { errorCode: string | undefined; message: string | undefined } {
  let body: Json | undefined;
  try {
    body = parseJson(text);
  } catch {
    return { errorCode: undefined, message: firstLine(/^\s*</.test(text) ? textOfHtml(text) : text) };
  }
  if (!isObject(body)) return { errorCode: undefined, message: firstLine(text) };
  const nested = isObject(body.error) ? body.error : undefined;
  // Entra: `{error: "invalid_client", error_codes: [7000215], …}`; the number says more than OAuth's word.
  const entra = Array.isArray(body.error_codes) ? body.error_codes[0] : undefined;
  const code = entra === undefined || entra === null || typeof entra === "object" ? undefined : `AADSTS${entra}`;
  const other = body.error_code ?? nested?.code ?? (body.error_description === undefined ? undefined : body.error);
  const message = body.message ?? body.error_description ?? body.detail ?? nested?.message ?? body.error;
  return {
    errorCode: code ?? (typeof other === "string" ? other : undefined),
    message: typeof message === "string" ? firstLine(message) : undefined,
  };
}

function messageOf(facts: FailureFacts): string {
  const what =
    facts.status === undefined
      ? `no answer (${facts.network ?? "connection lost"})`
      : [String(facts.status), facts.errorCode].filter(Boolean).join(" ");
  const said = facts.serviceMessage ? `: ${facts.serviceMessage}` : "";
  const request = facts.requestId ? ` (request ${facts.requestId})` : "";
  return redact(`${facts.host} ${facts.call}: ${what}${said}${request}`);
}

function textOfHtml(html: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(html)?.[1];
  return title?.trim() || html.replace(/<[^>]*>/g, " ");
}

/** The first line that is not blank, at most 500 characters, without a secret or what a cut would leave of one. */
export function firstLine(text: string): string | undefined {
  const line = redact(text)
    .split(/\r?\n/)
    .map((part) => part.trim())
    .find((part) => part !== "");
  return line === undefined ? undefined : line.length > 500 ? `${line.slice(0, 499)}…` : line;
}

function dropUndefined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
