/** One call to a server: address, token, time limit, and what a refusal says. */

/** Options of `connect`. */
export interface ConnectOptions {
  /** `http://127.0.0.1:4600`; default: `HEADGATE_URL`. */
  url?: string | undefined;
  /** Needed for writes, and for reads from another machine; default: `HEADGATE_TOKEN`. */
  token?: string | undefined;
  /** Time limit of one call about jobs in milliseconds; default 30 s. A plan of a large fleet may take minutes. */
  timeoutMs?: number | undefined;
  fetch?: typeof fetch | undefined;
}

/** A server that refused, or that did not answer (`status` 0). */
export class HeadgateServerError extends Error {
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** Stable code of the problem document (`apply_off`, `not_found`, `already_running`, …). */
  readonly code: string;
  readonly hint: string | undefined;
  /** Facts for machines: who holds a task that runs already (`holder`), … */
  readonly data: Record<string, unknown> | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { hint?: string | undefined; data?: Record<string, unknown> | undefined; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "HeadgateServerError";
    this.status = status;
    this.code = code;
    this.hint = more.hint;
    this.data = more.data;
  }
}

/** What goes with a call. */
export interface CallOptions {
  /** Sent as JSON. */
  body?: unknown;
  /** A repeat with the same key is answered as the first was. */
  idempotencyKey?: string | undefined;
  timeoutMs?: number | undefined;
}

/** Sends one call. @throws HeadgateServerError */
export type Call = <T>(method: "GET" | "POST", path: string, options?: CallOptions) => Promise<T>;

interface ProblemDocument {
  title?: string;
  detail?: string;
  code?: string;
  hint?: string | null;
  data?: Record<string, unknown>;
}

/** What is given, as a query; lists are joined by commas. */
export function queryOf(filter: object): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) {
    if (value !== undefined) query.set(key, Array.isArray(value) ? value.join(",") : String(value));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

async function refusal(answer: Response, what: string): Promise<HeadgateServerError> {
  const text = await answer.text();
  let problem: ProblemDocument = {};
  try {
    problem = JSON.parse(text) as ProblemDocument;
  } catch {
    // A proxy in between answers in its own words: the status says what there is to say.
    problem = { title: text.split("\n")[0]?.slice(0, 200) ?? "" };
  }
  const said = problem.detail ?? problem.title ?? "";
  return new HeadgateServerError(
    answer.status,
    problem.code ?? `http_${answer.status}`,
    `${what}: ${answer.status} ${said}`.trim(),
    { hint: problem.hint ?? undefined, data: problem.data },
  );
}

/** Makes the function that calls a server. An address that is missing is told by the call, not before. */
export function createCall(options: ConnectOptions): Call {
  const url = (options.url ?? process.env.HEADGATE_URL)?.replace(/\/+$/, "");
  const token = options.token ?? process.env.HEADGATE_TOKEN;
  const { timeoutMs: usual = 30_000, fetch: send = fetch } = options;

  return async <T>(
    method: "GET" | "POST",
    path: string,
    { body, idempotencyKey, timeoutMs = usual }: CallOptions = {},
  ) => {
    const what = `${method} ${path.split("?")[0]}`;
    if (!url) {
      throw new HeadgateServerError(0, "no_url", "nothing says where the server is", {
        hint: "set HEADGATE_URL, or give connect({ url })",
      });
    }
    const headers: Record<string, string> = { accept: "application/json" };
    if (token) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    if (idempotencyKey !== undefined) headers["idempotency-key"] = idempotencyKey;
    try {
      const answer = await send(`${url}/api/v1${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw await refusal(answer, what);
      return (await answer.json()) as T;
    } catch (cause) {
      if (cause instanceof HeadgateServerError) throw cause;
      throw new HeadgateServerError(0, "no_answer", `${what}: no answer from ${url}`, {
        hint: "see that headgate serve runs there",
        cause,
      });
    }
  };
}
