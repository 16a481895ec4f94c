/** A token bucket for each principal, in real time. */
import { ApiError } from "../api-error.ts";

export type RateLimiter = (principal: string) => void;

/** @returns a function that throws ApiError 429 with `Retry-After` when the principal's bucket is empty */
export function makeRateLimiter(limit: { perSecond: number; burst: number } | undefined): RateLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (principal) => {
    if (!limit) return;
    const now = performance.now();
    const bucket = buckets.get(principal) ?? { tokens: limit.burst, at: now };
    bucket.tokens = Math.min(limit.burst, bucket.tokens + ((now - bucket.at) / 1000) * limit.perSecond);
    bucket.at = now;
    buckets.set(principal, bucket);
    if (bucket.tokens < 1) {
      const seconds = Math.max(1, Math.ceil((1 - bucket.tokens) / limit.perSecond));
      throw new ApiError(429, "REQUEST_LIMIT_EXCEEDED", "Current request has exceeded its limit. Retry later.", {
        "retry-after": String(seconds),
      });
    }
    bucket.tokens -= 1;
  };
}
