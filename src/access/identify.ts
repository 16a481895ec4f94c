/** Finds out who sends a request: by bearer token, ours or an identity provider's, session cookie, or the header of a proxy that is trusted. */
import { BlockList, isIP, isIPv6 } from "node:net";
import { HeadgateError } from "../errors.ts";
import { type Clock, utc } from "../util/clock.ts";
import type { Principal } from "./principal.ts";
import { SCOPES, type Scope } from "./scope.ts";
import type { Sessions } from "./session.ts";
import { hashSecret, sameHash } from "./token.ts";
import { findToken, presentedHash, type TokenStore } from "./tokens.ts";

/** A proxy before the server that signs people in and names them in a header (Databricks Apps, oauth2-proxy). */
export interface ProxyHeader {
  /** Name of the header that holds who it is: `X-Forwarded-Email`. */
  header: string;
  /** Addresses of the proxy, single or as networks: `10.0.0.7`, `10.1.0.0/16`. From others the header counts for nothing. */
  trusted: string[];
  /** What those people may do; read and write when absent. */
  scopes?: readonly Scope[] | undefined;
}

/** What a request brought along. */
export interface Credentials {
  /** Value of the `Authorization` header. */
  authorization: string | undefined;
  /** Session id of the cookie. */
  session: string | undefined;
  /** Address of the peer, IPv4 in its own form. */
  address: string;
  header(name: string): string | undefined;
}

/** Who it is, or why the credentials were refused; undefined where there were none. */
export type Identity = { principal: Principal } | { refused: "token_invalid" } | undefined;

/** Everything {@link createIdentify} needs. */
export interface IdentifyOptions {
  tokens: TokenStore;
  sessions: Sessions;
  clock: Clock;
  /** The token of the running server itself; it is in no store. */
  own: { token: string; actor: string };
  proxy?: ProxyHeader | undefined;
  /** Whose a token of the identity provider is; absent where none is trusted. */
  oidc?: ((token: string) => Promise<Principal | undefined>) | undefined;
}

/** Last use of a token is written at most so often. */
const TOUCH_MS = 60_000;

/**
 * Addresses and networks (`10.0.0.7`, `10.1.0.0/16`, `fd00::/8`) as something to ask.
 * @throws HeadgateError `config_invalid` naming the text that is neither
 */
export function trustedAddresses(texts: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const text of texts) {
    // Digits are asked for: a forgotten prefix (`10.0.0.0/`) would read as 0, which is everybody.
    const [, address = "", prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
    const bits = prefix === undefined ? undefined : Number(prefix);
    if (isIP(address) === 0 || (bits !== undefined && bits > (isIPv6(address) ? 128 : 32))) {
      throw new HeadgateError("config_invalid", `Not an address or network: ${text}`, {
        hint: "Write 10.0.0.7 or 10.1.0.0/16 in server.auth.trusted.",
        permanent: true,
      });
    }
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, bits, family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** Makes the function that finds out who sends a request. A bearer token comes before a cookie, a cookie before the proxy. */
export function createIdentify(options: IdentifyOptions): (credentials: Credentials) => Promise<Identity> {
  const { tokens, sessions, clock, own, proxy, oidc } = options;
  const ownHash = hashSecret(own.token);
  const touched = new Map<string, number>();
  const isTrusted = trustedAddresses(proxy?.trusted ?? []);

  async function byToken(hash: string | undefined): Promise<Principal | undefined> {
    if (hash === undefined) return undefined;
    if (sameHash(hash, ownHash)) return { actor: own.actor, via: "token", scopes: SCOPES };
    const found = await findToken(tokens, clock, hash);
    if (found === undefined) return undefined;
    const now = clock.now();
    if (now - (touched.get(found.id) ?? Number.NEGATIVE_INFINITY) >= TOUCH_MS) {
      touched.set(found.id, now);
      await tokens.touchToken(found.id, utc(now));
    }
    return {
      actor: `token ${found.name}`,
      via: "token",
      scopes: found.scopes,
      expiresAt: found.expiresAt ?? undefined,
    };
  }

  return async (credentials) => {
    const { authorization, session } = credentials;
    if (authorization !== undefined) {
      const bearer = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
      const hash = bearer === undefined ? undefined : presentedHash(bearer);
      const foreign = hash === undefined && bearer !== undefined ? oidc?.(bearer) : undefined;
      const principal = await (foreign ?? byToken(hash));
      return principal === undefined ? { refused: "token_invalid" } : { principal };
    }
    if (session !== undefined) {
      const found = sessions.find(session);
      if (found !== undefined) {
        if (found.tokenHash === undefined) return { principal: found.principal };
        // A session made with a token ends when the token does, and may do no more than it.
        const token = await byToken(found.tokenHash);
        if (token !== undefined) return { principal: { ...found.principal, scopes: token.scopes } };
        sessions.end(session);
      }
    }
    if (proxy !== undefined && isTrusted(credentials.address)) {
      const name = credentials.header(proxy.header)?.trim();
      if (name !== undefined && name !== "" && name.length <= 320) {
        return { principal: { actor: name, via: "proxy", scopes: proxy.scopes ?? ["read", "write"] } };
      }
    }
    return undefined;
  };
}
