/** One attempt of a call: fetch within its time limit, and whatever goes wrong as a typed failure. */
import { formatWireJson } from "../../util/int64-json.ts";
import type { HttpAnswer, HttpCall } from "./call.ts";
import { codeOfStatus, type FailureFacts, HttpFailure, readErrorBody } from "./failure.ts";
import { linkSignals } from "./linked-signal.ts";
import { isCertificateFault, networkCodeOf, neverSent } from "./network-fault.ts";
import { parseRetryAfter } from "./retry-after.ts";

/** What an attempt needs beside the call. */
export interface AttemptOptions {
  fetch: typeof fetch;
  userAgent: string;
  timeoutMs: number;
  signal: AbortSignal;
  now: () => number;
  /** Told the answer's headers, good or bad. */
  onAnswer: (headers: Headers) => void;
}

/**
 * Sends a call once.
 * @throws HttpFailure for everything but a whole 2xx answer
 */
export async function attemptCall(call: HttpCall, options: AttemptOptions): Promise<HttpAnswer> {
  const url = new URL(call.url);
  for (const [key, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) url.searchParams.set(key, String(value));
  }
  const facts: FailureFacts = { call: `${call.method} ${url.pathname}`, host: url.host };
  const { controller, unlink } = linkSignals([options.signal]);
  const timeout = new Error("timeout");
  const timer = setTimeout(() => controller.abort(timeout), options.timeoutMs);
  try {
    const response = await options.fetch(url, {
      method: call.method,
      headers: { "user-agent": options.userAgent, accept: "application/json", ...bodyType(call), ...call.headers },
      body: bodyOf(call),
      signal: controller.signal,
      redirect: "manual",
    });
    options.onAnswer(response.headers);
    const text = await response.text();
    if (response.ok) return { status: response.status, headers: response.headers, text };
    throw failureOfAnswer(call, facts, response, text, options.now());
  } catch (error) {
    if (error instanceof HttpFailure) throw error;
    if (options.signal.aborted) {
      throw new HttpFailure("interrupted", { ...facts, network: "interrupted", sent: !call.safe }, { cause: error });
    }
    const network = controller.signal.aborted
      ? `timeout after ${options.timeoutMs / 1_000} s`
      : (networkCodeOf(error) ?? "connection lost");
    const sent = !call.safe && !neverSent(network);
    throw new HttpFailure(
      "unavailable",
      { ...facts, network, sent },
      { cause: error, hint: networkHint(network, facts) },
    );
  } finally {
    clearTimeout(timer);
    unlink();
  }
}

function bodyType(call: HttpCall): Record<string, string> {
  if (call.json !== undefined) return { "content-type": "application/json" };
  return call.bytes === undefined ? {} : { "content-type": "application/octet-stream" };
}

function bodyOf(call: HttpCall): string | URLSearchParams | Uint8Array<ArrayBuffer> | null {
  if (call.json !== undefined) return formatWireJson(call.json);
  if (call.form !== undefined) return new URLSearchParams(call.form);
  return call.bytes ?? null;
}

function failureOfAnswer(call: HttpCall, facts: FailureFacts, response: Response, text: string, now: number) {
  const { status, headers } = response;
  const retryAfter = parseRetryAfter(headers.get("retry-after"), headers.get("date"), now);
  const requestId = headers.get("x-request-id") ?? headers.get("x-databricks-request-id") ?? undefined;
  const location = headers.get("location");
  const redirected = status >= 300 && status < 400 && location !== null;
  const { errorCode, message } = readErrorBody(text);
  // A refusal to take the call (429, or 503 with a time to come back) had no effect; any other 5xx may hide one, and
  // so may a gateway's 408.
  const refused = (status < 500 && status !== 408) || (status === 503 && retryAfter !== undefined);
  return new HttpFailure(
    codeOfStatus(status),
    {
      ...facts,
      status,
      errorCode,
      requestId,
      retryAfter,
      serviceMessage: redirected ? `redirected to ${location.split("?")[0]}` : (message ?? response.statusText),
      sent: !call.safe && !refused,
    },
    { hint: redirected ? `Check the host: ${facts.host} does not answer this API itself.` : undefined },
  );
}

function networkHint(network: string, facts: FailureFacts): string {
  if (network === "ENOTFOUND") return `The name ${facts.host} cannot be resolved: check the host in headgate.yaml.`;
  if (isCertificateFault(network)) {
    return "The server's certificate is not trusted here: set NODE_EXTRA_CA_CERTS to your company's CA file.";
  }
  return `Check that ${facts.host} can be reached from this machine, then run again.`;
}
