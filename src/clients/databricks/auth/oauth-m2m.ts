/** OAuth for machines: client id and secret of a Databricks service principal. */
import { HeadgateError } from "../../../errors.ts";
import type { Clock } from "../../../util/clock.ts";
import { isObject, type JsonObject } from "../../../util/json.ts";
import { rememberSecret } from "../../../util/redact.ts";
import { HttpFailure } from "../../http/failure.ts";
import type { HttpClient } from "../../http/http-client.ts";
import { openTokenCache, type Token } from "../../http/token-cache.ts";
import { type Credentials, REGISTER_PRINCIPAL } from "./credentials.ts";
import { findTokenEndpoint } from "./discovery.ts";

/** What {@link oauthM2mCredentials} needs. */
export interface OauthM2mOptions {
  /** `https://…` of the workspace. */
  host: string;
  clientId: string;
  clientSecret: string;
  http: HttpClient;
  clock: Clock;
}

/**
 * Credentials of kind `oauth-m2m`: client_credentials grant with HTTP Basic (Databricks docs, "OAuth for service
 * principals (M2M)"). The token lives for an hour and is renewed before its end.
 */
export function oauthM2mCredentials(options: OauthM2mOptions): Credentials {
  const { host, clientId, clientSecret, http, clock } = options;
  rememberSecret(clientSecret);
  const refusedHint = `The client id or secret (auth kind oauth-m2m) is wrong or expired, or the principal is unknown here: ${REGISTER_PRINCIPAL}.`;
  let endpoint: Promise<string> | undefined;

  async function fetchToken(): Promise<Token> {
    endpoint ??= findTokenEndpoint(http, host).catch((error: unknown) => {
      endpoint = undefined;
      throw error;
    });
    const basic = Buffer.from(`${encodeForm(clientId)}:${encodeForm(clientSecret)}`).toString("base64");
    rememberSecret(basic);
    const call = {
      method: "POST" as const,
      url: await endpoint,
      headers: { authorization: `Basic ${basic}` },
      form: { grant_type: "client_credentials", scope: "all-apis" },
      safe: true,
    };
    try {
      const { body } = await http.json(call);
      return tokenOf(body as JsonObject, clock.now());
    } catch (error) {
      // A wrong secret is answered 400 or 401 with the OAuth code invalid_client (RFC 6749 §5.2).
      if (!(error instanceof HttpFailure) || ![400, 401].includes(error.facts.status ?? 0)) throw error;
      throw new HttpFailure("unauthorized", error.facts, { hint: refusedHint, cause: error });
    }
  }

  const cache = openTokenCache(clock, fetchToken);
  return {
    kind: "oauth-m2m",
    refusedHint,
    servicePrincipal: true,
    authorize: async () => ({ authorization: `Bearer ${await cache.get()}` }),
    invalidate: (headers) => {
      cache.drop(headers.authorization?.slice("Bearer ".length) ?? "");
      return true;
    },
  };
}

/** Reads a token answer (RFC 6749 §5.1); without `expires_in` an hour is assumed. */
export function tokenOf(body: unknown, now: number): Token {
  if (!isObject(body) || typeof body.access_token !== "string") {
    throw new HeadgateError("remote_error", "the token endpoint answered without an access_token", {
      hint: "Check the host: it may not be a Databricks workspace.",
    });
  }
  const seconds = Number(body.expires_in ?? 3_600);
  return { value: body.access_token, expiresAt: now + (Number.isFinite(seconds) ? seconds : 3_600) * 1_000 };
}

/** RFC 6749 §2.3.1: id and secret are form-encoded before they go into Basic. */
function encodeForm(text: string): string {
  return encodeURIComponent(text).replace(/%20/g, "+");
}
