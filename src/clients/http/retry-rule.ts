/** Which failed calls are sent again. */
import type { RetryVerdict } from "../../util/retry.ts";
import { HttpFailure } from "./failure.ts";
import { isCertificateFault, neverSent } from "./network-fault.ts";

/** Repeats of faults that rarely pass (refused connections, 500): more would only keep the user waiting. */
const FEW = 3;

/**
 * The verdict on a failure. 429, and 503 with `Retry-After`, are refusals without effect and repeated for every call;
 * 500, 502, 503, 504, resets and timeouts only for calls that declare a repeat harmless (Databricks REST API reference,
 * "Rate limits"; the official SDKs do the same).
 */
export function judgeFailure(error: unknown, safe: boolean, attempt: number): RetryVerdict {
  if (!(error instanceof HttpFailure) || error.code !== "unavailable") return { again: false };
  const { status, retryAfter: after, network } = error.facts;
  if (status === 429 || (status === 503 && after !== undefined)) return { again: true, after };
  if (network !== undefined) {
    if (network === "ENOTFOUND" || isCertificateFault(network)) return { again: false };
    return { again: (safe || neverSent(network)) && attempt <= FEW };
  }
  if (!safe) return { again: false };
  return { again: status !== 500 || attempt <= FEW, after };
}
