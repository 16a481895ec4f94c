/** Who sends a request, as far as the server could find out. */
import type { Scope } from "./scope.ts";

/** The sender of a request. */
export interface Principal {
  /** Name for audit rows and the page: `anna`, `token ci`, `anna@example.com`; `anonymous` where nobody is known. */
  actor: string;
  /** How it is known. `none`: no credentials, reading from this machine only. */
  via: "none" | "token" | "oidc" | "session" | "proxy";
  scopes: readonly Scope[];
  /** Value that a write with a cookie may prove itself by; only of sessions. */
  csrf?: string | undefined;
  /** UTC text, where it ends by itself. */
  expiresAt?: string | undefined;
}
