/** Personal access token. */
import { rememberSecret } from "../../../util/redact.ts";
import type { Credentials } from "./credentials.ts";

/** Credentials of kind `pat`. The token is remembered for masking. */
export function patCredentials(token: string): Credentials {
  rememberSecret(token);
  return {
    kind: "pat",
    refusedHint:
      "The personal access token (auth kind pat) is wrong, expired or revoked, or belongs to another workspace: make a new one under Settings > Developer.",
    servicePrincipal: false,
    authorize: async () => ({ authorization: `Bearer ${token}` }),
    invalidate: () => false,
  };
}
