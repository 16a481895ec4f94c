/** One request to the API: JSON out, JSON or a problem document in. */

/** What went wrong, as the server's problem document (RFC 9457) says it, or as the network did. */
export class ApiError extends Error {
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** Stable code (`not_found`, `plan_stale`, …); `unreachable` where no answer came. */
  readonly code: string;
  readonly detail: string;
  readonly hint: string | undefined;

  constructor(problem: { status: number; code: string; title: string; detail?: string; hint?: string | undefined }) {
    super(problem.title);
    this.name = "ApiError";
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail ?? "";
    this.hint = problem.hint;
  }
}

const BASE = "/api/v1";

async function problemOf(response: Response): Promise<ApiError> {
  const body = await response.json().catch(() => ({}));
  const text = (key: string) => (typeof body?.[key] === "string" ? (body[key] as string) : undefined);
  return new ApiError({
    status: response.status,
    code: text("code") ?? `http_${response.status}`,
    title: text("title") ?? `The server answered ${response.status}`,
    detail: text("detail") ?? "",
    hint: text("hint"),
  });
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(BASE + path, { credentials: "same-origin", ...init });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiError({
      status: 0,
      code: "unreachable",
      title: "The headgate server does not answer",
      hint: "Is `headgate serve` still running?",
    });
  }
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}

/** GET. @throws ApiError */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return send<T>(path, { headers: { accept: "application/json" }, ...(signal ? { signal } : {}) });
}

/** POST with a JSON body; the browser adds the `Origin` the server asks writes for. @throws ApiError */
export function post<T>(path: string, body: object): Promise<T> {
  return send<T>(path, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}
