/** Keeps a short-lived token: made on demand, renewed before it ends, one flight for all who wait. */
import type { Clock } from "../../util/clock.ts";
import { rememberSecret } from "../../util/redact.ts";

/** A token with its end. */
export interface Token {
  value: string;
  /** Milliseconds since 1970 UTC on the machine's clock. */
  expiresAt: number;
}

/** See {@link openTokenCache}. */
export interface TokenCache {
  get(): Promise<string>;
  /** Forgets the token if it is still this one (a fresher one stays). */
  drop(value: string): void;
}

/** Longest time before its end at which a token is renewed; for short tokens a fifth of their life. */
const EARLY = 300_000;

/**
 * Wraps the fetching of a token. A token is renewed up to 5 minutes before its end, so that no call starts with one that
 * ends on the way.
 */
export function openTokenCache(clock: Clock, fetchToken: () => Promise<Token>): TokenCache {
  let token: (Token & { renewAt: number }) | undefined;
  let flight: Promise<string> | undefined;

  async function renew(): Promise<string> {
    const fresh = await fetchToken();
    rememberSecret(fresh.value);
    const life = fresh.expiresAt - clock.now();
    token = { ...fresh, renewAt: fresh.expiresAt - Math.min(EARLY, life / 5) };
    return fresh.value;
  }

  return {
    get: async () => {
      if (token !== undefined && clock.now() < token.renewAt) return token.value;
      flight ??= renew().finally(() => {
        flight = undefined;
      });
      return flight;
    },
    drop: (value) => {
      if (token?.value === value) token = undefined;
    },
  };
}
