/** Decides whether a request may do what its route does: by its principal, or because it only reads on this machine. */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { Identity } from "../access/identify.ts";
import type { Principal } from "../access/principal.ts";
import { allows, type Scope } from "../access/scope.ts";
import { sameHash } from "../access/token.ts";
import type { RouteScope } from "./api.ts";
import { isOwnOrigin, isWrite } from "./guards.ts";
import { Refusal } from "./problem.ts";

/** Address of the peer; IPv4 in its own form. */
export function peerAddress(incoming: IncomingMessage): string {
  const address = incoming.socket.remoteAddress ?? "";
  return address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

/** True for addresses by which a machine reaches itself. */
export function isLoopback(address: string): boolean {
  return address === "::1" || (isIP(address) === 4 && address.startsWith("127."));
}

const FORWARDED = ["forwarded", "x-forwarded-for", "x-real-ip"];

/** True where the request came straight from a program on this machine, not through a proxy that serves others. */
export function isLocalCaller(request: Request, address: string): boolean {
  return isLoopback(address) && !FORWARDED.some((name) => request.headers.has(name));
}

/** What {@link authorize} looks at. */
export interface AuthorizeInput {
  request: Request;
  scope: RouteScope;
  identity: Identity;
  /** Reads need no credentials: the server listens on loopback only, and the caller is local. */
  openReads: boolean;
  /** Host names that are ours. */
  hosts: ReadonlySet<string>;
}

/** What a request carries without its sender's doing. */
const ADDED_BY_BROWSER: readonly Principal["via"][] = ["session", "proxy"];

/**
 * The principal of a request that may go on.
 * @throws Refusal `token_missing`, `token_invalid`, `scope_missing`, `csrf_failed`
 */
export function authorize(input: AuthorizeInput): Principal {
  const { request, scope, identity, openReads } = input;
  if (identity !== undefined && "refused" in identity) {
    throw new Refusal("token_invalid", "The bearer token was not accepted.", {
      hint: "`headgate token list` shows what is valid; a server that was restarted has a new token file.",
    });
  }
  if (identity === undefined) {
    if (scope === "public" || (scope === "read" && openReads)) {
      return { actor: "anonymous", via: "none", scopes: openReads ? ["read"] : [] };
    }
    throw new Refusal("token_missing", isWrite(request.method) ? "Every write needs a token." : "A token is needed.", {
      hint: "Open the login link that `headgate serve` prints, or send Authorization: Bearer with a token.",
    });
  }
  const { principal } = identity;
  if (isWrite(request.method) && ADDED_BY_BROWSER.includes(principal.via))
    checkOwnPage(request, principal, input.hosts);
  if (scope !== "public" && !allows(principal.scopes, scope)) throw scopeMissing(principal, scope);
  return principal;
}

/**
 * What the browser adds by itself (a cookie, the proxy's sign-in) proves who, not what sent it: a write also needs the
 * `Origin` of our own page, which browsers always send on writes, or the session's CSRF value.
 */
function checkOwnPage(request: Request, principal: Principal, hosts: ReadonlySet<string>): void {
  const origin = request.headers.get("origin");
  if (origin !== null && isOwnOrigin(origin, request.headers.get("host") ?? "", hosts)) return;
  const csrf = request.headers.get("x-headgate-csrf");
  if (csrf !== null && principal.csrf !== undefined && sameHash(csrf, principal.csrf)) return;
  throw new Refusal("csrf_failed", "A write with a cookie must come from this page.", {
    hint: "Send the csrf value of GET /api/v1/session as X-Headgate-CSRF, or use a bearer token.",
  });
}

function scopeMissing(principal: Principal, scope: Scope): Refusal {
  return new Refusal("scope_missing", `${principal.actor} has not the scope ${scope}.`, {
    hint:
      principal.via === "oidc"
        ? `Give the caller the app role \`${scope}\` of the app that server.auth.audience names, or say in server.auth.scopes what callers without a role may do.`
        : `headgate token create NAME --scope ${scope} makes a token that has it.`,
    data: { needed: scope, held: [...principal.scopes] },
  });
}
