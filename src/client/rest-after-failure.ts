/** Leaves a server alone after it failed to answer: a hanging one costs one time limit, not one a call. */
import { type Call, HeadgateServerError } from "./http.ts";

/** How long a server is left alone, milliseconds. */
const REST_MS = 30_000;

/**
 * Whether the same request may succeed later. A refused token is one that somebody will put right; what the state or
 * the schema refuses stays refused.
 */
export function isRetryable({ status }: HeadgateServerError): boolean {
  return status === 0 || status === 401 || status === 403 || status === 408 || status === 429 || status >= 500;
}

/** The call, which fails at once with the last failure for some time after one. */
export function restAfterFailure(call: Call, restMs = REST_MS): Call {
  let failure: HeadgateServerError | undefined;
  let until = 0;
  return async (method, path, options) => {
    if (failure !== undefined && Date.now() < until) throw failure;
    try {
      const answer = await call<never>(method, path, options);
      failure = undefined;
      return answer;
    } catch (error) {
      if (error instanceof HeadgateServerError && isRetryable(error)) {
        failure = error;
        until = Date.now() + restMs;
      }
      throw error;
    }
  };
}
