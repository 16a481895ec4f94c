/** The one HTTP client: a gate, time limits, retries where they are safe, typed failures, the service's clock. */
import type { Clock } from "../../util/clock.ts";
import { parseJson } from "../../util/int64-json.ts";
import type { Json } from "../../util/json.ts";
import { retry } from "../../util/retry.ts";
import { attemptCall } from "./attempt.ts";
import type { HttpAnswer, HttpCall } from "./call.ts";
import { skewOf } from "./clock-skew.ts";
import { firstLine, HttpFailure } from "./failure.ts";
import { type GateOptions, openGate } from "./gate.ts";
import { linkSignals } from "./linked-signal.ts";
import { judgeFailure } from "./retry-rule.ts";

/** Settings of {@link createHttpClient}. */
export interface HttpClientOptions extends GateOptions {
  clock: Clock;
  /** `headgate/<version>`. */
  userAgent: string;
  fetch?: typeof fetch | undefined;
  /** Aborts every call. */
  signal?: AbortSignal | undefined;
  /** Time limit of one attempt in milliseconds, where the call names none (default 60 s). */
  timeoutMs?: number | undefined;
  /** Give up when retries would take longer than this, in milliseconds (default 5 minutes, as the official SDKs). */
  retryTotalMs?: number | undefined;
  /** First back-off in milliseconds (default 1 s). */
  retryBaseMs?: number | undefined;
  /** Told before each wait, for the talk on stderr. */
  onRetry?: ((failure: HttpFailure, waitMs: number) => void) | undefined;
}

/** The client. */
export interface HttpClient {
  /** @throws HttpFailure when the call failed for good; `facts.sent` when its effect may have happened nevertheless */
  send(call: HttpCall): Promise<HttpAnswer>;
  /** As {@link HttpClient.send}, with the answer read as JSON (an empty answer is `{}`). */
  json(call: HttpCall): Promise<{ body: Json; headers: Headers }>;
  /** Service time minus machine time in milliseconds by the last answer (0 before the first). */
  clockSkew(): number;
}

/**
 * Makes a client. All calls pass one gate; each attempt has its own time limit; 429 and 503 with `Retry-After` are
 * repeated for every call, lost answers only for calls that declare themselves safe.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock } = options;
  const gate = openGate(options);
  let skew = 0;

  function attempt(call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> {
    return gate(() => {
      const sentAt = clock.now();
      return attemptCall(call, {
        fetch: options.fetch ?? fetch,
        userAgent: options.userAgent,
        timeoutMs: call.timeoutMs ?? options.timeoutMs ?? 60_000,
        signal,
        now: clock.now,
        onAnswer: (headers) => {
          skew = skewOf(headers.get("date"), sentAt, clock.now()) ?? skew;
        },
      });
    }, signal);
  }

  async function send(call: HttpCall): Promise<HttpAnswer> {
    const { controller, unlink } = linkSignals([options.signal, call.signal]);
    const waiting = linkSignals([controller.signal, call.patience]);
    try {
      waiting.controller.signal.throwIfAborted();
      return await retry(() => attempt(call, controller.signal), {
        clock,
        judge: (error, number) => judgeFailure(error, call.safe, number),
        ...(options.retryTotalMs === undefined ? {} : { totalMs: options.retryTotalMs }),
        ...(options.retryBaseMs === undefined ? {} : { baseMs: options.retryBaseMs }),
        signal: waiting.controller.signal,
        onRetry: (error, waitMs) => {
          if (error instanceof HttpFailure) options.onRetry?.(error, waitMs);
        },
      });
    } catch (error) {
      if (error instanceof HttpFailure || !waiting.controller.signal.aborted) throw error;
      // Aborted while it waited for its turn or for a repeat: nothing is under way.
      throw new HttpFailure("interrupted", { ...namesOf(call), network: "interrupted" }, { cause: error });
    } finally {
      waiting.unlink();
      unlink();
    }
  }

  async function json(call: HttpCall): Promise<{ body: Json; headers: Headers }> {
    const { text, headers, status } = await send(call);
    try {
      return { body: text.trim() === "" ? {} : parseJson(text), headers };
    } catch (error) {
      const facts = { ...namesOf(call), status, serviceMessage: `no JSON: ${firstLine(text)?.slice(0, 80)}` };
      throw new HttpFailure(
        call.safe ? "remote_error" : "unavailable",
        { ...facts, sent: !call.safe },
        { cause: error },
      );
    }
  }
  return { send, json, clockSkew: () => skew };
}

function namesOf(call: HttpCall): { call: string; host: string } {
  const url = new URL(call.url);
  return { call: `${call.method} ${url.pathname}`, host: url.host };
}
