/** Bearer tokens of an identity provider (Entra ID and others): checks a JWT against the provider's published keys. */
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { HeadgateError } from "../errors.ts";
import { type Clock, utc } from "../util/clock.ts";
import type { Principal } from "./principal.ts";
import { SCOPES, type Scope, scopesOf } from "./scope.ts";

/** Whose tokens are taken, and for whom they must be meant. */
export interface Oidc {
  /** `iss` of the tokens, to the letter: `https://login.microsoftonline.com/TENANT/v2.0`. */
  issuer: string;
  /** `aud` of the tokens: the id of our app registration, or its URI. */
  audience: string;
  /** What a caller may do whose token names no scope of ours; nothing when absent. */
  scopes?: readonly Scope[] | undefined;
}

/** Signatures by a key pair only: a provider's public key must never be taken for a shared secret (RFC 8725 §3.1). */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
/** How far the provider's clock may be from ours, seconds. */
const CLOCK_TOLERANCE_S = 60;
const TIMEOUT_MS = 5_000;
/** Scopes may stand with this before them, so that they can be told from other roles of the same app. */
const PREFIX = /^headgate\./;

/** Faults of the token itself; all others are of the way to the provider. */
const FAULTY = [
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
];

function unreachable(issuer: string, cause: unknown): HeadgateError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HeadgateError("unavailable", `The keys of ${issuer} cannot be read: ${reason}`, {
    hint: "server.auth.issuer is the `issuer` of the provider's /.well-known/openid-configuration; this machine must reach it.",
    permanent: false,
    cause,
  });
}

/** Where a provider publishes its keys (OpenID Connect Discovery 1.0 §4). @throws HeadgateError `unavailable` */
async function keysOf(issuer: string): Promise<URL> {
  const place = `${issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`;
  try {
    const answer = await fetch(place, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "error" });
    if (!answer.ok) throw new Error(`${place} answers ${answer.status}`);
    const about = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (about.issuer !== issuer) throw new Error(`${place} is of the issuer ${String(about.issuer)}`);
    return new URL(String(about.jwks_uri));
  } catch (cause) {
    throw unreachable(issuer, cause);
  }
}

const wordsOf = (claim: unknown): string[] =>
  (Array.isArray(claim) ? claim : typeof claim === "string" ? claim.split(" ") : []).map(String);

/** The scopes of ours among a token's app roles (`roles`) and delegated scopes (`scp`, `scope`). */
function scopesIn({ roles, scp, scope }: JWTPayload): Scope[] {
  return scopesOf([roles, scp, scope].flatMap(wordsOf).map((word) => word.toLowerCase().replace(PREFIX, "")));
}

/**
 * Name and subject of a token: names change hands, a subject (in Entra ID the object id) does not. Programs have no
 * name in their tokens but the id of their app.
 */
function actorOf(claims: JWTPayload): string {
  const subject = String(claims.oid ?? claims.sub);
  const name = [claims.preferred_username, claims.upn, claims.email, claims.azp, claims.appid].find(
    (one) => typeof one === "string" && one !== "",
  );
  return (name === undefined || name === subject ? subject : `${String(name)} (${subject})`).slice(0, 320);
}

/**
 * Makes the function that says whose a token is: undefined for one that is not the provider's, not for us, or past its
 * end. The provider's keys are read upon the first token, and again when a token names a key that is not among them,
 * at most every 30 seconds.
 *
 * @throws HeadgateError `unavailable` (from the function) where the provider's keys cannot be read
 */
export function createOidc({ issuer, audience, scopes = [] }: Oidc, clock: Clock) {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const readKeys = (): Promise<JWTVerifyGetKey> => {
    keys ??= keysOf(issuer).then(
      (url) => createRemoteJWKSet(url, { timeoutDuration: TIMEOUT_MS }),
      (error: unknown) => {
        keys = undefined;
        throw error;
      },
    );
    return keys;
  };

  return async (token: string): Promise<Principal | undefined> => {
    if (token.split(".").length !== 3) return undefined;
    const found = await readKeys();
    try {
      const { payload } = await jwtVerify(token, found, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: new Date(clock.now()),
        requiredClaims: ["exp", "sub"],
      });
      const named = scopesIn(payload);
      return {
        actor: actorOf(payload),
        via: "oidc",
        scopes: named.length > 0 ? named : SCOPES.filter((scope) => scopes.includes(scope)),
        expiresAt: utc(Number(payload.exp) * 1_000),
      };
    } catch (error) {
      if (FAULTY.some((kind) => error instanceof kind)) return undefined;
      throw unreachable(issuer, error);
    }
  };
}
