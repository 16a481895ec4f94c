/** What every kind of credentials can do. One file a kind, beside this one. */

/** Proves who we are to a workspace. */
export interface Credentials {
  /** As in the config: `pat`, `oauth-m2m`, … */
  readonly kind: string;
  /** One line for a user whose call was answered with 401: what to look at. */
  readonly refusedHint: string;
  /** True for a service principal, which must be registered in the workspace before any call is answered. */
  readonly servicePrincipal: boolean;
  /** Headers to send. Makes or renews a token where one is needed; concurrent callers share one flight. */
  authorize(): Promise<Record<string, string>>;
  /**
   * Forgets the token in these headers after a 401.
   * @returns true when {@link authorize} can give a fresh one, so that the call is worth repeating
   */
  invalidate(headers: Record<string, string>): boolean;
}

/** What to do about a service principal that a workspace does not know (Databricks SCIM API, ServicePrincipals). */
export const REGISTER_PRINCIPAL =
  "a service principal must be registered in this workspace by an admin: POST /api/2.0/preview/scim/v2/ServicePrincipals with its applicationId";
