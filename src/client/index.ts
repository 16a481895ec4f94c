/**
 * `headgate/client`: a headgate server from inside other people's programs, over HTTP. No dependencies at all.
 *
 * @example
 * import { connect } from "headgate/client"
 * const headgate = connect()                       // HEADGATE_URL, HEADGATE_TOKEN
 * const plan = await headgate.plan({ select: ["nightly_sales"] })
 * if (plan.summary.update > 0) await headgate.waitFor(await headgate.apply(plan.id))
 */
import type { Plan } from "../model/plan.ts";
import type { ApplyView, FleetView, HistoryItem, JobView, StatusView } from "../model/view.ts";

/** Options of {@link connect}. */
export interface ConnectOptions {
  /** `http://127.0.0.1:4600`; default: `HEADGATE_URL`. */
  url?: string | undefined;
  /** Needed for writes, and for reads from another machine; default: `HEADGATE_TOKEN`. */
  token?: string | undefined;
  /** Time limit of one call in milliseconds; default 30 s. A plan of a large fleet may take minutes. */
  timeoutMs?: number | undefined;
  fetch?: typeof fetch | undefined;
}

/** A server that refused, or that did not answer (`status` 0). */
export class HeadgateServerError extends Error {
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** Stable code of the problem document (`apply_off`, `not_found`, `plan_stale`, …). */
  readonly code: string;
  readonly hint: string | undefined;

  constructor(status: number, code: string, message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "HeadgateServerError";
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

/** What `jobs` may be narrowed to; lists are joined by "or". */
export interface JobFilter {
  q?: string;
  verdict?: string[];
  difference?: string[];
  tag?: string[];
  source?: string[];
  limit?: number;
  cursor?: string;
}

/** What `apply` may be told. */
export interface ApplyWish {
  allowDelete?: number;
  firstDeploy?: boolean;
  allowBehind?: boolean;
  resolutions?: Record<string, "leave" | Record<string, "ours" | "theirs">>;
}

/** A connected server. Every call throws {@link HeadgateServerError}. */
export interface HeadgateServer {
  status(): Promise<StatusView>;
  jobs(filter?: JobFilter): Promise<FleetView>;
  job(resource: string): Promise<JobView>;
  history(resource: string): Promise<HistoryItem[]>;
  /** Makes a plan on the server. */
  plan(options?: { select?: string[] }): Promise<Plan & { id: string }>;
  /** A plan that was made before. */
  savedPlan(id: string): Promise<Plan & { id: string }>;
  /** Starts an apply; only where the server allows it. @returns its id */
  apply(planId: string, wish?: ApplyWish): Promise<string>;
  applied(id: string): Promise<ApplyView>;
  /** Asks once a second until an apply has ended, however it ended. */
  waitFor(applyId: string): Promise<ApplyView>;
}

const POLL_MS = 1_000;

interface ProblemDocument {
  title?: string;
  detail?: string;
  code?: string;
  hint?: string | null;
}

function queryOf(filter: JobFilter): string {
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
    problem.hint ?? undefined,
  );
}

/**
 * Connects to a server; nothing is sent before the first call.
 * @throws HeadgateServerError `no_url` when neither `url` nor `HEADGATE_URL` says where it is
 */
export function connect(options: ConnectOptions = {}): HeadgateServer {
  const url = (options.url ?? process.env.HEADGATE_URL)?.replace(/\/+$/, "");
  const token = options.token ?? process.env.HEADGATE_TOKEN;
  if (!url)
    throw new HeadgateServerError(
      0,
      "no_url",
      "nothing says where the server is",
      "set HEADGATE_URL, or give connect({ url })",
    );
  const { timeoutMs = 30_000, fetch: send = fetch } = options;

  async function call<T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
    const what = `${method} ${path}`;
    const headers: Record<string, string> = { accept: "application/json" };
    if (token) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    let answer: Response;
    try {
      answer = await send(`${url}/api/v1${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new HeadgateServerError(
        0,
        "no_answer",
        `${what}: no answer from ${url}`,
        "see that headgate serve runs there",
        cause,
      );
    }
    if (!answer.ok) throw await refusal(answer, what);
    return (await answer.json()) as T;
  }
  const part = encodeURIComponent;
  const applied = (id: string) => call<ApplyView>("GET", `/applies/${part(id)}`);
  return {
    status: () => call("GET", "/status"),
    jobs: (filter = {}) => call("GET", `/jobs${queryOf(filter)}`),
    job: (resource) => call("GET", `/jobs/${part(resource)}`),
    history: async (resource) => (await call<{ items: HistoryItem[] }>("GET", `/jobs/${part(resource)}/history`)).items,
    plan: (wish = {}) => call("POST", "/plans", wish),
    savedPlan: (id) => call("GET", `/plans/${part(id)}`),
    apply: async (planId, wish = {}) => (await call<{ id: string }>("POST", `/plans/${part(planId)}/apply`, wish)).id,
    applied,
    async waitFor(applyId) {
      for (;;) {
        const apply = await applied(applyId);
        if (apply.state !== "running") return apply;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
  };
}
