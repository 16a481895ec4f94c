/** Who may call: principals, their tokens, and which principal a request speaks for. */
import { ApiError } from "../api-error.ts";
import { hexOf } from "../ids.ts";
import type { PrincipalOptions } from "../options.ts";

export interface Principal {
  /** Decimal SCIM id. */
  id: string;
  userName: string;
  kind: "user" | "service_principal";
  displayName: string;
  admin: boolean;
  /** Always with `users`, and with `admins` for an admin. */
  groups: string[];
  secrets: string[];
}

interface Token {
  userName: string;
  /** Real time in ms since 1970; undefined = never. */
  expiresAt: number | undefined;
}

export interface Directory {
  add(options: PrincipalOptions): Principal;
  find(userName: string): Principal | undefined;
  all(): Principal[];
  /** Makes a token known. @param lifetimeSeconds real seconds; undefined = it never expires */
  addToken(token: string, userName: string, lifetimeSeconds?: number): void;
  /** Makes tokens unknown: one, all of a principal, or all OAuth tokens. @returns how many */
  dropTokens(which: { token?: string; userName?: string }): number;
  /** @throws ApiError 401 (or what `invalidStatus` says) */
  authenticate(authorization: string | undefined, requestId: string): Principal;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function makeDirectory(invalidStatus: 401 | 403): Directory {
  const principals = new Map<string, Principal>();
  const tokens = new Map<string, Token>();

  const directory: Directory = {
    add(options) {
      const kind = options.kind ?? (UUID.test(options.userName) ? "service_principal" : "user");
      const groups = new Set(["users", ...(options.admin ? ["admins"] : []), ...(options.groups ?? [])]);
      const principal: Principal = {
        id: (BigInt(`0x${hexOf(options.userName)}`) >> 2n).toString(),
        userName: options.userName,
        kind,
        displayName: options.displayName ?? options.userName.replace(/@.*/, ""),
        admin: options.admin ?? groups.has("admins"),
        groups: [...groups],
        secrets: options.secrets ?? [],
      };
      principals.set(principal.userName.toLowerCase(), principal);
      for (const token of options.tokens ?? []) directory.addToken(token, principal.userName);
      return principal;
    },
    find: (userName) => principals.get(userName.toLowerCase()),
    all: () => [...principals.values()],
    addToken(token, userName, lifetimeSeconds) {
      tokens.set(token, {
        userName,
        expiresAt: lifetimeSeconds === undefined ? undefined : Date.now() + lifetimeSeconds * 1000,
      });
    },
    dropTokens({ token, userName }) {
      const before = tokens.size;
      for (const [text, entry] of tokens) {
        const chosen = token !== undefined || userName !== undefined;
        if (chosen ? text === token || entry.userName === userName : entry.expiresAt !== undefined) tokens.delete(text);
      }
      return before - tokens.size;
    },
    authenticate(authorization, requestId) {
      const text = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
      if (text === undefined) {
        const message = "Credential was not sent or was of an unsupported type for this API.";
        throw new ApiError(401, "UNAUTHENTICATED", `${message} [ReqId: ${requestId}]`);
      }
      const entry = tokens.get(text);
      if (entry?.expiresAt !== undefined && entry.expiresAt <= Date.now()) {
        throw new ApiError(401, "UNAUTHENTICATED", `Access token has expired. [ReqId: ${requestId}]`);
      }
      const principal = entry && directory.find(entry.userName);
      if (!principal) {
        const code = invalidStatus === 401 ? "UNAUTHENTICATED" : "PERMISSION_DENIED";
        throw new ApiError(invalidStatus, code, `Invalid access token. [ReqId: ${requestId}]`);
      }
      return principal;
    },
  };
  return directory;
}
