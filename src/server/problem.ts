/** RFC 9457 problem documents: every error of the API as one shape, with one table from code to status. */
import { type ErrorCode, HeadgateError } from "../errors.ts";
import { formatJson } from "../util/int64-json.ts";
import { redact } from "../util/redact.ts";
import type { ProblemDocument } from "./api.ts";

/**
 * Status of each error code. The workspace refusing *our* credentials is no 401 or 403 of this API: a client that saw
 * those would sign in again, which cannot help. Refusals by a safety rule are conflicts with what is there (409).
 */
export const STATUS_OF_ERROR: Record<ErrorCode, number> = {
  internal: 500,
  partly_failed: 500,
  plan_stale: 409,
  guard_delete: 409,
  lock_held: 409,
  lock_lost: 409,
  owner_conflict: 409,
  behind: 409,
  first_deploy: 409,
  branch_not_allowed: 409,
  confirm_needed: 409,
  managed_elsewhere: 409,
  already_running: 409,
  already_done: 409,
  already_failed: 409,
  skipped: 409,
  not_running: 409,
  not_ended: 409,
  run_closed: 409,
  not_forward: 409,
  table_moved: 409,
  usage: 400,
  config_invalid: 500,
  declaration_invalid: 422,
  input_invalid: 422,
  not_found: 404,
  unknown_process: 404,
  unknown_task: 404,
  unknown_parameter: 404,
  nothing_to_run: 422,
  store_newer: 503,
  store_needs_migration: 503,
  store_network_file_system: 503,
  unavailable: 503,
  remote_error: 502,
  retry: 503,
  unauthorized: 502,
  forbidden: 502,
  interrupted: 503,
};

/** Refusals that only exist over HTTP, with status and the general part of their words. */
export const HTTP_REFUSALS = {
  bad_request: [400, "The request cannot be understood"],
  token_missing: [401, "A token is needed"],
  token_invalid: [401, "The token is unknown, revoked or past its end"],
  host_not_allowed: [403, "This host name is not allowed"],
  origin_not_allowed: [403, "Requests from other sites are not allowed"],
  csrf_failed: [403, "The write does not prove that it comes from this page"],
  scope_missing: [403, "The token does not allow this"],
  login_code_invalid: [403, "The login link was used already or is too old"],
  apply_off: [403, "Applying over HTTP is off"],
  method_not_allowed: [405, "The method is not allowed here"],
  apply_running: [409, "An apply is running"],
  conflict_unresolved: [409, "A conflict waits for a choice"],
  plan_mismatch: [409, "The plan belongs to another target"],
  body_too_large: [413, "The body is too large"],
  unsupported_media_type: [415, "The body must be application/json"],
  stopping: [503, "The server is stopping"],
  too_many_streams: [503, "Too many event streams are open"],
} as const satisfies Record<string, readonly [number, string]>;

/** Code of a {@link Refusal}. */
export type RefusalCode = keyof typeof HTTP_REFUSALS;

/** An HTTP request that is refused; thrown inside the server, answered as a problem document. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly hint: string | undefined;
  /** More header fields of the answer (`Allow`, `Location`, …). */
  readonly headers: Record<string, string>;
  readonly data: Record<string, unknown> | undefined;

  constructor(
    code: RefusalCode,
    detail: string,
    more: { hint?: string; headers?: Record<string, string>; data?: Record<string, unknown> } = {},
  ) {
    super(detail);
    this.name = "Refusal";
    this.code = code;
    this.hint = more.hint;
    this.headers = more.headers ?? {};
    this.data = more.data;
  }
}

const TITLES: Record<number, string> = {
  400: "Bad request",
  404: "Not found",
  409: "Refused by a safety rule",
  422: "Invalid input",
  500: "Internal error",
  502: "The workspace refused or failed",
  503: "Not available now",
};

/** Whether an error is one that we foresaw, so that its words may be shown. */
export function isForeseen(error: unknown): error is HeadgateError | Refusal {
  return error instanceof HeadgateError || error instanceof Refusal;
}

/** The problem document of any thrown value. What was not foreseen says nothing but its request id. */
export function problemOf(error: unknown, requestId: string): ProblemDocument {
  const urn = (code: string) => `urn:headgate:problem:${code}`;
  if (error instanceof Refusal) {
    const [status, title] = HTTP_REFUSALS[error.code];
    return {
      type: urn(error.code),
      title,
      status,
      detail: error.message,
      code: error.code,
      hint: error.hint,
      requestId,
      data: error.data,
    };
  }
  if (error instanceof HeadgateError && error.code !== "internal") {
    const status = STATUS_OF_ERROR[error.code];
    return {
      type: urn(error.code),
      title: TITLES[status] ?? "Error",
      status,
      detail: error.message,
      code: error.code,
      hint: error.hint,
      requestId,
      data: error.data,
    };
  }
  return {
    type: urn("internal"),
    title: "Internal error",
    status: 500,
    detail: "Something went wrong in the server.",
    code: "internal",
    hint: `The server's log says more under request id ${requestId}.`,
    requestId,
  };
}

/** A problem document as an HTTP response, secrets masked. */
export function problemResponse(error: unknown, requestId: string): Response {
  const problem = problemOf(error, requestId);
  const headers: Record<string, string> = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    ...(error instanceof Refusal ? error.headers : {}),
  };
  if (problem.status === 401) headers["www-authenticate"] = 'Bearer realm="headgate"';
  if (problem.status === 503) headers["retry-after"] ??= "5";
  return new Response(redact(formatJson(problem)), { status: problem.status, headers });
}
